//! Server-sent events and multipart subscriptions.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::tests::kit::{Answer, Running, Stand, soon};

const EVENTS: &str = "text/event-stream";
const MULTIPART: &str =
    "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\",application/json";

async fn ask(
    server: &Running,
    accept: &str,
    token: &str,
    query: &str,
    more: &[(&str, &str)],
) -> Answer {
    let token = format!("Bearer {token}");
    let headers = [
        ("content-type", "application/json"),
        ("accept", accept),
        ("authorization", token.as_str()),
        ("accept-encoding", "gzip, br"),
    ];
    server
        .send(
            "POST",
            "/graphql",
            &[&headers, more].concat(),
            json!({ "query": query }).to_string().as_bytes(),
        )
        .await
}

/// Opens a stream and leaves it open.
async fn open(server: &Running, accept: &str, query: &str) -> TcpStream {
    let mut stream = server.connect().await;
    let body = json!({ "query": query }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\naccept: {accept}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    stream
}

async fn read_until(stream: &mut TcpStream, found: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(found) {
        let length = soon(stream.read(&mut buffer)).await.unwrap();
        assert!(length > 0, "the stream ended before {found:?}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    text
}

#[tokio::test]
async fn events_carry_the_cursor_and_end_with_complete() {
    let server = Stand::default().start().await;
    let answer = ask(&server, EVENTS, "good", "subscription{count(to:2)}", &[]).await;
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_str()),
        (200, "text/event-stream; charset=utf-8")
    );
    assert!(!answer.headers.contains_key("content-encoding"));
    let expected = ":\n\nid: 1\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nid: 2\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata:\n\n";
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn queries_and_mutations_go_over_events_too() {
    let server = Stand::default().start().await;
    let answer = ask(&server, EVENTS, "good", "{who}", &[]).await;
    assert_eq!(
        answer.body,
        ":\n\nevent: next\ndata: {\"data\":{\"who\":\"good\"}}\n\nevent: complete\ndata:\n\n"
    );
    assert!(
        ask(&server, EVENTS, "good", "mutation{bump}", &[]).await.body.contains("{\"bump\":1}")
    );
    let get = |target| {
        server.send("GET", target, &[("accept", EVENTS), ("authorization", "Bearer good")], b"")
    };
    assert!(
        get("/graphql?query=subscription%7Bcount(to:1)%7D").await.body.contains("event: complete")
    );
    assert_eq!(get("/graphql?query=mutation%7Bbump%7D").await.status, 405);
}

#[tokio::test]
async fn last_event_id_goes_before_after() {
    let server = Stand::default().start().await;
    let query = "subscription{count(to:5, after:1)}";
    let first = |answer: Answer| {
        answer.body.split("data: ").nth(1).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(first(ask(&server, EVENTS, "good", query, &[]).await), "{\"data\":{\"count\":2}}");
    assert_eq!(
        first(ask(&server, EVENTS, "good", query, &[("last-event-id", "3")]).await),
        "{\"data\":{\"count\":4}}"
    );
    assert_eq!(
        ask(&server, EVENTS, "good", query, &[("last-event-id", &"x".repeat(2000))]).await.code(),
        "INVALID_CURSOR"
    );
}

#[tokio::test]
async fn what_does_not_validate_is_told_on_the_stream_and_what_is_wrong_before_by_status() {
    let server = Stand::default().start().await;
    let answer = ask(&server, EVENTS, "good", "subscription{nope}", &[]).await;
    assert_eq!(answer.status, 200);
    let data: Value =
        serde_json::from_str(answer.body.split("data: ").nth(1).unwrap().lines().next().unwrap())
            .unwrap();
    assert_eq!(data["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(data.get("data").is_none() && answer.body.ends_with("event: complete\ndata:\n\n"));
    assert_eq!(ask(&server, EVENTS, "good", "{", &[]).await.status, 400);
    assert_eq!(ask(&server, EVENTS, "bad", "{who}", &[]).await.status, 401);
}

#[tokio::test]
async fn quiet_streams_show_signs_of_life() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.ping = Duration::from_millis(50))
        .start()
        .await;
    let mut stream = open(&server, EVENTS, "subscription{forever}").await;
    let text = read_until(&mut stream, "true").await;
    assert!(text.contains("event: next"));
    read_until(&mut stream, ":\n\n").await;
    let mut stream = open(&server, MULTIPART, "subscription{forever}").await;
    read_until(&mut stream, "true").await;
    read_until(&mut stream, "\r\n{}\r\n--graphql").await;
}

#[tokio::test]
async fn a_token_that_expires_ends_its_stream() {
    let server = Stand::default().start().await;
    let answer = ask(&server, EVENTS, "short", "subscription{forever}", &[]).await;
    assert!(
        answer.body.contains("UNAUTHENTICATED")
            && answer.body.ends_with("event: complete\ndata:\n\n"),
        "{}",
        answer.body
    );
    let answer = ask(&server, MULTIPART, "short", "subscription{forever}", &[]).await;
    assert!(
        answer.body.contains("\"payload\":null")
            && answer.body.contains("UNAUTHENTICATED")
            && answer.body.ends_with("--graphql--\r\n"),
        "{}",
        answer.body
    );
    soon(server.traces.until_live(0)).await;
}

#[tokio::test]
async fn parts_wrap_results_in_payload() {
    let server = Stand::default().start().await;
    let answer = ask(&server, MULTIPART, "good", "subscription{count(to:2)}", &[]).await;
    assert_eq!(
        answer.headers["content-type"],
        "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\""
    );
    let part = |n| {
        format!(
            "\r\ncontent-type: application/json\r\n\r\n{{\"payload\":{{\"data\":{{\"count\":{n}}}}}}}\r\n--graphql"
        )
    };
    assert_eq!(answer.body, format!("\r\n--graphql{}{}--\r\n", part(1), part(2)));
    // The same client's queries are plain JSON.
    assert_eq!(
        ask(&server, MULTIPART, "good", "{who}", &[("accept-encoding", "identity")]).await.json()["data"]
            ["who"],
        "good"
    );
    // Whoever takes nothing else is told on the stream what is wrong with the document.
    let refused = ask(&server, MULTIPART, "good", "subscription{nope}", &[]).await;
    assert_eq!(refused.code(), "GRAPHQL_VALIDATION_FAILED");
    let alone = "multipart/mixed;subscriptionSpec=1.0";
    let refused = ask(&server, alone, "good", "subscription{nope}", &[]).await;
    assert!(refused.body.contains("{\"payload\":null,\"errors\":[{"), "{}", refused.body);
}

#[tokio::test]
async fn a_client_that_goes_ends_its_subscription() {
    let server = Stand::default().start().await;
    for accept in [EVENTS, MULTIPART] {
        let mut stream = open(&server, accept, "subscription{forever}").await;
        read_until(&mut stream, "true").await;
        soon(server.traces.until_live(1)).await;
        drop(stream);
        soon(server.traces.until_live(0)).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.stall = Duration::from_millis(300))
        .start()
        .await;
    let _stream = open(&server, EVENTS, "subscription{flood(size:100000)}").await;
    soon(server.traces.until_live(1)).await;
    soon(server.traces.until_live(0)).await;
    let frames = server.traces.frames.load(std::sync::atomic::Ordering::SeqCst);
    assert!(frames < 200, "{frames}");
}
