//! Exactly once: deliveries come twice, side by side, at every server, which is killed in the middle.

use std::collections::BTreeSet;
use std::time::Duration;

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::sources::CREATE;
use crate::support::app::SECRET_KEY;
use crate::support::fleet::Fleet;
use crate::support::server::{Server, http};

const SETTINGS: &[(&str, &str)] = &[("RAPPORT_SECRET_KEY", SECRET_KEY)];

/// Whether the batch was acknowledged.
async fn deliver(address: &str, key: &str, events: &Value) -> bool {
    let body = json!({ "writeKey": key, "batch": events }).to_string();
    let sent = http().post(format!("{address}/v1/batch")).body(body).send().await;
    match sent {
        Ok(answer) => {
            let status = answer.status().as_u16();
            assert!([200, 503].contains(&status), "{status}");
            status == 200
        }
        Err(_) => false,
    }
}

fn events(batch: usize) -> Value {
    let event = |n: usize| {
        json!({
            "type": "track", "event": "x", "messageId": format!("{batch}-{n}"),
            "userId": format!("u{}", n % 7), "anonymousId": format!("a{}", n % 7),
        })
    };
    (0..20).map(event).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_whatever_was_killed() {
    let mut fleet = Fleet::start_with(SETTINGS).await;
    let admin = fleet.client(0, Role::Admin, "acme");
    let input = json!({ "kind": "SEGMENT", "name": "web" });
    let made = admin.gql(CREATE, json!({ "input": input })).await;
    let key = made["createSource"]["source"]["writeKey"].as_str().expect("a key").to_owned();
    let mut acknowledged = BTreeSet::new();
    for round in 0..4 {
        let addresses: Vec<String> =
            fleet.servers.iter().map(|server| server.address.clone()).collect();
        let sends = (0..16).map(|n| {
            let batch = round * 8 + n / 2;
            let address = addresses[n % addresses.len()].clone();
            let key = key.clone();
            async move { deliver(&address, &key, &events(batch)).await.then_some(batch) }
        });
        let sends = futures_util::future::join_all(sends);
        let kill = async {
            // Somewhere in the middle: the earlier, the fewer were acknowledged.
            tokio::time::sleep(Duration::from_millis(20 + 25 * round as u64)).await;
            fleet.servers[0].kill();
        };
        let (done, ()) = tokio::join!(sends, kill);
        acknowledged.extend(done.into_iter().flatten());
        fleet.servers[0] =
            Server::start_with(&fleet.store.url, fleet.redis.as_deref(), SETTINGS).await;
    }
    // The provider sends again what it was not told of.
    let address = fleet.servers[0].address.clone();
    for batch in 0..32 {
        assert!(deliver(&address, &key, &events(batch)).await, "batch {batch}");
    }
    let rapport = fleet.domain().await;
    let mut sql = rapport.store.sql();
    sql.push("SELECT COUNT(*), COUNT(DISTINCT source_id) FROM engagement WHERE source = 'web'");
    let row = rapport.store.one(sql).await.expect("reads").expect("a row");
    let count = |n| rapport::store::row::get::<i64>(&row, n).expect("a number");
    assert_eq!((count(0), count(1)), (640, 640));
    let mut sql = rapport.store.sql();
    sql.push("SELECT COUNT(*) FROM customer_head WHERE merged_into IS NULL AND number <> 0");
    let row = rapport.store.one(sql).await.expect("reads").expect("a row");
    assert_eq!(rapport::store::row::get::<i64>(&row, 0).expect("a number"), 7);
}
