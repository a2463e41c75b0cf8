//! The lines of requests in the log.

use std::io;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::MakeWriter;

use crate::http::tests::client::ready;
use crate::http::tests::kit::{Running, Stand, soon};

const JSON: &str = "application/json";

/// What the log of this thread says, line by line, while the guard lives.
#[derive(Clone, Default)]
pub struct Lines(Arc<(Mutex<Vec<Value>>, Notify)>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line: Value = serde_json::from_slice(bytes).unwrap();
        if line["target"] == "rapport::request" {
            self.0.0.lock().push(line);
            self.0.1.notify_waiters();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        self.clone()
    }
}

impl Lines {
    pub fn start(level: Level) -> (Lines, DefaultGuard) {
        // Of one log alone, tracing asks the thread that comes first whether it listens, and that may be another test.
        static SECOND: OnceLock<Dispatch> = OnceLock::new();
        SECOND.get_or_init(|| {
            Dispatch::new(tracing_subscriber::fmt().with_max_level(Level::ERROR).finish())
        });
        let lines = Lines::default();
        let log = tracing_subscriber::fmt().with_max_level(level).with_writer(lines.clone());
        let log = log.json().flatten_event(true).finish();
        (lines, tracing::subscriber::set_default(log))
    }

    /// Takes the next line.
    pub async fn next(&self) -> Value {
        soon(async {
            loop {
                let mut told = std::pin::pin!(self.0.1.notified());
                told.as_mut().enable();
                let first = self.take();
                if let Some(line) = first {
                    return line;
                }
                told.await;
            }
        })
        .await
    }

    fn take(&self) -> Option<Value> {
        let mut lines = self.0.0.lock();
        (!lines.is_empty()).then(|| lines.remove(0))
    }

    fn is_empty(&self) -> bool {
        self.0.0.lock().is_empty()
    }
}

async fn ask(server: &Running, body: &Value) -> String {
    server.post(JSON, &body.to_string()).await.headers["x-request-id"].clone()
}

#[tokio::test]
async fn a_request_is_one_line_with_what_ran_and_nothing_of_what_was_sent() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    let long = "x".repeat(100);
    let query = format!("query {long}($text: String!) {{ echo(text: $text) }}");
    let body = json!({ "query": query, "variables": { "text": "ann@x.example" } });
    let id = ask(&server, &body).await;
    let line = lines.next().await;
    assert!(line["milliseconds"].as_f64().is_some_and(|ms| ms > 0.0), "{line}");
    for (field, value) in [
        ("level", json!("INFO")),
        ("message", json!("answered")),
        ("id", json!(id)),
        ("method", json!("POST")),
        ("route", json!("/graphql")),
        ("transport", json!("http")),
        ("status", json!(200)),
        ("kind", json!("query")),
        ("operation", json!("x".repeat(64))),
        ("tenant", json!("t")),
        ("role", json!("agent")),
        ("statements", json!(0)),
        ("errors", Value::Null),
        ("source", Value::Null),
    ] {
        assert_eq!(line[field], value, "{field}: {line}");
    }
    assert!(!line.to_string().contains("ann@") && !line.to_string().contains("echo"), "{line}");
}

#[tokio::test]
async fn what_fails_is_seen_whatever_its_status() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().config(|config| config.execution_seconds = 1).start().await;
    for (query, status, level, errors) in [
        ("{ who fails }", 200, "INFO", "INVALID_ARGUMENT"),
        ("{ who nope }", 200, "INFO", "GRAPHQL_VALIDATION_FAILED"),
        ("{", 200, "INFO", "GRAPHQL_PARSE_FAILED"),
        ("{ hangs }", 200, "WARN", "TIMEOUT"),
        ("{ panics(really: true) }", 500, "WARN", "INTERNAL"),
    ] {
        ask(&server, &json!({ "query": query })).await;
        let line = lines.next().await;
        let told = (&line["status"], &line["level"], &line["errors"]);
        assert_eq!(told, (&json!(status), &json!(level), &json!(errors)), "{query}: {line}");
    }
    let bad = [("authorization", "Bearer bad"), ("content-type", JSON)];
    assert_eq!(server.send("POST", "/graphql", &bad, b"{}").await.status, 401);
    let line = lines.next().await;
    assert_eq!((&line["status"], &line["errors"]), (&json!(401), &json!("UNAUTHENTICATED")));
    assert_eq!((&line["tenant"], &line["level"]), (&Value::Null, &json!("INFO")));
    assert_eq!(server.get("/ann@x.example").await.status, 404);
    let line = lines.next().await;
    assert_eq!((&line["route"], &line["errors"]), (&json!("none"), &json!("BAD_REQUEST")));
}

#[tokio::test]
async fn a_batch_is_one_line_with_its_count() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    let one = |query| json!({ "query": query });
    let batch = [one("query A { who }"), one("mutation { bump }"), one("{ fails }"), one("{ no }")];
    ask(&server, &json!(batch)).await;
    let line = lines.next().await;
    assert_eq!((&line["kind"], &line["batch"]), (&json!("batch"), &json!(4)), "{line}");
    assert_eq!(line["operation"], Value::Null, "{line}");
    assert_eq!(line["errors"], "INVALID_ARGUMENT,GRAPHQL_VALIDATION_FAILED", "{line}");
    assert!(lines.is_empty());
}

#[tokio::test]
async fn operations_of_a_socket_have_lines_of_their_own() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    let mut client = ready(&server, "good").await;
    let hand = lines.next().await;
    assert_eq!((&hand["status"], &hand["route"]), (&json!(101), &json!("/graphql")), "{hand}");
    client.subscribe("a", "query Who { who }").await;
    let line = lines.next().await;
    assert_eq!((&line["message"], &line["operation"]), (&json!("answered"), &json!("Who")));
    assert_eq!((&line["transport"], &line["id"]), (&json!("websocket"), &hand["id"]), "{line}");
    client.subscribe("b", "subscription Count { count(to: 3) }").await;
    let (start, end) = (lines.next().await, lines.next().await);
    assert_eq!((&start["message"], &start["events"]), (&json!("subscribed"), &Value::Null));
    assert_eq!((&start["kind"], &start["tenant"]), (&json!("subscription"), &json!("t")));
    assert_eq!((&end["message"], &end["events"]), (&json!("ended"), &json!(3)), "{end}");
    client.subscribe("c", "subscription { nope }").await;
    let line = lines.next().await;
    assert_eq!((&line["message"], &line["status"]), (&json!("answered"), &json!(400)), "{line}");
    assert_eq!(line["errors"], "GRAPHQL_VALIDATION_FAILED");
    // Whoever goes away ends what it watched.
    client.subscribe("d", "subscription Forever { forever }").await;
    assert_eq!(lines.next().await["message"], "subscribed");
    drop(client);
    let end = lines.next().await;
    assert_eq!((&end["message"], &end["operation"]), (&json!("ended"), &json!("Forever")), "{end}");
    assert!(lines.is_empty());
}

#[tokio::test]
async fn a_stream_over_http_tells_its_start_and_its_end() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    for (accept, transport) in
        [("text/event-stream", "sse"), ("multipart/mixed;subscriptionSpec=1.0", "multipart")]
    {
        let query = json!({ "query": "subscription S { count(to: 2) }" }).to_string();
        let id = server.post(accept, &query).await.headers["x-request-id"].clone();
        let (start, end) = (lines.next().await, lines.next().await);
        assert_eq!(
            (&start["message"], &start["transport"]),
            (&json!("subscribed"), &json!(transport))
        );
        assert_eq!((&end["message"], &end["events"]), (&json!("ended"), &json!(2)), "{end}");
        assert_eq!((&start["id"], &end["id"]), (&json!(id), &json!(id)));
        let query = json!({ "query": "query Q { who fails }" }).to_string();
        server.post("text/event-stream", &query).await;
        let line = lines.next().await;
        assert_eq!(
            (&line["message"], &line["errors"]),
            (&json!("answered"), &json!("INVALID_ARGUMENT"))
        );
    }
    assert!(lines.is_empty());
}

#[tokio::test]
async fn machines_that_look_after_the_server_are_told_at_debug() {
    for (level, told) in [(Level::INFO, false), (Level::DEBUG, true)] {
        let (lines, _guard) = Lines::start(level);
        let server = Stand::default().start().await;
        for path in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(server.get(path).await.status, 200);
            if told {
                let line = lines.next().await;
                assert_eq!((&line["route"], &line["level"]), (&json!(path), &json!("DEBUG")));
            }
        }
        assert!(lines.is_empty());
    }
    let (lines, _guard) = Lines::start(Level::WARN);
    let server = Stand::default().config(|config| config.execution_seconds = 1).start().await;
    server.query("{ who }").await;
    server.query("{ hangs }").await;
    assert_eq!(lines.next().await["errors"], "TIMEOUT");
    assert!(lines.is_empty());
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_leaves_a_line() {
    let (lines, _guard) = Lines::start(Level::INFO);
    let server = Stand::default().start().await;
    let mut stream = server.connect().await;
    let body = r#"{"query":"query Slow { waits }"}"#;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    soon(server.traces.until_waiting(1)).await;
    drop(stream);
    let line = lines.next().await;
    assert_eq!((&line["message"], &line["operation"]), (&json!("abandoned"), &json!("Slow")));
    assert_eq!(line["status"], Value::Null, "{line}");
}
