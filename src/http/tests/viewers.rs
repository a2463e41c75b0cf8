//! Who may come in, and how often.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::auth::Viewer;
use crate::graphql::RateLimit;
use crate::http::tests::kit::{Answer, Stand};
use crate::http::{RateLimiter, Wait};
use crate::ids::SourceId;

const JSON: &str = "application/json";

/// One address may come twice, and a token has three points.
struct Strict(parking_lot::Mutex<(u32, u64)>);

#[async_trait]
impl RateLimiter for Strict {
    async fn count_request(&self, _: IpAddr) -> Result<(), Wait> {
        let mut left = self.0.lock();
        left.0 = left.0.checked_sub(1).ok_or(Wait(Duration::from_millis(1500)))?;
        Ok(())
    }

    async fn charge(&self, _: &Viewer, points: u64) -> Result<Option<RateLimit>, Wait> {
        let mut left = self.0.lock();
        left.1 = left.1.checked_sub(points).ok_or(Wait(Duration::from_secs(7)))?;
        Ok(None)
    }

    async fn charge_source(&self, _: SourceId, _: u64) -> Result<(), Wait> {
        Ok(())
    }
}

#[tokio::test]
async fn another_machine_is_not_let_in_without_a_token() {
    use crate::http::Server;
    let headers = axum::http::HeaderMap::from_iter([(
        axum::http::header::HOST,
        "localhost".parse().unwrap(),
    )]);
    let server =
        Server::new(Stand::default().demo().services(Arc::default()), CancellationToken::default());
    for (peer, allowed) in [
        ("127.0.0.1:1", true),
        ("[::1]:1", true),
        ("[::ffff:127.0.0.1]:1", true),
        ("192.0.2.1:1", false),
        ("[2001:db8::1]:1", false),
    ] {
        assert_eq!(
            server.anonymous_viewer(&headers, peer.parse().unwrap()).is_ok(),
            allowed,
            "{peer}"
        );
    }
    assert!(
        server.anonymous_viewer(&HeaderMap::default(), "127.0.0.1:1".parse().unwrap()).is_err()
    );
}

#[tokio::test]
async fn a_token_is_needed_and_a_bad_one_is_never_ignored() {
    let body = br#"{"query":"{who}"}"#;
    for demo in [false, true] {
        let server = Stand::default().config(|config| config.demo = demo).start().await;
        let ask = async |headers: &[(&str, &str)]| {
            server
                .send("POST", "/graphql", &[&[("content-type", JSON)], headers].concat(), body)
                .await
        };
        for authorization in ["Bearer bad", "Bearer", "Basic good", "good", "Bearer \u{e9}"] {
            let answer = ask(&[("authorization", authorization)]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "UNAUTHENTICATED"),
                "{demo} {authorization}"
            );
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
        assert_eq!(
            ask(&[("authorization", &format!("Bearer {}", "x".repeat(9000)))]).await.status,
            413
        );
        assert_eq!(ask(&[("authorization", "bearer good")]).await.json()["data"]["who"], "good");
        assert_eq!(ask(&[]).await.status, if demo { 200 } else { 401 });
        for (name, value) in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("x-forwarded-for", "203.0.113.9"),
        ] {
            assert_eq!(ask(&[(name, value)]).await.status, 401, "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn the_demo_lets_in_only_who_calls_this_machine_by_its_name() {
    let server = Stand::default().demo().start().await;
    for (host, status) in [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:1", 200),
        ("evil.example", 401),
        ("localhost.evil.example", 401),
    ] {
        let request = format!(
            "GET /graphql?query=%7Bwho%7D HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        );
        assert_eq!(server.raw(request.as_bytes()).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_a_429_that_says_when_to_come_back() {
    let start = async |arrivals, points| {
        let rate_limiter = Arc::new(Strict(parking_lot::Mutex::new((arrivals, points))));
        Stand { rate_limiter, ..Stand::default() }.start().await
    };
    let server = start(2, 100).await;
    let outcome = |answer: Answer| (answer.status, answer.headers.get("retry-after").cloned());
    assert_eq!(outcome(server.query("{who}").await), (200, None));
    assert_eq!(outcome(server.query("{who}").await), (200, None));
    assert_eq!(outcome(server.query("{who}").await), (429, Some("2".into())));
    let server = start(100, 1).await;
    assert_eq!(outcome(server.post(JSON, r#"{"query":"{who}"}"#).await), (200, None));
    let answer = server.post(JSON, r#"{"query":"{who}"}"#).await;
    assert_eq!(
        (answer.code().as_str(), answer.json()["errors"][0]["extensions"]["retryAfter"].clone()),
        ("RATE_LIMITED", Value::from(7))
    );
    assert_eq!(outcome(answer), (429, Some("7".into())));
    assert!(server.get("/metrics").await.body.contains("rapport_rate_limited_total 1"));
}
