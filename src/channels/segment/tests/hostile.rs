//! Nothing that is sent ends the reader: every request with every member replaced, and bodies of noise.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::channels::delivery::Headers;
use crate::channels::segment::key::key_of;
use crate::channels::segment::tests::{delivery, read};

const PATHS: [&str; 8] = [
    "/v1/batch",
    "/v1/i",
    "/v1/track",
    "/v1/p",
    "/v1/screen",
    "/v1/g",
    "/v1/alias",
    "/beacon/v1/batch",
];

/// All events that were recorded, those of batches one by one.
fn recorded() -> Vec<Json> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/channels/segment");
    let mut events = Vec::new();
    for file in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        let mut body: Json = serde_json::from_str(&text.replace("NaN", "null")).expect("JSON");
        match body.get_mut("batch").map(Json::take) {
            Some(Json::Array(batch)) => events.extend(batch),
            _ => events.push(body),
        }
    }
    assert!(events.len() > 15, "{}", events.len());
    events
}

/// The event with each member, at every depth, replaced or dropped.
fn mutated(event: &Json) -> Vec<Json> {
    let Json::Object(members) = event else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in members {
        let mut without = members.clone();
        without.remove(name);
        all.push(Json::Object(without));
        let others = [
            Json::Null,
            json!([]),
            json!([[["x"]], 1]),
            json!({}),
            json!({ "id": { "id": [] } }),
            json!("x".repeat(10_000)),
            json!("\u{0}\u{fffd}"),
            json!(-1.5e300),
            json!(true),
        ];
        for other in others.into_iter().chain(mutated(value)) {
            let mut with = members.clone();
            with.insert(name.clone(), other);
            all.push(Json::Object(with));
        }
    }
    all
}

#[test]
fn every_member_may_be_anything() {
    let mut count = 0;
    for event in recorded() {
        for event in mutated(&event) {
            count += 1;
            let text = event.to_string();
            let batch = format!(r#"{{"batch":[{text},{text}]}}"#);
            assert_eq!(read("/v1/batch", batch.as_bytes()).expect("a batch").len(), 2, "{text}");
            // Half an emoji in the place of every mark of that kind.
            let half = text.replace('\u{fffd}', "\\ud83d");
            assert_eq!(read("/v1/track", half.as_bytes()).expect("a call").len(), 1, "{text}");
        }
    }
    assert!(count > 1_000, "{count}");
}

/// JSON of the words that events are made of.
fn words() -> impl Strategy<Value = Json> {
    let name = prop::sample::select(vec![
        "type",
        "userId",
        "anonymousId",
        "context",
        "traits",
        "properties",
        "page",
        "externalIds",
        "id",
        "url",
        "event",
        "timestamp",
        "sentAt",
        "batch",
        "messageId",
        "previousId",
        "groupId",
        "device",
        "email",
        "name",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        prop::sample::select(vec![
            "track",
            "page",
            "identify",
            "alias",
            "null",
            "2026-11-26T14:00:00Z"
        ])
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name.clone(), inner), 0..8).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_may_be_any_json(event in words(), path in prop::sample::select(PATHS.to_vec())) {
        let _ = read(path, event.to_string().as_bytes());
        let batch = json!({ "batch": [event, { "type": "track", "userId": "u", "event": "E" }] });
        let facts = read("/v1/batch", batch.to_string().as_bytes()).expect("a batch");
        prop_assert_eq!(facts.len(), 2);
        for fact in facts {
            fact.payload.to_json();
        }
    }

    #[test]
    fn bodies_may_be_any_bytes(body in prop::collection::vec(any::<u8>(), 0..200), path in prop::sample::select(PATHS.to_vec())) {
        let _ = read(path, &body);
        let headers = Headers(vec![("authorization".into(), String::from_utf8_lossy(&body).into_owned())]);
        let _ = key_of(&delivery(path, &body, &headers));
    }
}
