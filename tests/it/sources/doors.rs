//! Who is let in, and what is answered to whom is not.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::sources::{batch, counts, source, stats};
use crate::support::app::App;

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).expect("memory");
    packed.finish().expect("memory")
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_known_key_of_the_channel_opens() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let hook = source(&admin, json!({ "kind": "WEBHOOK", "name": "erp" })).await;
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let own = hook["url"].as_str().expect("an address");
    let key = own.rsplit('/').next().expect("a key");
    let write_key = web["writeKey"].as_str().expect("a key");
    for (path, status) in [
        (own.to_owned(), 401),
        (format!("{}/hooks/device/{key}", app.url), 404),
        (format!("{}/hooks/webhook/{}", app.url, "A".repeat(32)), 404),
        (format!("{}/hooks/webhook/{write_key}", app.url), 404),
        (format!("{}/hooks/nothing/{key}", app.url), 404),
        (format!("{}/hooks/webhook/%00%ff", app.url), 404),
        (format!("{}/hooks/webhook/{key}/more", app.url), 404),
        (format!("{}/v1/track?writeKey={key}", app.url), 401),
        (format!("{}/v1/track?writeKey={}", app.url, "A".repeat(32)), 401),
        (format!("{}/v1/track", app.url), 401),
        (format!("{}/v1/nothing", app.url), 404),
        (format!("{}/v1/track?writeKey={write_key}", app.url), 400),
    ] {
        let told = admin.deliver(&path, &[("content-type", "application/json")], "[]").await;
        assert_eq!(told.status, status, "{path}: {told:?}");
    }
    assert_eq!(counts(&admin, "erp").await[5], 1);
    assert_eq!(counts(&admin, "web").await[5], 1);
    let refusal = stats(&admin, "erp").await["lastRefusal"]["reason"].clone();
    assert!(refusal.is_string(), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_401_names_what_the_address_takes() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let basic = "Basic realm=\"rapport source\"";
    for (kind, challenge) in [
        ("TWILIO", "X-Twilio-Signature"),
        ("META", "X-Hub-Signature-256"),
        ("TELEGRAM", "X-Telegram-Bot-Api-Secret-Token"),
        ("WEBHOOK", "Webhook-Signature"),
        ("DEVICE", "Bearer"),
        ("POSTMARK", basic),
        ("EMAIL", basic),
    ] {
        let mut input = json!({ "kind": kind, "name": kind.to_lowercase() });
        if ["TWILIO", "META"].contains(&kind) {
            input["providerSecret"] = "a secret of the provider's".into();
        }
        if ["POSTMARK", "EMAIL"].contains(&kind) {
            input["addresses"] = json!(["@acme.example"]);
        }
        let made = source(&admin, input).await;
        let url = made["url"].as_str().unwrap_or_else(|| panic!("{kind}: {made}"));
        let told = admin.deliver(url, &[("content-type", "application/json")], "{}").await;
        assert_eq!((told.status, told.challenge.as_deref()), (401, Some(challenge)), "{kind}");
    }
    for path in ["/v1/track", "/v1/batch?writeKey=none"] {
        let told = admin.deliver(path, &[], "{}").await;
        let challenge = Some("Basic realm=\"rapport write key\"");
        assert_eq!((told.status, told.challenge.as_deref()), (401, challenge), "{path}");
    }
    let told = admin.deliver("/identify", &[("content-type", "application/json")], "{}").await;
    assert_eq!((told.status, told.challenge.as_deref()), (401, Some("Bearer")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_key_is_read_from_three_places_and_bodies_come_packed() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let key = web["writeKey"].as_str().expect("a key");
    let basic = reqwest_basic(key);
    let event = |n: usize| json!({ "event": "x", "userId": "u", "messageId": format!("m{n}"), "type": "track" });
    let with_key = |n: usize| {
        let mut event = event(n);
        event["writeKey"] = key.into();
        event.to_string()
    };
    let plain = ("content-type", "text/plain");
    let path = |path: &str| format!("{}{path}", app.url);
    let authorized = [("authorization", basic.as_str()), plain];
    let told = admin.deliver(&path("/v1/track"), &authorized, event(1).to_string()).await;
    assert_eq!((told.status, told.text.as_str()), (200, r#"{"success":true}"#));
    let beacon = format!("/beacon/v1/batch?writeKey={key}");
    let body = json!({ "batch": [event(2)] }).to_string();
    assert_eq!(admin.deliver(&path(&beacon), &[plain], body).await.status, 200);
    let packed = [("content-encoding", "gzip"), plain];
    for (n, headers) in [(3, &[plain][..]), (4, &[]), (5, &packed)] {
        let body = with_key(n);
        let body = if n == 5 { gzip(&body) } else { body.into_bytes() };
        assert_eq!(admin.deliver(&path("/v1/t"), headers, body).await.status, 200, "{n}");
    }
    assert_eq!(counts(&admin, "web").await[1], 5);
}

fn reqwest_basic(user: &str) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:"));
    format!("Basic {text}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_no_json_is_refused_and_records_nothing() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let path = format!("{}/v1/batch?writeKey={}", app.url, web["writeKey"].as_str().expect("one"));
    let long = json!({ "batch": [], "more": "x".repeat(600_000) }).to_string();
    for body in [
        b"".to_vec(),
        b"{".to_vec(),
        b"[]".to_vec(),
        br#"{"batch":{}}"#.to_vec(),
        br#"{"batch":null}"#.to_vec(),
        b"\xff\xfe".to_vec(),
        gzip(&long),
        long.clone().into_bytes(),
    ] {
        let told = admin.deliver(&path, &[], body.clone()).await;
        let beginning = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(told.status, 400, "{beginning}: {told:?}");
    }
    assert_eq!(counts(&admin, "web").await, [0, 0, 0, 0, 0, 8]);
    // Whose key stands in its body alone is nobody's while that cannot be read.
    let path = format!("{}/v1/batch", app.url);
    assert_eq!(admin.deliver(&path, &[], long.clone()).await.status, 400);
    let hook = source(&admin, json!({ "kind": "DEVICE", "name": "phone" })).await;
    let url = hook["url"].as_str().expect("an address");
    let packed = [("content-encoding", "gzip")];
    assert_eq!(admin.deliver(url, &packed, "{}").await.status, 400);
    let bomb = gzip(&" ".repeat(5 * 1024 * 1024 + 1));
    assert_eq!(admin.deliver(url, &packed, bomb).await.status, 413);
    assert_eq!(counts(&admin, "phone").await[5], 2);
    assert_eq!(counts(&admin, "web").await[5], 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_origin_may_ask_these_addresses_and_no_others() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let client = reqwest::Client::new();
    let key = web["writeKey"].as_str().expect("a key");
    for (path, open) in [
        ("/v1/batch".to_owned(), true),
        ("/beacon/v1/batch".to_owned(), true),
        (format!("/sourceConfig/?writeKey={key}"), true),
        (format!("/v1/projects/{key}/settings"), true),
        ("/rapport.js".to_owned(), true),
        ("/graphql".to_owned(), false),
    ] {
        let asked = client
            .request(reqwest::Method::OPTIONS, format!("{}{path}", app.url))
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,x-retry-count,anonymousid")
            .send()
            .await
            .expect("an answer");
        let header = |name: &str| asked.headers().get(name).and_then(|value| value.to_str().ok());
        let origin = header("access-control-allow-origin");
        assert_eq!(origin, open.then_some("*"), "{path}");
        let names = header("access-control-allow-headers").unwrap_or_default().to_owned();
        let mirrored = ["authorization", "x-retry-count", "anonymousid"];
        assert!(!open || mirrored.iter().all(|name| names.contains(name)), "{path}: {names}");
        assert_eq!(header("access-control-allow-credentials"), None);
    }
    let refused = client.post(format!("{}/v1/track", app.url)).body("{}").send().await;
    let refused = refused.expect("an answer");
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["access-control-allow-origin"]),
        (401, &reqwest::header::HeaderValue::from_static("*"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sdks_are_told_where_to_send() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let key = web["writeKey"].as_str().expect("a key");
    let get = async |path: String| {
        let answer = reqwest::get(format!("{}{path}", app.url)).await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap_or_default())
    };
    let (status, settings) = get(format!("/v1/projects/{key}/settings")).await;
    let host = app.url.trim_start_matches("http://");
    assert_eq!(status, 200);
    let told = &settings["integrations"]["Segment.io"];
    assert_eq!(told["apiHost"], format!("{host}/v1"));
    assert_eq!((&told["protocol"], &told["apiKey"]), (&json!("http"), &json!(key)));
    let (status, config) = get(format!("/sourceConfig/?writeKey={key}")).await;
    assert_eq!((status, &config["source"]["enabled"]), (200, &json!(true)));
    assert_eq!(config["source"]["name"], "web");
    assert_eq!(get("/sourceConfig/?writeKey=nothing".into()).await.0, 401);
    let script = reqwest::get(format!("{}/rapport.js", app.url)).await.expect("an answer");
    assert!(script.headers()["cache-control"].to_str().expect("text").contains("max-age"));
    let script = script.text().await.expect("text");
    assert!(script.len() < 12_000 && script.contains("rapport"), "{} bytes", script.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_batch_are_items_of_their_people() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let events = json!([
        { "type": "page", "anonymousId": "a1", "messageId": "m1", "properties": { "url": "https://shop.example/cars/7" } },
        { "type": "identify", "anonymousId": "a1", "userId": "u1", "messageId": "m2", "traits": { "email": "ann@acme.example", "name": "Ann" } },
        { "type": "track", "userId": "u1", "messageId": "m3", "event": "Order Completed", "properties": { "total": 7 } },
    ]);
    assert_eq!(batch(&admin, &web, events).await.status, 200);
    let page = admin
        .data(
            r#"{ customer(by: { identity: { kind: EMAIL, value: "ann@acme.example" } }) { name history { nodes {
                __typename source ... on PageView { url } ... on RecordEvent { text data }
            } } } }"#,
            json!({}),
        )
        .await;
    let customer = &page["customer"];
    assert_eq!(customer["name"], "Ann");
    let text = customer["history"].to_string();
    for part in ["https://shop.example/cars/7", "Order Completed", "\"total\":7"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
