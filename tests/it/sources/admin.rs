//! What admins do with sources.

use serde_json::{Value, json};

use crate::sources::{CREATE, SOURCES, batch, counts, source, stats};
use crate::support::app::App;

const UPDATE: &str = "mutation($input: UpdateSourceInput!) { updateSource(input: $input) {
    source { enabled answer verifyToken } userErrors { code path }
} }";
const ROTATE: &str = "mutation($id: ID!) { rotateSourceSecret(sourceId: $id) { source { id } secret userErrors { code path } } }";

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_has_its_address_and_its_secrets() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    for (kind, secret, extra) in [
        ("SEGMENT", false, json!({})),
        ("TWILIO", false, json!({ "providerSecret": "token", "answer": "<Response/>" })),
        ("META", false, json!({ "providerSecret": "app", "accessToken": "a" })),
        ("POSTMARK", true, json!({ "addresses": ["@acme.example"] })),
        ("EMAIL", true, json!({ "addresses": ["Help@Acme.example"] })),
        ("TELEGRAM", true, json!({ "accessToken": "1:x" })),
        ("DEVICE", true, json!({})),
        ("WEBHOOK", true, json!({})),
    ] {
        let name = kind.to_lowercase();
        let mut input = json!({ "kind": kind, "name": name });
        input.as_object_mut().expect("an object").extend(extra.as_object().expect("one").clone());
        let made = source(&admin, input).await;
        assert_eq!(made["secret"].is_string(), secret, "{made}");
        let url = made["url"].as_str().expect("an address");
        if kind == "SEGMENT" {
            assert_eq!(url, format!("{}/v1", app.url));
            assert!(made["writeKey"].as_str().expect("a key").len() >= 20);
        } else {
            let key = url.strip_prefix(&format!("{}/hooks/{name}/", app.url)).expect("its path");
            assert!(key.len() >= 20 && made["writeKey"].is_null(), "{made}");
        }
        assert_eq!(made["verifyToken"].is_string(), kind == "META");
    }
    let all = admin.data(SOURCES, json!({})).await;
    assert_eq!(all["sources"]["nodes"].as_array().expect("nodes").len(), 8);
    assert!(app.as_admin("other").data(SOURCES, json!({})).await["sources"]["nodes"][0].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_source_is_said_and_nothing_is_made() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    for (input, code, path) in [
        (json!({ "kind": "SEGMENT", "name": "web" }), "CONFLICT", "name"),
        (json!({ "kind": "SEGMENT", "name": "Web!" }), "INVALID", "name"),
        (json!({ "kind": "TWILIO", "name": "sms" }), "INVALID", "providerSecret"),
        (json!({ "kind": "EMAIL", "name": "m", "answer": "<Response/>" }), "INVALID", "answer"),
        (json!({ "kind": "EMAIL", "name": "m", "addresses": ["x"] }), "INVALID", "addresses.0"),
    ] {
        let reply = admin.gql(CREATE, json!({ "input": input })).await;
        let error = &reply.body["data"]["createSource"]["userErrors"][0];
        let at: Vec<&str> =
            error["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        assert_eq!((error["code"].as_str(), at.join(".")), (Some(code), format!("input.{path}")));
    }
    let all = admin.data(SOURCES, json!({})).await;
    assert_eq!(all["sources"]["nodes"].as_array().expect("nodes").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_off_takes_nothing() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let track = json!([{ "type": "track", "event": "x", "userId": "u", "messageId": "m1" }]);
    assert_eq!(batch(&admin, &web, track.clone()).await.status, 200);
    let switch = |on: bool| json!({ "input": { "id": web["id"], "enabled": on } });
    admin.data(UPDATE, switch(false)).await;
    assert_eq!(batch(&admin, &web, track.clone()).await.status, 401);
    admin.data(UPDATE, switch(true)).await;
    assert_eq!(batch(&admin, &web, track).await.status, 200);
    assert_eq!(counts(&admin, "web").await, [2, 1, 1, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_opens_beside_the_new_one_and_neither_stands_in_the_store() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let hook = source(&admin, json!({ "kind": "DEVICE", "name": "phones" })).await;
    let old = hook["secret"].as_str().expect("told once").to_owned();
    let new = admin.data(ROTATE, json!({ "id": hook["id"] })).await;
    let new = new["rotateSourceSecret"]["secret"].as_str().expect("told once").to_owned();
    assert_ne!(old, new);
    for (secret, status) in [(&old, 200), (&new, 200), (&"wrong".to_owned(), 401)] {
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = r#"{"deviceId":"d","events":[]}"#;
        let told = admin.deliver(hook["url"].as_str().expect("one"), &headers, body).await;
        assert_eq!(told.status, status, "{told:?}");
    }
    let refusal = stats(&admin, "phones").await["lastRefusal"]["reason"].clone();
    let reason = refusal.as_str().expect("a reason");
    assert!(!reason.contains(&old) && !reason.contains("wrong"), "{reason}");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let reply = admin.gql(ROTATE, json!({ "id": web["id"] })).await;
    assert_eq!(reply.user_error(), "INVALID");
    if let Some(file) = app.store.url.strip_prefix("sqlite://") {
        let file = std::path::Path::new(file.split('?').next().expect("a path"));
        for entry in std::fs::read_dir(file.parent().expect("a folder")).expect("a folder") {
            let path = entry.expect("an entry").path();
            let (name, bytes) = (path.display(), std::fs::read(&path).unwrap_or_default());
            for secret in [&old, &new] {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{name} holds a secret");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_made_and_changed_sources_stands_in_the_audit_log() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let hook = source(&admin, json!({ "kind": "WEBHOOK", "name": "erp" })).await;
    admin.data(ROTATE, json!({ "id": hook["id"] })).await;
    admin.data(UPDATE, json!({ "input": { "id": hook["id"], "enabled": false } })).await;
    let log = admin.data("{ auditLog { nodes { action detail } } }", json!({})).await;
    let lines: Vec<(&str, &Value)> = log["auditLog"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|line| (line["action"].as_str().expect("an action"), &line["detail"]["source"]))
        .collect();
    let own = &hook["id"];
    assert_eq!(
        lines,
        [("UPDATE_SOURCE", own), ("ROTATE_SOURCE_SECRET", own), ("CREATE_SOURCE", own)]
    );
    let text = log.to_string();
    assert!(!text.contains(hook["secret"].as_str().expect("one")), "{text}");
}
