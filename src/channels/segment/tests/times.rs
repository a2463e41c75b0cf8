//! When events happened, and what is kept of them so that they say the same again.

use serde_json::json;

use crate::channels::delivery::Headers;
use crate::channels::segment::replay;
use crate::channels::segment::tests::told::told;
use crate::channels::segment::tests::{read, read_with};

/// When a call happened that stands in a batch.
fn at(event: &serde_json::Value, outer: &serde_json::Value) -> String {
    let mut batch = json!({ "batch": [event] });
    batch["sentAt"] = outer.clone();
    let mut event = event.clone();
    event["type"] = "track".into();
    event["event"] = "E".into();
    event["userId"] = "u".into();
    batch["batch"] = json!([event]);
    let told = told(&read("/v1/batch", batch.to_string().as_bytes()).expect("a batch"));
    told[0].split(' ').nth(1).expect("a time").to_owned()
}

#[test]
fn clocks_that_are_wrong_are_corrected() {
    for (event, outer, is) in [
        (json!({}), json!(null), "26T14:28:25Z"),
        (json!({ "timestamp": "2026-11-26T14:00:00Z" }), json!(null), "26T14:00:00Z"),
        (json!({ "timestamp": "2026-11-26T15:00:00+01:00" }), json!(null), "26T14:00:00Z"),
        (json!({ "timestamp": "yesterday" }), json!(null), "26T14:28:25Z"),
        (json!({ "timestamp": "0001-01-01T00:00:00Z" }), json!(null), "26T14:28:25Z"),
        (json!({ "originalTimestamp": "2026-11-26T14:00:00Z" }), json!(null), "26T14:00:00Z"),
        (
            json!({ "timestamp": "2026-11-26T13:00:00Z", "originalTimestamp": "2026-11-26T14:00:00Z" }),
            json!(null),
            "26T13:00:00Z",
        ),
        // Less than a minute is the way that it travelled.
        (
            json!({ "timestamp": "2026-11-26T14:00:00Z" }),
            json!("2026-11-26T14:27:26Z"),
            "26T14:00:00Z",
        ),
        (
            json!({ "timestamp": "2026-11-26T14:00:00Z" }),
            json!("2026-11-26T14:18:25Z"),
            "26T14:10:00Z",
        ),
        (
            json!({ "timestamp": "2026-11-27T14:00:00Z" }),
            json!("2026-11-27T14:28:25Z"),
            "26T14:00:00Z",
        ),
        // That of the batch is later than that of its events.
        (
            json!({ "timestamp": "2026-11-26T14:00:00Z", "sentAt": "2026-11-26T14:00:01Z" }),
            json!("2026-11-26T14:28:24Z"),
            "26T14:00:00Z",
        ),
        (
            json!({ "timestamp": "2026-11-26T14:00:00Z", "sentAt": "2026-11-26T14:18:25Z" }),
            json!("soon"),
            "26T14:10:00Z",
        ),
        // Never later than the arrival, and never before 1970.
        (json!({ "timestamp": "2027-01-01T00:00:00Z" }), json!(null), "26T14:28:25Z"),
        (
            json!({ "timestamp": "2026-11-26T14:00:00Z" }),
            json!("2999-01-01T00:00:00Z"),
            "26T14:28:25Z",
        ),
    ] {
        assert_eq!(at(&event, &outer), is, "{event} in a batch of {outer}");
    }
}

#[test]
fn the_time_of_sending_may_stand_in_a_header() {
    let headers = Headers(vec![("sentat".into(), "2026-11-26T14:18:25.000Z".into())]);
    let body = br#"{"userId":"u","event":"E","originalTimestamp":"2026-11-26T14:00:00Z"}"#;
    let facts = read_with("/v1/track", body, &headers).expect("a call");
    assert!(told(&facts)[0].starts_with("Web 26T14:10:00Z"), "{facts:?}");
}

/// What stands outside of an event is put into what is kept of it.
#[test]
fn what_is_kept_says_the_same_again() {
    let event = r#"{"type":"page","userId":"u","anonymousId":"a","name":"P","timestamp":"2026-11-26T14:00:00Z","context":{"page":null,"sessionId":1}}"#;
    let outer = r#""sentAt":"2026-11-26T14:18:25Z","context":{"page":{"path":"/cars","title":"Cars"},"traits":{"email":"a@x.example"},"sessionId":2}"#;
    for (path, body) in [
        ("/v1/batch", format!(r#"{{"batch":[{event}],{outer}}}"#)),
        ("/v1/batch", format!(r#"{{"batch":[{event}]}}"#)),
        ("/v1/p", event.to_owned()),
        ("/v1/t", r#"{"userId":7,"event":"E","messageId":"m","sentAt":"2026-11-26T15:28:25Z","timestamp":"2026-11-26T15:00:00Z"}"#.to_owned()),
        ("/v1/screen", r#"{"type":"page","anonymousId":"a","name":"half \ud83d"}"#.to_owned()),
        ("/v1/track", r#"{"userId":"u"}"#.to_owned()),
        ("/v1/batch", r#"{"batch":[{"type":"video"},{"type":"track","userId":["u"]},7]}"#.to_owned()),
    ] {
        let facts = read(path, body.as_bytes()).expect("a delivery");
        for fact in &facts {
            let again = replay(&fact.kind, &fact.payload.to_json());
            // Whatever path a replay is given: a batch has none.
            let again = read("/v1", &again).expect("a delivery");
            assert_eq!(told(&again), told(std::slice::from_ref(fact)), "{body}");
            assert_eq!(again[0].external_id, fact.external_id);
        }
    }
}

#[test]
fn a_batch_says_for_all_what_its_events_do_not() {
    let body = r#"{"batch":[
        {"type":"page","userId":"u"},
        {"type":"page","userId":"u","context":{"page":{"url":"https://x.example/own"}}}
    ],"context":{"page":{"url":"https://x.example/all"},"device":{"type":"ios"}}}"#;
    let told = told(&read("/v1/import", body.as_bytes()).expect("a batch"));
    assert_eq!(
        told,
        [
            "App 26T14:28:25Z UserId u: view | https://x.example/all",
            "App 26T14:28:25Z UserId u: view | https://x.example/own"
        ]
    );
}
