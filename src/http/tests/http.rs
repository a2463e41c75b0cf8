use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::auth::Viewer;
use crate::config::TrustedDocuments;
use crate::http::tests::kit::{Answer, Stand};
use crate::http::{Manifest, Meter, Wait};

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";

#[tokio::test]
async fn the_status_tells_new_clients_and_not_old_ones_whether_a_document_ran() {
    let server = Stand::default().start().await;
    let table = [
        ("{ who }", 200, "none"),
        ("{ who fails }", 200, "none"),
        ("{", 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: String!) { echo(text: $a) }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: ID!) { who }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { who } query B { who }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{...a} fragment a on Query{...a}", 400, "GRAPHQL_VALIDATION_FAILED"),
        (
            "{a:who b:who c:who d:who e:who f:who g:who h:who i:who j:who k:who l:who m:who n:who o:who p:who q:who r:who s:who t:who u:who}",
            400,
            "DOCUMENT_TOO_COMPLEX",
        ),
    ];
    for (document, status, code) in table {
        let body = json!({ "query": document }).to_string();
        let new = server.post(RESPONSE, &body).await;
        assert_eq!((new.status, new.code().as_str()), (status, code), "{document}: {}", new.body);
        assert_eq!(new.headers["content-type"], "application/graphql-response+json; charset=utf-8");
        let old = server.post(JSON, &body).await;
        assert_eq!((old.status, old.code().as_str()), (200, code), "{document}");
        assert_eq!(old.headers["content-type"], "application/json; charset=utf-8");
        assert_eq!(new.json(), old.json());
        assert_eq!(new.json().get("data").is_some(), status == 200, "{}", new.body);
    }
}

#[tokio::test]
async fn a_document_over_a_limit_is_told_the_limit_and_the_value() {
    let server = Stand::default().start().await;
    let answer = server.query(&format!("{{ {} }}", (0..61).map(|n| format!("a{n}: who ")).collect::<String>())).await;
    assert_eq!(
        answer.json()["errors"][0]["extensions"],
        json!({ "code": "DOCUMENT_TOO_COMPLEX", "limit": "aliases", "allowed": 60, "value": 61 })
    );
}

#[tokio::test]
async fn get_runs_queries_and_never_mutations() {
    let server = Stand::default().start().await;
    let query = server.get("/graphql?query=query($t:String!){echo(text:$t)}&variables=%7B%22t%22%3A%22h%C3%A9%22%7D").await;
    assert_eq!((query.status, query.json()), (200, json!({ "data": { "echo": "hé" } })));
    let mutation = server.get("/graphql?query=mutation%7Bbump%7D").await;
    assert_eq!((mutation.status, mutation.headers["allow"].as_str(), mutation.code().as_str()), (405, "POST", "METHOD_NOT_ALLOWED"));
    assert_eq!(server.traces.bumps.load(Ordering::SeqCst), 0);
    for (target, status) in
        [("/graphql", 400), ("/graphql?query=%FF", 400), ("/graphql?query=%7Bwho%7D&variables=1", 400), ("/graphql?query=a&query=b", 400)]
    {
        assert_eq!(server.get(target).await.status, status, "{target}");
    }
    let other = server.send("DELETE", "/graphql", &[("authorization", "Bearer good")], b"").await;
    assert_eq!((other.status, other.headers["allow"].as_str()), (405, "GET, POST"));
}

#[tokio::test]
async fn what_a_form_of_another_page_can_send_is_refused() {
    let server = Stand::default().demo().start().await;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/jsonp",
        "",
    ] {
        let answer = server.send("POST", "/graphql", &[("content-type", media)], br#"{"query":"mutation{bump}"}"#).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{media}");
    }
    assert_eq!(server.send("POST", "/graphql", &[], br#"{"query":"mutation{bump}"}"#).await.status, 415);
    let packed = [("content-type", JSON), ("content-encoding", "gzip")];
    assert_eq!(server.send("POST", "/graphql", &packed, b"{}").await.status, 415);
    assert_eq!(server.traces.bumps.load(Ordering::SeqCst), 0);
    let answer =
        server.send("POST", "/graphql", &[("content-type", "Application/JSON;Charset=\"UTF-8\"")], br#"{"query":"mutation{bump}"}"#).await;
    assert_eq!((answer.status, server.traces.bumps.load(Ordering::SeqCst)), (200, 1));
}

#[tokio::test]
async fn only_media_types_that_can_be_served_are_taken() {
    let server = Stand::default().start().await;
    for accept in ["text/html", "application/json;q=0", "application/json;charset=latin1"] {
        let answer = server.post(accept, r#"{"query":"{who}"}"#).await;
        assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"), "{accept}");
    }
    let answer = server.post("*/*", r#"{"query":"subscription{count(to:1)}"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn a_broken_body_is_a_clear_400() {
    let server = Stand::default().start().await;
    let headers = [("content-type", JSON), ("authorization", "Bearer good")];
    let deep = [vec![b'['; 20_000], vec![b']'; 20_000]].concat();
    let deep_variables = format!("{{\"query\":\"{{who}}\",\"variables\":{{\"a\":{}1{}}}}}", "[".repeat(100), "]".repeat(100));
    let bodies: [&[u8]; 11] = [
        b"",
        b"  ",
        b"{\"query\":\"\xff\"}",
        b"{\"query\":\"{echo(text:\\\"\\ud800\\\")}\"}",
        b"{\"query\":\"{who}\0\"}",
        b"{\"query\":\"{who}\",\"variables\":{\"a\":1e999}}",
        b"{\"query\":\"query($t:String!){echo(text:$t)}\",\"variables\":{\"t\":\"a\\u0000\"}}",
        b"\"text\"",
        b"{\"query\":\"{who}\"} trailing",
        &deep,
        deep_variables.as_bytes(),
    ];
    for body in bodies {
        let answer = server.send("POST", "/graphql", &[headers[0], headers[1], ("accept", RESPONSE)], body).await;
        assert_eq!(answer.status, 400, "{:?}: {}", String::from_utf8_lossy(&body[..body.len().min(60)]), answer.body);
        assert!(!answer.json()["errors"][0]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn large_bodies_are_refused_told_or_not() {
    let server = Stand::default().config(|config| config.max_body_bytes = 10_000).start().await;
    let headers = [("content-type", JSON), ("authorization", "Bearer good")];
    let answer = server.send("POST", "/graphql", &headers, &vec![b' '; 10_001]).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer good\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunks = format!("{head}2000\r\n{}\r\n2000\r\n{}\r\n0\r\n\r\n", " ".repeat(0x2000), " ".repeat(0x2000));
    assert_eq!(server.raw(chunks.as_bytes()).await.status, 413);
    let server = Stand::default().start().await;
    let many = format!("{{\"query\":\"{{who}}\",\"variables\":{{\"a\":[{}0]}}}}", "0,".repeat(300_000));
    assert_eq!(server.post(JSON, &many).await.status, 413);
}

#[tokio::test]
async fn batches_are_answered_in_order_and_bounded() {
    let server = Stand::default().config(|config| config.max_batch = 3).start().await;
    let answer = server.post(JSON, r#"[{"query":"mutation{bump}"},{"query":"{nope}"},{"query":"mutation{bump}"}]"#).await;
    let body = answer.json();
    assert_eq!((answer.status, &body[0], &body[2]), (200, &json!({ "data": { "bump": 1 } }), &json!({ "data": { "bump": 2 } })));
    assert_eq!(body[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let one = r#"{"query":"{who}"}"#;
    for (body, status) in
        [("[]".into(), 400), (format!("[{one},{one},{one},{one}]"), 400), (format!("[{one},1]"), 400), (format!("[{one}]"), 200)]
    {
        assert_eq!(server.post(JSON, &body).await.status, status, "{body}");
    }
    let off = Stand::default().config(|config| config.max_batch = 1).start().await;
    assert_eq!(off.post(JSON, &format!("[{one}]")).await.status, 400);
}

fn persisted(hash: &str, query: Option<&str>) -> String {
    let mut body = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    if let Some(query) = query {
        body["query"] = query.into();
    }
    body.to_string()
}

#[tokio::test]
async fn a_persisted_query_is_asked_for_kept_and_found() {
    let server = Stand::default().start().await;
    let hash = hex::encode(Sha256::digest("{who}"));
    let missed = server.post(RESPONSE, &persisted(&hash, None)).await;
    assert_eq!((missed.status, missed.code().as_str()), (200, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(missed.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(server.post(JSON, &persisted(&hash, Some("{who }"))).await.status, 400);
    assert_eq!(server.post(JSON, &persisted(&hash, Some("{who}"))).await.json(), json!({ "data": { "who": "good" } }));
    assert_eq!(server.post(JSON, &persisted(&hash, None)).await.json(), json!({ "data": { "who": "good" } }));
    let found =
        server.get(&format!("/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D")).await;
    assert_eq!(found.json(), json!({ "data": { "who": "good" } }));
    // What is no document is not kept.
    let wrong = hex::encode(Sha256::digest("{"));
    server.post(JSON, &persisted(&wrong, Some("{"))).await;
    assert_eq!(server.post(JSON, &persisted(&wrong, None)).await.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn trusted_documents_run_and_others_only_where_that_is_allowed() {
    let manifest = || Manifest::new(HashMap::from([("abc1".to_owned(), "{who}".to_owned())]));
    let start = async |policy| {
        let mut stand = Stand::default().config(|config| config.trusted_documents = policy);
        stand.manifest = manifest();
        stand.start().await
    };
    let (enforce, log, off) =
        (start(TrustedDocuments::Enforce).await, start(TrustedDocuments::Log).await, start(TrustedDocuments::Off).await);
    let outcome = |answer: Answer| answer.code();
    let table = [
        (r#"{"documentId":"abc1"}"#.to_owned(), ["none", "none", "DOCUMENT_NOT_TRUSTED"]),
        (r#"{"documentId":"other"}"#.to_owned(), ["DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED"]),
        (persisted("abc1", None), ["none", "none", "PERSISTED_QUERY_NOT_FOUND"]),
        (r#"{"query":"{who}"}"#.to_owned(), ["none", "none", "none"]),
        (r#"{"query":"{ who }"}"#.to_owned(), ["DOCUMENT_NOT_TRUSTED", "none", "none"]),
    ];
    for (body, expected) in table {
        let found = [outcome(enforce.post(JSON, &body).await), outcome(log.post(JSON, &body).await), outcome(off.post(JSON, &body).await)];
        assert_eq!(found, expected, "{body}");
    }
    assert!(log.get("/metrics").await.body.contains("rapport_untrusted_documents_total 1"));
}

#[tokio::test]
async fn a_token_is_needed_and_a_bad_one_is_never_ignored() {
    let body = br#"{"query":"{who}"}"#;
    for demo in [false, true] {
        let mut stand = Stand::default();
        stand.config.demo = demo;
        let server = stand.start().await;
        let ask =
            async |headers: &[(&str, &str)]| server.send("POST", "/graphql", &[&[("content-type", JSON)], headers].concat(), body).await;
        for authorization in ["Bearer bad", "Bearer", "Basic good", "good", "Bearer \u{e9}"] {
            let answer = ask(&[("authorization", authorization)]).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "UNAUTHENTICATED"), "{demo} {authorization}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
        assert_eq!(ask(&[("authorization", &format!("Bearer {}", "x".repeat(9000)))]).await.status, 413);
        assert_eq!(ask(&[("authorization", "bearer good")]).await.json()["data"]["who"], "good");
        assert_eq!(ask(&[]).await.status, if demo { 200 } else { 401 });
        for (name, value) in [("origin", "http://evil.example"), ("origin", "null"), ("x-forwarded-for", "203.0.113.9")] {
            assert_eq!(ask(&[(name, value)]).await.status, 401, "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn the_demo_lets_in_only_who_calls_this_machine_by_its_name() {
    let server = Stand::default().demo().start().await;
    for (host, status) in
        [("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:1", 200), ("evil.example", 401), ("localhost.evil.example", 401)]
    {
        let request = format!("GET /graphql?query=%7Bwho%7D HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(server.raw(request.as_bytes()).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_security_headers() {
    let server = Stand::default().start().await;
    for target in ["/graphql?query=%7Bwho%7D", "/healthz", "/readyz", "/metrics", "/nothing"] {
        let answer = server.send("GET", target, &[("authorization", "Bearer good"), ("x-request-id", "abc-123.def")], b"").await;
        assert_eq!(answer.headers["x-request-id"], "abc-123.def", "{target}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert_eq!(answer.headers["x-frame-options"], "DENY");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers["content-security-policy"].contains("frame-ancestors 'none'"));
    }
    for bad in ["short", "a b c d e f g h", &"x".repeat(200), "<script>alert(1)</script>"] {
        let answer = server.send("GET", "/healthz", &[("x-request-id", bad)], b"").await;
        assert_eq!(answer.headers["x-request-id"].len(), 24, "{bad}");
    }
    assert_eq!(server.get("/nothing").await.status, 404);
    assert_eq!(server.send("POST", "/healthz", &[], b"").await.status, 405);
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_can_read_it() {
    let server = Stand::default().start().await;
    let body = br#"{"query":"{repeat(text:\"abc\",times:5000)}"}"#;
    let ask = async |encoding| {
        let headers = [("content-type", JSON), ("authorization", "Bearer good"), ("accept-encoding", encoding)];
        server.send("POST", "/graphql", &headers, body).await
    };
    for encoding in ["gzip", "br"] {
        let answer = ask(encoding).await;
        assert_eq!(answer.headers["content-encoding"], encoding);
        assert!(answer.body.len() < 5_000);
    }
    assert!(!ask("identity").await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn browsers_of_listed_origins_may_call_and_no_others() {
    let server = Stand::default().config(|config| config.cors_origins = vec!["https://app.example".into()]).start().await;
    let preflight = async |origin| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        server.send("OPTIONS", "/graphql", &headers, b"").await
    };
    let allowed = preflight("https://app.example").await;
    assert_eq!(allowed.headers["access-control-allow-origin"], "https://app.example");
    assert!(allowed.headers["access-control-allow-headers"].contains("authorization"));
    assert!(!preflight("https://evil.example").await.headers.contains_key("access-control-allow-origin"));
    let closed = Stand::default().start().await;
    let answer =
        closed.send("GET", "/graphql?query=%7Bwho%7D", &[("authorization", "Bearer good"), ("origin", "https://app.example")], b"").await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn introspection_that_is_off_is_refused_and_told() {
    let mut stand = Stand::default();
    stand.introspection = false;
    let server = stand.start().await;
    for document in ["{__schema{types{name}}}", "{__type(name:\"Query\"){name}}", "{...a} fragment a on Query{__schema{types{name}}}"] {
        let answer = server.query(document).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{document}");
        assert!(answer.body.contains("introspection is switched off"));
    }
    assert_eq!(server.query("{__typename}").await.status, 200);
}

#[tokio::test]
async fn a_panic_is_an_answer_without_its_message() {
    let server = Stand::default().start().await;
    let answer = server.query("{panics(really:true)}").await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "INTERNAL"));
    assert!(!answer.body.contains("on purpose") && answer.headers.contains_key("x-request-id"));
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_a_timeout() {
    let server = Stand::default().config(|config| config.execution_seconds = 1).start().await;
    let answer = server.query("{hangs}").await;
    assert_eq!((answer.status, answer.code().as_str()), (504, "TIMEOUT"));
}

/// One address may come twice, and a token has three points.
struct Strict(parking_lot::Mutex<(u32, u64)>);

#[async_trait]
impl Meter for Strict {
    async fn arrive(&self, _: IpAddr) -> Result<(), Wait> {
        let mut left = self.0.lock();
        left.0 = left.0.checked_sub(1).ok_or(Wait(Duration::from_millis(1500)))?;
        Ok(())
    }

    async fn charge(&self, _: &Viewer, points: u64) -> Result<(), Wait> {
        let mut left = self.0.lock();
        left.1 = left.1.checked_sub(points).ok_or(Wait(Duration::from_secs(7)))?;
        Ok(())
    }
}

#[tokio::test]
async fn a_rate_limit_is_a_429_that_says_when_to_come_back() {
    let start = async |arrivals, points| {
        let mut stand = Stand::default();
        stand.meter = Arc::new(Strict(parking_lot::Mutex::new((arrivals, points))));
        stand.start().await
    };
    let server = start(2, 100).await;
    let outcome = |answer: Answer| (answer.status, answer.headers.get("retry-after").cloned());
    assert_eq!(outcome(server.query("{who}").await), (200, None));
    assert_eq!(outcome(server.query("{who}").await), (200, None));
    assert_eq!(outcome(server.query("{who}").await), (429, Some("2".into())));
    let server = start(100, 1).await;
    assert_eq!(outcome(server.post(JSON, r#"{"query":"{who}"}"#).await), (200, None));
    let answer = server.post(JSON, r#"{"query":"{who}"}"#).await;
    assert_eq!((answer.code().as_str(), answer.json()["errors"][0]["extensions"]["retryAfter"].clone()), ("RATE_LIMITED", Value::from(7)));
    assert_eq!(outcome(answer), (429, Some("7".into())));
    assert!(server.get("/metrics").await.body.contains("rapport_rate_limited_total 1"));
}
