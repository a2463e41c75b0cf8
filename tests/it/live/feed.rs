//! The stream of the whole tenant, and incoming calls.

use std::time::Duration;

use serde_json::{Value, json};

use crate::live::{cursor, items};
use crate::support::fleet::Fleet;
use crate::support::server::by_email;
use crate::support::subscriber::{CALLS, FEED, Subscriber};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_readers_of_the_feed_agree_on_its_order() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    let data = client.gql("{ feed(first: 1) { liveCursor } }", json!({})).await;
    let start = data["feed"]["liveCursor"].clone();
    let mut early =
        Subscriber::start(&fleet.agent(1, "acme"), FEED, json!({ "after": start })).await;
    early.replay().await;
    const WRITERS: usize = 8;
    const NOTES: usize = 15;
    let writers = (0..WRITERS).map(|writer| {
        let client = fleet.agent(writer, "acme");
        async move {
            for n in 0..NOTES {
                client
                    .note(
                        by_email(&format!("w{}@x.io", (writer + n) % 5)),
                        &format!("{writer}-{n}"),
                    )
                    .await;
            }
        }
    });
    futures_util::future::join_all(writers).await;
    let mut read = Vec::new();
    while items(&read).len() < WRITERS * NOTES {
        read.push(early.event().await);
    }
    let mut late =
        Subscriber::start(&fleet.agent(0, "acme"), FEED, json!({ "after": start })).await;
    let replayed = late.replay().await;
    assert_eq!(items(&read), items(&replayed));
    assert_eq!(
        read.iter().map(cursor).collect::<Vec<_>>(),
        replayed[..replayed.len() - 1].iter().map(cursor).collect::<Vec<_>>()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incoming_calls_ring_everywhere_and_their_end_is_told() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "phoneNumber": "+14155550101" })).await;
    let mut agents = Vec::new();
    for n in 0..4 {
        agents.push(Subscriber::start(&fleet.agent(n, "acme"), CALLS, json!({})).await);
    }
    let mut rival = Subscriber::start(&fleet.agent(0, "rival"), CALLS, json!({})).await;
    let call = |customer: Value, id: &str, state: &str| json!({ "customer": customer, "channel": "VOICE", "direction": "INBOUND", "source": "pbx", "sourceId": id, "body": { "call": { "state": state } } });
    let line = json!({ "identity": { "kind": "PHONE", "value": "+14155550101" } });
    // It starts now: until the first ring has come, calls ring anew.
    for (n, agent) in agents.iter_mut().enumerate() {
        let mut ring = 0;
        loop {
            client.record(call(line.clone(), &format!("probe-{n}-{ring}"), "RINGING")).await;
            if tokio::time::timeout(Duration::from_secs(1), agent.next())
                .await
                .is_ok_and(|event| event.is_ok())
            {
                break;
            }
            ring += 1;
            assert!(ring < 30, "no call rings");
        }
    }
    for state in ["RINGING", "IN_PROGRESS", "COMPLETED"] {
        client.record(call(line.clone(), "call", state)).await;
    }
    let id = client.record(call(line, "call", "COMPLETED")).await;
    let withheld = client.record(call(Value::Null, "withheld", "RINGING")).await;
    for agent in &mut agents {
        let mut states = Vec::new();
        loop {
            let event = agent.event().await;
            if event["call"]["id"] == id.as_str() {
                assert_eq!(event["caller"]["value"], "+14155550101");
                states.push(event["call"]["callState"].clone());
            }
            if event["call"]["id"] == withheld.as_str() {
                assert_eq!((&event["caller"], &event["customer"]), (&Value::Null, &Value::Null));
                break;
            }
        }
        // A state that was over before it was read is not told; the end always is.
        assert_eq!(states.last(), Some(&json!("COMPLETED")), "{states:?}");
    }
    fleet.agent(0, "rival").record(call(Value::Null, "own", "RINGING")).await;
    let first = rival.event().await;
    assert_eq!(first["customer"], Value::Null, "another tenant's call: {first}");
}
