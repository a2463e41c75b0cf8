//! Two installations on one Redis: both relay, and each stream has only its own.

use redis::cmd;

use crate::relay::{DAY, SETTINGS, Server, log, name, places, stream, until_sent, write};
use crate::support::redis::RedisServer;
use crate::support::stand::{Stand, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_on_one_redis_relay_side_by_side() {
    let Some(redis) = RedisServer::start() else { return };
    let (one, two) = (Stand::new().await, Stand::new().await);
    assert_ne!(one.rapport.secret.store, two.rapport.secret.store);
    let servers =
        [Server::start(&one.store, &redis, SETTINGS), Server::start(&two.store, &redis, SETTINGS)];
    // The same tenant's name, and nothing else in common.
    let (first, second) = (one.scope("acme").await, two.scope("acme").await);
    tokio::join!(write(&one, &first, 0), write(&two, &second, 1), write(&two, &second, 2));
    for (stand, scope) in [(&one, &first), (&two, &second)] {
        let sent = until_sent(stand, scope, &redis, "acme").await;
        assert_eq!(places(&sent), log(stand, scope).await);
    }
    assert!(servers.iter().all(Server::relays), "one of them holds the other's lease");
    let (of_one, of_two) = (stream(&one, &redis, "acme").await, stream(&two, &redis, "acme").await);
    assert!(of_one.iter().all(|(id, _)| of_two.iter().all(|(other, _)| id != other)));

    let mut look = redis.look().await;
    for stand in [&one, &two] {
        let mut ends = cmd("TTL");
        ends.arg(name(stand, "acme"));
        let ends: u64 = ends.query_async(&mut look).await.expect("the stream ends some day");
        assert!((1..=DAY.as_secs()).contains(&ends), "{ends}");
    }
    let mut listed: Vec<String> = cmd("ZRANGE")
        .arg("rapport:stores")
        .arg(0)
        .arg(-1)
        .query_async(&mut look)
        .await
        .expect("reads");
    let mut stores = vec![one.rapport.secret.store.clone(), two.rapport.secret.store.clone()];
    listed.sort_unstable();
    stores.sort_unstable();
    assert_eq!(listed, stores);
    let keys: Vec<String> = cmd("KEYS").arg("*").query_async(&mut look).await.expect("reads");
    for key in keys.iter().filter(|key| *key != "rapport:stores") {
        assert!(stores.iter().any(|id| key.starts_with(&format!("rapport:{id}:"))), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_on_one_store_have_one_name_for_it() {
    let stand = Stand::new().await;
    let twin = open(&stand.store, None).await;
    assert_eq!(twin.secret.store, stand.rapport.secret.store);
    assert_eq!(twin.secret.store.len(), 8);
}
