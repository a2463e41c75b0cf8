//! Wrong bodies, methods, media types and tokens: a clear answer, no row, no 500.

use serde_json::json;

use crate::rest::Served;

fn nothing_at_all() -> Vec<i64> {
    vec![0; 9]
}

/// What is no object of JSON, and what is told.
fn wrong_bodies() -> Vec<(String, &'static str)> {
    vec![
        ("[]".into(), "the body must be a JSON object"),
        ("[{\"email\":\"a@b.co\"}]".into(), "the body must be a JSON object"),
        ("\"a@b.co\"".into(), "the body must be a JSON object"),
        ("null".into(), "the body must be a JSON object"),
        ("7".into(), "the body must be a JSON object"),
        ("true".into(), "the body must be a JSON object"),
        ("{".into(), "the body is not JSON"),
        ("{\"email\":\"a@b.co\"".into(), "the body is not JSON"),
        ("{'email':'a@b.co'}".into(), "the body is not JSON"),
        ("{\"email\":\"a@b.co\"} x".into(), "the body is not JSON"),
        ("{\"email\":\"\\ud800@b.co\"}".into(), "the body is not JSON"),
        (String::new(), "the body is empty"),
        ("  \n".into(), "the body is empty"),
    ]
}

/// What is no address, and what is told.
fn wrong_values() -> Vec<(String, &'static str)> {
    let long = "x".repeat(5_000);
    vec![
        (json!({}).to_string(), "email"),
        (
            json!({ "mail": "a@b.co" }).to_string(),
            "mail: there is no such member. Did you mean \"email\"?",
        ),
        (json!({ "email": null, "phoneNumber": null }).to_string(), "email"),
        (json!({ "email": "", "phoneNumber": "" }).to_string(), "email"),
        (json!({ "email": "  ", "phoneNumber": "\t\n" }).to_string(), "email"),
        (json!({ "email": "null", "phoneNumber": "undefined" }).to_string(), "email"),
        (json!({ "email": 7 }).to_string(), "email must be a string"),
        (json!({ "email": ["a@b.co"] }).to_string(), "email must be a string"),
        (json!({ "email": { "value": "a@b.co" } }).to_string(), "email must be a string"),
        (json!({ "email": true }).to_string(), "email must be a string"),
        (json!({ "phoneNumber": 1.5 }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": -123_456 }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": [123_456] }).to_string(), "phoneNumber must be"),
        (json!({ "phoneNumber": false }).to_string(), "phoneNumber must be"),
        (json!({ "email": "no at sign" }).to_string(), "email"),
        (json!({ "email": "two@at@signs.co" }).to_string(), "email"),
        (json!({ "email": "inner blank@b.co" }).to_string(), "email"),
        (json!({ "email": "a@" }).to_string(), "email"),
        (json!({ "email": "@b.co" }).to_string(), "email"),
        (json!({ "email": "a\u{0}@b.co" }).to_string(), "email"),
        (json!({ "email": "a@b.co\u{0}" }).to_string(), "email"),
        (json!({ "email": "a\u{7}@b.co" }).to_string(), "email"),
        (json!({ "email": format!("{long}@b.co") }).to_string(), "email"),
        (json!({ "email": long }).to_string(), "email"),
        (json!({ "phoneNumber": "call me" }).to_string(), "phone"),
        (json!({ "phoneNumber": "123456\u{0}" }).to_string(), "phone"),
        (json!({ "phoneNumber": "\u{0}" }).to_string(), "phone"),
        (json!({ "phoneNumber": "1".repeat(5_000) }).to_string(), "phone"),
        (json!({ "phoneNumber": "+-()" }).to_string(), "phone"),
        // Nothing usable is left: both are named, with the reason of each.
        (json!({ "email": "nobody", "phoneNumber": "call me" }).to_string(), "email: an email has"),
        (
            json!({ "email": "nobody", "phoneNumber": "call me" }).to_string(),
            "phoneNumber: a phone number has no letters",
        ),
        (json!({ "email": "", "phoneNumber": "+1" }).to_string(), "a country code alone"),
        // A wrong type stops the other as well.
        (json!({ "email": "a@b.co", "phoneNumber": 1.5 }).to_string(), "phoneNumber must be"),
        (json!({ "email": 7, "phoneNumber": "123456" }).to_string(), "email must be a string"),
    ]
}

#[tokio::test]
async fn wrong_input_is_told_clearly_and_leaves_no_row() {
    let server = Served::new(&[]).await;
    for (body, told) in wrong_bodies().into_iter().chain(wrong_values()) {
        let answer = server.post(body.clone()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(answer.status, 400, "{shown:?}: {}", answer.body);
        let message = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(
            message.to_lowercase().contains(&told.to_lowercase()),
            "{shown:?}: {}",
            answer.body
        );
        assert!(message.len() < 300, "{shown:?}: the message repeats the input");
        assert_eq!(server.count().await, nothing_at_all(), "{shown:?} left rows");
    }
    assert_eq!(server.post(vec![b'{', 0xff, b'}']).await.status, 400);
    assert_eq!(server.post(vec![b' '; 70_000]).await.status, 413);
    assert_eq!(server.post("[".repeat(10_000)).await.status, 400);
    assert_eq!(server.count().await, nothing_at_all());
}

#[tokio::test]
async fn wrong_methods_media_types_and_tokens_leave_no_row() {
    let server = Served::new(&[]).await;
    let url = format!("{}/identify", server.origin);
    let body = json!({ "email": "a@b.co" }).to_string();
    let json = |request: reqwest::RequestBuilder| {
        request.header("content-type", "application/json").body(body.clone())
    };
    let got = server.send(server.client.get(&url).bearer_auth(&server.token)).await;
    assert_eq!(got.status, 405, "{}", got.body);
    let plain = server
        .client
        .post(&url)
        .bearer_auth(&server.token)
        .header("content-type", "text/plain")
        .body(body.clone());
    assert_eq!(server.send(plain).await.status, 415);
    let form = server
        .client
        .post(&url)
        .bearer_auth(&server.token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("email=a@b.co");
    assert_eq!(server.send(form).await.status, 415);
    let unsigned = server.send(json(server.client.post(&url))).await;
    assert_eq!(
        (unsigned.status, unsigned.body["error"]["code"].as_str()),
        (401, Some("UNAUTHENTICATED"))
    );
    assert_eq!(
        server.send(json(server.client.post(&url).bearer_auth("not.a.token"))).await.status,
        401
    );
    assert_eq!(server.count().await, nothing_at_all());
    assert_eq!(
        server.send(json(server.client.post(&url).bearer_auth(&server.token))).await.status,
        200
    );
}
