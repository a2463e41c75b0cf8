//! Who the token says is asking, and until when.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::served::Served;
use crate::support::stand::Stand;

const VIEWER: &str = "{ viewer { subject tenant role expiresAt } }";

#[tokio::test]
async fn a_token_tells_when_it_ends_and_who_sends_none_has_no_end() {
    let stand = Stand::new().await;
    let server = Served::on(&stand.store, &["--demo"]).await;
    for role in [Role::Viewer, Role::Agent, Role::Ingest, Role::Admin] {
        let token = Served::token(role, "acme", "me");
        let claims = BASE64.decode(token.split('.').nth(1).expect("claims")).expect("base64");
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        let end: DateTime<Utc> =
            DateTime::from_timestamp(claims["exp"].as_i64().expect("exp"), 0).expect("a time");
        let viewer = server.data(&token, VIEWER, json!({})).await["viewer"].take();
        let told = viewer["expiresAt"].as_str().expect("a time");
        assert_eq!(told.parse::<DateTime<Utc>>().expect("RFC 3339"), end, "{viewer}");
    }
    let anonymous: Value = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .json(&json!({ "query": VIEWER }))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let expected =
        json!({ "subject": "demo", "tenant": "demo", "role": "AGENT", "expiresAt": null });
    assert_eq!(anonymous["data"]["viewer"], expected);
    server.stop().await;
}
