//! What every answer carries: request id, security headers, CORS.

use crate::http::tests::kit::Stand;

const JSON: &str = "application/json";

#[tokio::test]
async fn every_answer_carries_a_request_id_and_security_headers() {
    let server = Stand::default().start().await;
    for target in ["/graphql?query=%7Bwho%7D", "/healthz", "/readyz", "/metrics", "/nothing"] {
        let answer = server
            .send(
                "GET",
                target,
                &[("authorization", "Bearer good"), ("x-request-id", "abc-123.def")],
                b"",
            )
            .await;
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
        let headers = [
            ("content-type", JSON),
            ("authorization", "Bearer good"),
            ("accept-encoding", encoding),
        ];
        server.send("POST", "/graphql", &headers, body).await
    };
    let answer = ask("br, gzip").await;
    assert_eq!(answer.headers["content-encoding"], "gzip");
    assert!(answer.body.len() < 5_000);
    assert!(!ask("identity").await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn browsers_of_listed_origins_may_call_and_no_others() {
    let server = Stand::default()
        .config(|config| config.cors_origins = vec!["https://app.example".into()])
        .start()
        .await;
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
    assert!(
        !preflight("https://evil.example")
            .await
            .headers
            .contains_key("access-control-allow-origin")
    );
    let closed = Stand::default().start().await;
    let answer = closed
        .send(
            "GET",
            "/graphql?query=%7Bwho%7D",
            &[("authorization", "Bearer good"), ("origin", "https://app.example")],
            b"",
        )
        .await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_panic_is_an_answer_without_its_message() {
    let server = Stand::default().start().await;
    let answer = server.query("{panics(really:true)}").await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "INTERNAL"));
    assert!(!answer.body.contains("on purpose") && answer.headers.contains_key("x-request-id"));
}
