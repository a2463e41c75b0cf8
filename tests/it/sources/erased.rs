//! What sources kept of a person goes with an erasure, and nothing comes back after it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::sources::{batch, kept, source};
use crate::support::app::App;

const ERASE: &str = "mutation($id: ID!) { eraseCustomer(customerId: $id) { receipt { rows { table count } } userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_kept_events_and_keeps_no_later_payload() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let bad = |id: &str, extra: serde_json::Value| {
        let mut event = json!({ "type": "track", "messageId": id });
        event.as_object_mut().expect("one").extend(extra.as_object().expect("one").clone());
        event
    };
    let events = json!([
        { "type": "identify", "userId": "u1", "messageId": "m0", "traits": { "email": "ann@acme.example", "phone": "+14155550101" } },
        bad("by-id", json!({ "userId": "u1" })),
        bad("by-mail", json!({ "userId": "u2", "properties": { "note": "call Ann <ANN@acme.example>!" } })),
        bad("by-phone", json!({ "userId": "u2", "context": { "traits": { "phone": "(415) 555-0101" } } })),
        bad("of-another", json!({ "userId": "u2" })),
    ]);
    assert_eq!(batch(&admin, &web, events).await.status, 200);
    assert_eq!(kept(&admin, &web).await.len(), 4);
    let ann = admin
        .data(r#"{ customer(by: { identity: { kind: USER_ID, value: "u1" } }) { id } }"#, json!({}))
        .await;
    let erased = admin.data(ERASE, json!({ "id": ann["customer"]["id"] })).await;
    let rows = &erased["eraseCustomer"]["receipt"]["rows"];
    let count = rows.as_array().expect("rows").iter().find(|row| row["table"] == "source_event");
    assert_eq!(count.expect("a row")["count"], 3, "{rows}");
    let left = kept(&admin, &web).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["externalId"], "of-another");

    let later = json!([
        { "type": "track", "event": "x", "userId": "u1", "messageId": "later" },
        { "type": "track", "userId": "u2", "messageId": "later-mail", "properties": { "to": "ann@acme.example" } },
    ]);
    assert_eq!(batch(&admin, &web, later).await.status, 200);
    let left = kept(&admin, &web).await;
    assert_eq!(left.len(), 3, "{left:?}");
    for event in left.iter().filter(|event| event["externalId"] != "of-another") {
        assert!(event["payload"].is_null() && event["externalId"].is_null(), "{event}");
        assert!(!event.to_string().contains("ann@") && !event.to_string().contains("u1"));
    }
}

/// A mail without a sender is kept; the person stands in a part of it that is encoded.
#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_reaches_what_an_encoding_hides() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let input = json!({ "kind": "EMAIL", "name": "mail", "addresses": ["@acme.example"] });
    let mail = source(&admin, input).await;
    let url = mail["url"].as_str().expect("an address");
    let basic = format!("x:{}", mail["secret"].as_str().expect("a secret"));
    let basic = format!("Basic {}", STANDARD.encode(basic));
    let headers = [("authorization", basic.as_str()), ("content-type", "message/rfc822")];
    let part = |encoding: &str, kind: &str, content: &str| {
        format!("--b\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n{content}\n")
    };
    let of = |id: &str, part: &str| {
        format!(
            "Subject: {id}\nMessage-ID: <{id}>\nContent-Type: multipart/mixed; boundary=b\n\n{part}--b--\n"
        )
    };
    let said = STANDARD.encode("please write to Ann <ann@person.example>, thank you");
    for (id, part) in [
        ("base64@x", part("base64", "text/plain; charset=utf-8", &said)),
        ("quoted@x", part("quoted-printable", "text/html", "<p>ann=40person.exa=\nmple</p>")),
        ("file@x", part("base64", "text/csv; name=a.csv", &said)),
        ("other@x", part("base64", "text/plain", &STANDARD.encode("eve@person.example"))),
    ] {
        assert_eq!(admin.deliver(url, &headers, of(id, &part)).await.status, 200);
    }
    assert_eq!(kept(&admin, &mail).await.len(), 4);
    const IDENTIFY: &str =
        "mutation($input: IdentifyInput!) { identify(input: $input) { customer { id } } }";
    let ann = json!({ "input": { "email": "ann@person.example" } });
    let ann = admin.data(IDENTIFY, ann).await["identify"]["customer"]["id"].clone();
    admin.data(ERASE, json!({ "id": ann })).await;
    let left = kept(&admin, &mail).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["externalId"], "other@x");
}
