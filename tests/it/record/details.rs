//! A detail never costs the event: it is mended, cut or left out, and the caller is told.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::served::Served;
use crate::support::stand::EmptyStore;

const RECORD: &str =
    "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results {
    item { id summary ... on Email { subject text } ... on Message { text parts { __typename } }
      ... on Call { callState durationSeconds recordingUrl } ... on RecordEvent { recordId data } sourceId }
    duplicate warnings { path message } userErrors { path message } } } }";
const VIEWS: &str =
    "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results {
    item { ... on PageView { url title category sessionId description } }
    warnings { path } userErrors { path message } } } }";
const UPDATE: &str =
    "mutation($input: UpdateCallInput!) { updateCall(input: $input) { call { callState durationSeconds recordingUrl }
    warnings { path message } userErrors { path message } } }";

struct Records {
    served: Served,
    token: String,
    _store: EmptyStore,
}

impl Records {
    async fn new() -> Records {
        let store = EmptyStore::migrated().await;
        let served = Served::on(&store, &[]).await;
        let token = Served::token(Role::Agent, "acme", "details");
        Records { served, token, _store: store }
    }

    async fn data(&self, document: &str, variables: Value) -> Value {
        self.served.data(&self.token, document, variables).await
    }

    /// The result of one engagement.
    async fn one(&self, body: Value) -> Value {
        let input =
            json!({ "customer": ada(), "channel": "EMAIL", "direction": "INBOUND", "body": body });
        let mut data = self.data(RECORD, json!({ "inputs": [input] })).await;
        data["recordEngagements"]["results"][0].take()
    }
}

fn ada() -> Value {
    json!({ "identity": { "kind": "EMAIL", "value": "ada@x.org" } })
}

/// Paths of warnings as texts, after the input's own.
fn warned(result: &Value) -> Vec<String> {
    let path = |warning: &Value| {
        let names = warning["path"].as_array().expect("a path").iter();
        names.skip(2).map(|name| name.as_str().expect("a name")).collect::<Vec<_>>().join(".")
    };
    result["warnings"].as_array().expect("warnings").iter().map(path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_lines_are_mended_or_cut() {
    let records = Records::new().await;
    let long = "x".repeat(20_001);
    for (body, field, kept, path) in [
        (
            json!({ "email": { "subject": "Your order\r\n\t2026" } }),
            "subject",
            "Your order 2026",
            "body.email.subject",
        ),
        (
            json!({ "email": { "subject": "a\u{0}b\u{1b}[0m" } }),
            "subject",
            "ab[0m",
            "body.email.subject",
        ),
        (
            json!({ "email": { "subject": "s".repeat(1_200) } }),
            "subject",
            &"s".repeat(1_000),
            "body.email.subject",
        ),
        (json!({ "email": { "text": "a\u{0}b\nc" } }), "text", "ab\nc", "body.email.text"),
        (json!({ "email": { "text": long } }), "text", &long[..20_000], "body.email.text"),
        (json!({ "message": { "text": "a\u{0}\u{0}b" } }), "text", "ab", "body.message.text"),
        (
            json!({ "message": { "text": format!("{}é", "é".repeat(20_000)) } }),
            "text",
            &"é".repeat(20_000),
            "body.message.text",
        ),
        (
            json!({ "record": { "recordType": "order", "recordId": "A\r\n7" } }),
            "recordId",
            "A 7",
            "body.record.recordId",
        ),
    ] {
        let result = records.one(body).await;
        assert_eq!(result["item"][field], kept, "{result}");
        assert_eq!(warned(&result), [path], "{result}");
        assert_eq!(result["userErrors"], json!([]));
    }
    // What is as it should be is not spoken of, and what leaves no event is an error.
    let plain = records.one(json!({ "message": { "text": "line\n\ttwo 😀" } })).await;
    assert_eq!(
        (&plain["item"]["text"], &plain["warnings"]),
        (&json!("line\n\ttwo 😀"), &json!([]))
    );
    for nothing in [
        json!({ "message": { "text": "\u{0}" } }),
        json!({ "email": { "subject": "\u{7}" } }),
        json!({ "note": { "text": " \n" } }),
        json!({ "message": { "parts": [{ "image": { "url": "http://x.example/a.png" } }] } }),
    ] {
        let result = records.one(nothing).await;
        assert!(result["item"].is_null() && !result["userErrors"][0].is_null(), "{result}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_parts_and_data_leave_out_what_cannot_be() {
    let records = Records::new().await;
    for (url, kept) in [
        ("http://pbx.example/1.mp3", Value::Null),
        ("pbx/1.mp3", Value::Null),
        ("https://pbx.example/a b.mp3", json!("https://pbx.example/a%20b.mp3")),
    ] {
        let call =
            json!({ "call": { "state": "COMPLETED", "durationSeconds": 60, "recordingUrl": url } });
        let result = records.one(call).await;
        assert_eq!(
            (&result["item"]["recordingUrl"], &result["item"]["durationSeconds"]),
            (&kept, &json!(60))
        );
        assert_eq!(warned(&result), ["body.call.recordingUrl"]);
    }
    let call =
        records.one(json!({ "call": { "state": "COMPLETED", "durationSeconds": -1 } })).await;
    assert_eq!(warned(&call), ["body.call.durationSeconds"]);
    assert_eq!(call["item"]["summary"], "Call, completed");
    let parts: Vec<Value> = (0..22)
        .map(|n| match n {
            0 => json!({ "file": { "url": "ftp://x.example/a.pdf" } }),
            1 => json!({ "image": { "url": "https://x.example/a.png", "alt": "a\u{0}b" } }),
            _ => json!({ "text": { "text": "more" } }),
        })
        .collect();
    let message = records.one(json!({ "message": { "parts": parts } })).await;
    assert_eq!(message["item"]["parts"].as_array().map(Vec::len), Some(19), "{message}");
    assert_eq!(
        warned(&message),
        ["body.message.parts.0.url", "body.message.parts.1.alt", "body.message.parts"]
    );
    let record = |data: Value| json!({ "record": { "recordType": "order", "data": data } });
    let large = records.one(record(json!({ "text": "x".repeat(40_000) }))).await;
    assert_eq!(
        (warned(&large), &large["item"]["data"]),
        (vec!["body.record.data".into()], &Value::Null)
    );
    let nul = records.one(record(json!({ "a\u{0}": ["b\u{0}c"] }))).await;
    assert_eq!(
        (warned(&nul), &nul["item"]["data"]),
        (vec!["body.record.data".into()], &json!({ "a": ["bc"] }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn page_views_are_kept_with_the_address_that_can_be() {
    let records = Records::new().await;
    let long = "q".repeat(3_000);
    for (url, kept, path) in [
        (
            format!("https://shop.example/cars/42?s={long}#top"),
            "https://shop.example/cars/42",
            "url",
        ),
        ("https://shop.example/cars/a b".into(), "https://shop.example/cars/a%20b", "url"),
        ("/cars/\u{0}42\n".into(), "/cars/42", "url"),
        ("https://me:pw@shop.example/cars".into(), "https://shop.example/cars", "url"),
    ] {
        let input = json!({ "customer": ada(), "url": url });
        let data = records.data(VIEWS, json!({ "inputs": [input] })).await;
        let result = &data["recordPageViews"]["results"][0];
        assert_eq!(
            (&result["item"]["url"], warned(result)),
            (&json!(kept), vec![path.to_string()])
        );
        assert_eq!(result["item"]["category"], "cars");
    }
    let input = json!({ "customer": ada(), "url": "/x", "title": "t\tt", "category": "c".repeat(300),
        "sessionId": "s\u{0}", "description": "d\r\nd" });
    let data = records.data(VIEWS, json!({ "inputs": [input] })).await;
    let result = &data["recordPageViews"]["results"][0];
    assert_eq!(warned(result), ["title", "category", "sessionId", "description"]);
    assert_eq!(
        result["item"],
        json!({ "url": "/x", "title": "t t", "category": "c".repeat(255), "sessionId": "s", "description": "d d" })
    );
    for no_page in ["", "javascript:alert(1)", "//evil.example/x"] {
        let input = json!({ "customer": ada(), "url": no_page });
        let data = records.data(VIEWS, json!({ "inputs": [input] })).await;
        let result = &data["recordPageViews"]["results"][0];
        assert!(
            result["item"].is_null() && result["userErrors"][0]["path"][2] == "url",
            "{result}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_moves_on_whatever_its_details_and_is_found_by_the_id_as_it_was_sent() {
    let records = Records::new().await;
    let id = format!("<{}@pbx>\r\n", "c".repeat(400));
    let ringing = json!({ "customer": ada(), "channel": "VOICE", "source": "the\tpbx", "sourceId": id,
        "body": { "call": { "state": "RINGING" } } });
    let data = records.data(RECORD, json!({ "inputs": [ringing] })).await;
    let first = &data["recordEngagements"]["results"][0];
    assert_eq!(warned(first), ["sourceId", "source"]);
    let update = json!({ "call": { "source": { "source": "the\tpbx", "sourceId": id } }, "state": "COMPLETED",
        "durationSeconds": 700_000, "recordingUrl": "http://pbx.example/1.mp3" });
    let data = records.data(UPDATE, json!({ "input": update })).await;
    let updated = &data["updateCall"];
    assert_eq!(
        updated["call"],
        json!({ "callState": "COMPLETED", "durationSeconds": null, "recordingUrl": null })
    );
    let paths: Vec<&Value> =
        updated["warnings"].as_array().expect("warnings").iter().map(|w| &w["path"]).collect();
    assert_eq!(paths, [&json!(["input", "durationSeconds"]), &json!(["input", "recordingUrl"])]);
    // Sent again it is the same, and one that differs at the end is another.
    let again = records.data(RECORD, json!({ "inputs": [ringing] })).await;
    assert_eq!(again["recordEngagements"]["results"][0]["duplicate"], true);
    let mut other = ringing.clone();
    other["sourceId"] = json!(format!("<{}@pbx2>", "c".repeat(400)));
    let other = records.data(RECORD, json!({ "inputs": [other] })).await;
    assert_eq!(other["recordEngagements"]["results"][0]["duplicate"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_emoji_costs_nothing_but_itself() {
    let records = Records::new().await;
    let body = json!({ "query": RECORD, "variables": { "inputs": [
        { "customer": ada(), "channel": "SMS", "body": { "message": { "text": "cut HERE" } } },
        { "customer": ada(), "channel": "SMS", "body": { "message": { "text": "whole SMILE" } } },
        { "customer": { "identity": { "kind": "EMAIL", "value": "HERE@x.org" } }, "channel": "SMS",
          "body": { "message": { "text": "of nobody" } } },
    ] } });
    let body = body.to_string().replace("HERE", "\\ud83d").replace("SMILE", "\\ud83d\\ude00");
    let response = reqwest::Client::new()
        .post(format!("{}/graphql", records.served.url))
        .bearer_auth(&records.token)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .expect("an answer");
    let answer: Value =
        serde_json::from_str(&response.text().await.expect("a body")).expect("JSON");
    let results = &answer["data"]["recordEngagements"]["results"];
    assert_eq!(results[0]["item"]["text"], "cut \u{fffd}", "{answer}");
    assert_eq!(warned(&results[0]), ["body.message.text"]);
    assert_eq!(results[1]["item"]["text"], "whole 😀");
    assert_eq!(results[1]["warnings"], json!([]));
    // An address is no detail.
    assert_eq!(results[2]["item"], Value::Null);
    assert_eq!(results[2]["userErrors"][0]["path"][4], "value", "{answer}");
}
