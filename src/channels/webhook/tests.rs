//! What an adapter's deliveries become: recorded ones, and broken ones.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use crate::channels::delivery::Refusal;
use crate::channels::fact::{Outcome, OutcomeKind, What};
use crate::channels::tests::{
    Request, recorded, recorded_requests_become, said, source, stands, stands_broken,
};
use crate::channels::webhook::CHANNEL;
use crate::domain::source::OpenSource;
use crate::ids::{IdKind, TenantId, opaque_id};

const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "msg_1"),
    ("webhook-timestamp", "1795687200"),
    ("webhook-signature", "v1,c2lnbmVk"),
];

fn own() -> OpenSource {
    OpenSource { secrets: vec!["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()], ..source() }
}

fn becomes(body: &Json) -> Result<String, Refusal> {
    let request = Request::new(body.to_string().as_bytes()).with(&HEADERS);
    (CHANNEL.facts)(&own(), &request.delivery()).map(|facts| said(&facts))
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become(&CHANNEL, "webhook", &HEADERS[..1]);
}

#[test]
fn a_delivery_is_an_object_of_lists() {
    for body in [json!([]), json!(7), json!({ "identify": {} }), json!({ "pageViews": "x" })] {
        assert!(matches!(becomes(&body), Err(Refusal::Malformed(_))), "{body}");
    }
    for body in [json!({}), json!({ "identify": null, "engagements": [] })] {
        assert_eq!(becomes(&body), Ok(String::new()), "{body}");
    }
}

#[test]
fn an_entry_without_an_id_is_told_by_its_place() {
    let view = |id: Json| json!({ "url": "/a", "sourceId": id });
    let views = [json!({ "url": "/a" }), view(json!(null)), view(json!(" ")), view(json!("own"))];
    let told = becomes(&json!({ "pageViews": views })).expect("a delivery");
    let ids: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("pageViews ")).collect();
    assert_eq!(ids, ["msg_1:pageViews:0", "msg_1:pageViews:1", "msg_1:pageViews:2", "own"]);
    for id in ids {
        assert!(told.contains(&format!("nobody {id} PageView")), "{told}");
    }
}

#[test]
fn a_customer_is_named_by_the_id_of_the_same_tenant() {
    for (id, who) in [
        (opaque_id(IdKind::Customer, TenantId(3), 42), "Customer(CustomerId(42))"),
        (opaque_id(IdKind::Customer, TenantId(4), 42), "Unknown"),
        (opaque_id(IdKind::Item, TenantId(3), 42), "Unknown"),
        (String::new(), "Unknown"),
    ] {
        let view = json!({ "customer": { "id": id }, "url": "/a" });
        let told = becomes(&json!({ "pageViews": [view] })).expect("a delivery");
        assert!(told.contains(&format!("record WEB - {who} msg_1")), "{told}");
    }
}

#[test]
fn what_became_of_the_entries_is_counted() {
    use OutcomeKind::{Duplicate, Recorded, Rejected, Unknown};
    let outcome = |result| Outcome { external_id: None, result, errors: Vec::new() };
    let outcomes = [Recorded, Recorded, Duplicate, Rejected, Unknown, Recorded].map(outcome);
    let answer = (CHANNEL.answer)(&own(), &Request::new(b"").delivery(), &outcomes);
    let answer: Json = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(answer, json!({ "recorded": 3, "duplicates": 1, "rejected": 1, "unknown": 1 }));
}

#[test]
fn a_broken_entry_costs_no_neighbour() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let body = format!(r#"{{"pageViews":[1e999,{{"url":"/\ud83d"}},{deep}],"x":1e999}}"#);
    let request = Request::new(body.as_bytes()).with(&HEADERS);
    let facts = (CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery");
    let told = said(&facts);
    assert!(told.contains("url: \"/\u{fffd}\""), "{told}");
    assert_eq!(told.matches("rejected").count(), 2, "{told}");
    let many: BTreeMap<String, i32> = (0..1_000).map(|n| (format!("member{n}"), n)).collect();
    let request = Request::new(json!({ "identify": [many] }).to_string().as_bytes());
    let facts = (CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery");
    let What::Rejected(errors) = &facts[0].what else { panic!("{}", said(&facts)) };
    assert_eq!(errors.len(), 20);
}

#[test]
fn broken_requests_stand() {
    for name in ["all", "another"] {
        let body = recorded(&format!("webhook/{name}.json"));
        stands_broken(&CHANNEL, &own(), &HEADERS, &body);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_bytes_are_too_odd(body in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,60}") {
        stands(&CHANNEL, &own(), &HEADERS, &body);
        stands(&CHANNEL, &own(), &[("webhook-id", &text)], text.as_bytes());
        let body = json!({
            "engagements": [{ "sourceId": text, "channel": text }],
            text.clone(): [text],
        });
        stands(&CHANNEL, &own(), &HEADERS, body.to_string().as_bytes());
    }
}
