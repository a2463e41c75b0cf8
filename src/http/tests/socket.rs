//! GraphQL over WebSocket, frame by frame.

use std::time::Duration;

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::http::tests::client::{dial, open, ready};
use crate::http::tests::kit::{Stand, soon};

#[tokio::test]
async fn operations_of_all_kinds_run_side_by_side() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    client.subscribe("q", "{who}").await;
    assert_eq!(
        client.receive().await,
        json!({ "id": "q", "type": "next", "payload": { "data": { "who": "good" } } })
    );
    assert_eq!(client.receive().await, json!({ "id": "q", "type": "complete" }));
    client.subscribe("m", "mutation{bump}").await;
    assert_eq!(client.receive().await["payload"]["data"]["bump"], 1);
    assert_eq!(client.receive().await, json!({ "id": "m", "type": "complete" }));
    client.subscribe("forever", "subscription{forever}").await;
    assert_eq!(client.receive().await["payload"], json!({ "data": { "forever": true } }));
    client.subscribe("s", "subscription{count(to:2)}").await;
    for expected in [json!({ "count": 1 }), json!({ "count": 2 })] {
        assert_eq!(
            client.receive().await,
            json!({ "id": "s", "type": "next", "payload": { "data": expected } })
        );
    }
    assert_eq!(client.receive().await, json!({ "id": "s", "type": "complete" }));
    // An id may be used again once its operation is over.
    client.subscribe("s", "{who}").await;
    assert_eq!(client.receive().await["type"], "next");
}

#[tokio::test]
async fn a_request_that_does_not_run_is_one_error_and_nothing_more() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nope}", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription{nope}", "GRAPHQL_VALIDATION_FAILED"),
        ("{...a} fragment a on Query{...a}", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        client.subscribe("x", query).await;
        let error = client.receive().await;
        assert_eq!(
            (&error["id"], &error["type"], error["payload"].as_array().unwrap().len()),
            (&json!("x"), &json!("error"), 1),
            "{query}"
        );
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
    }
    // The next word is the next operation's: no complete follows an error.
    client.subscribe("y", "{who fails}").await;
    let next = client.receive().await;
    assert_eq!(
        (&next["id"], &next["type"], &next["payload"]["errors"][0]["path"]),
        (&json!("y"), &json!("next"), &json!(["fails"]))
    );
}

#[tokio::test]
async fn a_completed_operation_is_dropped_without_an_echo() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    client.subscribe("a", "subscription{forever}").await;
    client.receive().await;
    soon(server.traces.until_live(1)).await;
    client.send(json!({ "id": "a", "type": "complete" })).await;
    soon(server.traces.until_live(0)).await;
    client.send(json!({ "id": "unknown", "type": "complete" })).await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.receive().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn pings_are_answered_and_pongs_are_taken() {
    let server = Stand::default().start().await;
    let mut client = open(&server).await;
    client.send(json!({ "type": "pong", "payload": { "a": 1 } })).await;
    client.send(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(client.receive().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    client.0.send(Message::Ping("x".into())).await.unwrap();
    assert_eq!(client.frame().await.unwrap().unwrap(), Message::Pong("x".into()));
}

#[tokio::test]
async fn a_bad_message_closes_with_4400() {
    let server = Stand::default().start().await;
    let subscribe =
        |payload: Value| json!({ "id": "a", "type": "subscribe", "payload": payload }).to_string();
    let texts = [
        "not json".to_owned(),
        "[]".into(),
        "{}".into(),
        json!({ "type": "nope" }).to_string(),
        json!({ "type": 1 }).to_string(),
        json!({ "type": "connection_init", "payload": "text" }).to_string(),
        json!({ "type": "ping", "payload": 1 }).to_string(),
        json!({ "type": "complete" }).to_string(),
        json!({ "type": "subscribe", "payload": { "query": "{who}" } }).to_string(),
        json!({ "id": "", "type": "subscribe", "payload": { "query": "{who}" } }).to_string(),
        json!({ "id": "a", "type": "subscribe" }).to_string(),
        subscribe(json!({})),
        subscribe(json!({ "query": 1 })),
        subscribe(json!({ "query": "{who}", "operationName": 1 })),
        subscribe(json!({ "query": "{who}", "variables": [] })),
        subscribe(json!({ "query": "{who}", "extensions": "" })),
    ];
    for text in texts {
        let mut client = ready(&server, "good").await;
        client.send_text(&text).await;
        let (code, reason) = client.closed().await;
        assert_eq!(code, 4400, "{text}");
        assert!(reason.starts_with("Invalid message received: "), "{reason}");
    }
    let mut client = ready(&server, "good").await;
    client.0.send(Message::binary(b"{}".to_vec())).await.unwrap();
    assert_eq!(client.closed().await.0, 4400);
}

#[tokio::test]
async fn the_handshake_of_the_protocol_is_kept() {
    let server = Stand::default().start().await;
    let mut client = open(&server).await;
    client.subscribe("a", "{who}").await;
    assert_eq!(client.closed().await, (4401, "Unauthorized".into()));
    let mut client = ready(&server, "good").await;
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.closed().await, (4429, "Too many initialisation requests".into()));
    let mut client = ready(&server, "good").await;
    client.subscribe("a", "subscription{forever}").await;
    client.subscribe("a", "{who}").await;
    assert_eq!(client.closed().await, (4409, "Subscriber for a already exists".into()));
}

#[tokio::test]
async fn an_init_that_does_not_come_closes_with_4408() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.init = Duration::from_millis(100))
        .start()
        .await;
    assert_eq!(
        open(&server).await.closed().await,
        (4408, "Connection initialisation timeout".into())
    );
}

#[tokio::test]
async fn other_protocols_are_closed_with_4406() {
    let server = Stand::default().start().await;
    let mut client = dial(&server, None, &[]).await.unwrap();
    let (code, reason) = client.closed().await;
    assert_eq!(code, 4406);
    assert!(reason.contains("graphql-transport-ws"));
    // A client that offers only the retired protocol finds that none was chosen.
    assert!(dial(&server, Some("graphql-ws"), &[]).await.is_err());
    assert!(dial(&server, Some("graphql-ws, graphql-transport-ws"), &[]).await.is_ok());
}

#[tokio::test]
async fn tokens_come_with_the_init_or_the_handshake_and_a_bad_one_is_4403() {
    let server = Stand::default().start().await;
    for payload in [
        json!({ "authorization": "Bearer bad" }),
        json!({ "authorization": 1 }),
        json!({}),
        Value::Null,
    ] {
        let mut client = open(&server).await;
        client.send(json!({ "type": "connection_init", "payload": payload })).await;
        let (code, reason) = client.closed().await;
        assert_eq!(code, 4403, "{payload}");
        assert!(reason.starts_with("Forbidden"), "{reason}");
    }
    let mut client =
        dial(&server, Some("graphql-transport-ws"), &[("authorization", "Bearer good")])
            .await
            .unwrap();
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.receive().await["type"], "connection_ack");
    match dial(&server, Some("graphql-transport-ws"), &[("authorization", "Bearer bad")]).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 401),
        _ => panic!("a bad token in the handshake must be refused there"),
    }
    let demo = Stand::default().demo().start().await;
    let mut client = open(&demo).await;
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.receive().await["type"], "connection_ack");
    let mut client =
        dial(&demo, Some("graphql-transport-ws"), &[("origin", "http://evil.example")])
            .await
            .unwrap();
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.closed().await.0, 4403);
}

#[tokio::test]
async fn a_token_that_expires_closes_its_socket() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "short").await;
    client.subscribe("a", "subscription{forever}").await;
    assert_eq!(client.closed().await, (4403, "Forbidden: the token has expired".into()));
    soon(server.traces.until_live(0)).await;
}

#[tokio::test]
async fn one_operation_too_many_is_an_error_and_the_others_go_on() {
    for (most, server) in [
        (256, Stand::default()),
        (3, Stand::default().config(|config| config.max_operations_per_socket = 3)),
        (1_000, Stand::default().config(|config| config.max_operations_per_socket = 1_000)),
    ] {
        let server = server.start().await;
        let mut client = ready(&server, "good").await;
        // All in one go, as a client does that comes again.
        for n in 0..most {
            client.subscribe(&n.to_string(), "subscription{forever}").await;
        }
        for _ in 0..most {
            assert_eq!(client.receive().await["type"], "next");
        }
        client.subscribe("more", "{who}").await;
        let error = client.receive().await;
        assert_eq!(
            (&error["type"], &error["id"], &error["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!("more"), &json!("UNAVAILABLE"))
        );
        let message = error["payload"][0]["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{most} operations")), "{message}");
        assert!(message.contains("RAPPORT_MAX_OPERATIONS_PER_SOCKET"), "{message}");
        client.send(json!({ "id": "0", "type": "complete" })).await;
        client.subscribe("again", "{who}").await;
        assert_eq!(client.receive().await["payload"]["data"]["who"], "good");
    }
}

#[tokio::test]
async fn large_messages_and_floods_are_closed() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    client.send_text(&"x".repeat(300 * 1024)).await;
    assert_eq!(client.closed().await.0, 1009);
    let mut client = ready(&server, "good").await;
    for _ in 0..2000 {
        if client.0.feed(Message::text(r#"{"type":"pong"}"#)).await.is_err() {
            break;
        }
    }
    let _ = client.0.flush().await;
    assert_eq!(client.closed().await.0, 1008);
}

#[tokio::test]
async fn the_server_pings_and_drops_a_peer_that_is_dead() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.ping = Duration::from_millis(400))
        .start()
        .await;
    let mut client = ready(&server, "good").await;
    client.subscribe("a", "subscription{forever}").await;
    client.receive().await;
    assert!(matches!(client.frame().await, Some(Ok(Message::Ping(_)))));
    // A client that is not polled answers no pings.
    soon(server.traces.until_live(0)).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_no_queue_and_is_closed() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.send = Duration::from_millis(300))
        .start()
        .await;
    let mut client = ready(&server, "good").await;
    client.subscribe("a", "subscription{flood(size:100000)}").await;
    soon(server.traces.until_live(1)).await;
    soon(server.traces.until_live(0)).await;
    // What the kernel's buffers took, and one more: some megabytes of 100 KB each.
    let frames = server.traces.frames.load(std::sync::atomic::Ordering::SeqCst);
    assert!(frames < 200, "{frames}");
    assert!(server.get("/metrics").await.body.contains("rapport_slow_clients_total 1"));
}

#[tokio::test]
async fn a_client_that_goes_takes_its_operations_along() {
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    client.subscribe("a", "subscription{forever}").await;
    client.receive().await;
    soon(server.traces.until_live(1)).await;
    drop(client);
    soon(server.traces.until_live(0)).await;
}
