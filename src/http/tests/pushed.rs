//! Events that reach a socket beside its own task.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tracing::Level;

use crate::graphql::{Frame, Outlet};
use crate::http::tests::client::{Client, ready};
use crate::http::tests::kit::{Running, Stand, soon};
use crate::http::tests::log::Lines;

fn send(outlet: &Arc<dyn Outlet>, body: &str) -> bool {
    outlet.send_now(&Frame { cursor: None, body: body.into() }, &mut Vec::new())
}

/// A client that watches under this id, and the way to it.
async fn watched(server: &Running, id: &str) -> (Client, Arc<dyn Outlet>) {
    let mut client = ready(server, "good").await;
    client.subscribe(id, "subscription{forever}").await;
    client.receive().await;
    let outlet = server.traces.outlets.lock().pop().expect("an outlet");
    (client, outlet)
}

#[tokio::test]
async fn a_pushed_event_is_a_message_of_its_operation() {
    let server = Stand::default().start().await;
    for id in ["a", "quoted \" and \\", "é\n"] {
        let (mut client, outlet) = watched(&server, id).await;
        for length in [1, 60, 100, 200, 60_000] {
            let body = json!({ "data": "x".repeat(length) });
            assert!(send(&outlet, &body.to_string()));
            assert_eq!(
                client.receive().await,
                json!({ "id": id, "type": "next", "payload": body })
            );
        }
        assert!(!send(&outlet, &json!({ "data": "x".repeat(70_000) }).to_string()));
    }
}

#[tokio::test]
async fn nothing_is_pushed_to_an_operation_that_is_over() {
    let server = Stand::default().start().await;
    let (mut client, first) = watched(&server, "a").await;
    client.send(json!({ "id": "a", "type": "complete" })).await;
    // The same id again is another operation.
    client.subscribe("a", "subscription{forever}").await;
    client.receive().await;
    let second = server.traces.outlets.lock().pop().expect("an outlet");
    assert!(!send(&first, "1"));
    assert!(send(&second, "2"));
    assert_eq!(client.receive().await["payload"], 2);
    client.send(json!({ "type": "nonsense" })).await;
    assert_eq!(client.closed().await.0, 4400);
    assert!(!send(&second, "3"));
}

#[tokio::test]
async fn what_a_push_leaves_over_is_sent_before_anything_else() {
    let server = Stand::default().start().await;
    let (mut client, outlet) = watched(&server, "a").await;
    let body = |n: usize| json!({ "data": [n, "x".repeat(50_000)] });
    let sent = (0..1_000).take_while(|n| send(&outlet, &body(*n).to_string())).count();
    assert!(sent < 1_000, "the client reads nothing, and all was sent");
    client.subscribe("b", "{who}").await;
    for n in 0..sent {
        assert_eq!(client.receive().await["payload"], body(n));
    }
    assert_eq!(client.receive().await["payload"]["data"]["who"], "good");
    assert_eq!(client.receive().await["type"], "complete");
    assert!(send(&outlet, "1"));
    assert_eq!(client.receive().await["payload"], 1);
}

#[tokio::test]
async fn a_client_that_does_not_read_what_is_pushed_is_closed() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.send = Duration::from_millis(300))
        .start()
        .await;
    let (_client, outlet) = watched(&server, "a").await;
    let body = json!({ "data": "x".repeat(63_000) }).to_string();
    let sent = (0..1_000).take_while(|_| send(&outlet, &body)).count();
    assert!(sent < 1_000, "the client reads nothing, and all was sent");
    soon(server.traces.until_live(0)).await;
    assert!(server.get("/metrics").await.body.contains("rapport_slow_clients_total 1"));
    assert!(!send(&outlet, &body));
}

#[tokio::test]
async fn the_log_counts_what_is_pushed() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    let (client, outlet) = watched(&server, "a").await;
    assert!(send(&outlet, "1") && send(&outlet, "2"));
    drop(client);
    loop {
        let line = lines.next().await;
        if line["message"] == "ended" {
            return assert_eq!(line["events"], 3, "{line}");
        }
    }
}
