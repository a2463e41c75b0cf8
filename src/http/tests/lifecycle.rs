//! Connections: slow clients, too many of them, and a server that stops.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::tests::client::ready;
use crate::http::tests::kit::{Running, Stand, soon};

async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = soon(stream.read_to_end(&mut bytes)).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\naccept: text/event-stream, application/json\r\n\r\n")
        .into_bytes()
}

#[tokio::test]
async fn a_dribbled_head_and_a_dribbled_body_are_cut_off() {
    let server = Stand::default()
        .timeouts(|timeouts| {
            timeouts.head = Duration::from_millis(200);
            timeouts.body = Duration::from_millis(200);
        })
        .start()
        .await;
    for bytes in ["", "GET /healthz HT", "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let mut stream = server.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    // So is a connection that is kept and not used.
    let mut stream = server.connect().await;
    stream.write_all(&get("/healthz")).await.unwrap();
    assert!(rest(&mut stream).await.ends_with("ok\n"));
    let mut stream = server.connect().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"query\"";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[tokio::test]
async fn heads_are_bounded_and_rubbish_is_refused() {
    let server = Stand::default().start().await;
    let large =
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "x".repeat(100_000));
    assert_eq!(server.raw(large.as_bytes()).await.status, 431);
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-a: b\r\n".repeat(200));
    assert_eq!(server.raw(many.as_bytes()).await.status, 431);
    assert_eq!(server.raw(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n").await.status, 400);
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let server = Stand::default().start().await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        stream.write_all(&get("/healthz")).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"ok\n") {
            assert_ne!(soon(stream.read_buf(&mut answer)).await.unwrap(), 0);
        }
    }
}

#[tokio::test]
async fn streams_beyond_the_limit_are_answered_503_and_places_are_given_back() {
    let server = Stand::default().config(|config| config.max_streams = 1).start().await;
    let stream = subscribe(&server).await;
    let target = "/graphql?query=subscription%7Bcount(to:1)%7D";
    let headers = [("authorization", "Bearer good"), ("accept", "text/event-stream")];
    let refused = server.send("GET", target, &headers, b"").await;
    assert_eq!(
        (refused.status, refused.code().as_str(), refused.headers["retry-after"].as_str()),
        (503, "UNAVAILABLE", "5")
    );
    assert_eq!(server.query("{who}").await.status, 200);
    assert!(server.get("/metrics").await.body.contains("rapport_open{transport=\"sse\"} 1"));
    drop(stream);
    soon(server.traces.until_live(0)).await;
    assert_eq!(server.send("GET", target, &headers, b"").await.status, 200);
    assert!(server.get("/metrics").await.body.contains("rapport_open{transport=\"sse\"} 0"));
}

async fn subscribe(server: &Running) -> TcpStream {
    let mut stream = server.connect().await;
    stream.write_all(&get("/graphql?query=subscription%7Bforever%7D")).await.unwrap();
    soon(server.traces.until_live(1)).await;
    stream
}

#[tokio::test]
async fn stopping_answers_what_is_in_flight_and_ends_what_is_open() {
    let server = Stand::default().start().await;
    let mut kept = server.connect().await;
    kept.write_all(&get("/readyz")).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        soon(kept.read_buf(&mut answer)).await.unwrap();
    }
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200"));
    let mut events = subscribe(&server).await;
    let mut socket = ready(&server, "good").await;
    socket.subscribe("a", "subscription{forever}").await;
    soon(server.traces.until_live(2)).await;
    let mut flying = server.connect().await;
    flying.write_all(&get("/graphql?query=%7Bwaits%7D")).await.unwrap();
    soon(server.traces.until_waiting(1)).await;

    let start = Instant::now();
    server.shutdown.cancel();
    assert_eq!(socket.closed().await.0, 1001);
    let told = rest(&mut events).await;
    assert!(told.contains(": the server is stopping") && !told.contains("complete"), "{told}");
    server.traces.released.notify_one();
    assert!(rest(&mut flying).await.contains("{\"data\":{\"waits\":true}}"));
    drop((socket, kept));
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn who_comes_while_it_stops_is_told_so() {
    let server = Stand::default().start().await;
    let mut flying = server.connect().await;
    flying.write_all(&get("/graphql?query=%7Bwaits%7D")).await.unwrap();
    soon(server.traces.until_waiting(1)).await;
    assert_eq!(
        server.get("/readyz").await.json(),
        serde_json::json!({ "ready": true, "draining": false, "detail": { "store": "ok" } })
    );
    server.shutdown.cancel();
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, ready.json()["draining"].clone()), (503, true.into()));
    let refused = server.query("{who}").await;
    assert_eq!(
        (refused.status, refused.code().as_str(), refused.headers["retry-after"].as_str()),
        (503, "UNAVAILABLE", "1")
    );
    assert_eq!(server.get("/healthz").await.status, 200);
    server.traces.released.notify_one();
    assert!(rest(&mut flying).await.contains("{\"data\":{\"waits\":true}}"));
    let address = server.address;
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_client_that_never_goes_does_not_keep_the_server() {
    let server = Stand::default()
        .timeouts(|timeouts| timeouts.drain = Duration::from_millis(300))
        .start()
        .await;
    let mut stuck = server.connect().await;
    stuck.write_all(&get("/graphql?query=%7Bhangs%7D")).await.unwrap();
    let mut flooded = server.connect().await;
    flooded.write_all(&get("/graphql?query=subscription%7Bflood(size:100000)%7D")).await.unwrap();
    soon(server.traces.until_live(1)).await;
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
