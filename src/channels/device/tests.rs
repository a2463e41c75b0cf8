//! What a phone's deliveries become: recorded ones, and broken ones.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use crate::channels::delivery::Refusal;
use crate::channels::device::CHANNEL;
use crate::channels::fact::{Outcome, OutcomeKind};
use crate::channels::tests::{
    Request, recorded, recorded_requests_become, said, source, stands, stands_broken,
};
use crate::domain::source::OpenSource;
use crate::error::UserError;

const HEADERS: [(&str, &str); 1] = [("authorization", "Bearer today")];

fn own() -> OpenSource {
    OpenSource { secrets: vec!["today".into(), "yesterday".into()], ..source() }
}

fn becomes(body: &Json) -> Result<String, Refusal> {
    let request = Request::new(body.to_string().as_bytes());
    (CHANNEL.facts)(&own(), &request.delivery()).map(|facts| said(&facts))
}

#[expect(clippy::needless_pass_by_value, reason = "as `json!` makes it")]
fn event(event: Json) -> String {
    becomes(&json!({ "deviceId": "d", "sentAt": null, "events": [event] })).expect("a delivery")
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become(&CHANNEL, "device", &[]);
}

#[test]
fn the_secret_of_the_source_opens() {
    let check = |header: &str, source: &OpenSource| {
        let request = Request::new(b"{}").with(&[("authorization", header)]);
        (CHANNEL.verify)(source, &request.delivery())
    };
    for header in ["Bearer today", "bearer yesterday", "BEARER  today "] {
        assert_eq!(check(header, &own()), Ok(()), "{header}");
    }
    for header in
        ["", "Bearer", "Bearer ", "today", "Basic today", "Bearer Today", "Bearer today x"]
    {
        assert!(matches!(check(header, &own()), Err(Refusal::Unsigned(_))), "{header}");
    }
    let empty = OpenSource { secrets: vec![String::new()], ..source() };
    assert!(check("Bearer ", &empty).is_err() && check("Bearer x", &source()).is_err());
}

#[test]
fn a_delivery_has_a_device_and_a_list() {
    for body in [
        json!([]),
        json!({}),
        json!({ "deviceId": "d" }),
        json!({ "deviceId": "d", "events": {} }),
        json!({ "deviceId": "d", "events": null }),
        json!({ "deviceId": " ", "events": [] }),
        json!({ "deviceId": ["d"], "events": [] }),
        json!({ "events": [] }),
        json!({ "deviceId": "d", "events": vec![Json::Null; 501] }),
    ] {
        assert!(matches!(becomes(&body), Err(Refusal::Malformed(_))), "{body}");
    }
    let most = becomes(&json!({ "deviceId": 7, "events": vec![Json::Null; 500] }));
    assert_eq!(most.expect("500 events").matches("rejected").count(), 500);
    assert_eq!(becomes(&json!({ "deviceId": "d", "events": [] })), Ok(String::new()));
}

#[test]
fn each_state_is_known() {
    for state in ["ringing", "in_progress", "completed", "missed", "declined", "failed"] {
        for written in [state.to_owned(), state.to_uppercase(), state.replace('_', "-")] {
            let told = event(json!({
                "id": "1", "type": "CALL", "direction": "INBOUND", "number": 14_155_550_100_i64,
                "state": written, "durationSeconds": "12",
            }));
            let is = format!("PHONE:14155550100 d:1 call {} Some(12)", state.to_uppercase());
            assert!(told.contains(&is), "{told}");
        }
    }
    for state in ["queued", "sent", "delivered", "read", "failed"] {
        let told = event(json!({
            "id": "1", "type": "sms", "direction": "outbound", "number": "+1", "state": state,
        }));
        assert!(told.ends_with(&format!("message None {}", state.to_uppercase())), "{told}");
    }
    for (kind, state) in [("sms", json!("ringing")), ("call", json!("sent")), ("call", Json::Null)]
    {
        let told = event(json!({
            "id": "1", "type": kind, "direction": "outbound", "number": "+1", "state": state,
        }));
        assert!(told.contains("rejected: state"), "{told}");
    }
}

#[test]
fn an_sms_has_a_number_and_a_text() {
    let sms = json!({
        "id": "1", "type": "sms", "direction": "inbound", "number": "+14155550100", "text": "Hi",
    });
    for (name, wrong, why) in [
        ("number", json!(null), "rejected: number"),
        ("number", json!(""), "rejected: number"),
        ("number", json!("-1"), "rejected: number"),
        ("number", json!(["+1"]), "rejected: number"),
        ("text", json!(" "), "rejected: text"),
        ("text", json!(7), "rejected: text"),
        ("direction", json!(null), "rejected: direction"),
        ("id", json!(""), "rejected: id"),
        ("type", json!(null), "rejected: type"),
        ("type", json!("fax"), "unknown: rapport does not know events of the type fax"),
    ] {
        let mut sms = sms.clone();
        sms[name] = wrong;
        let told = event(sms);
        assert!(told.contains(why), "{told}");
    }
    assert!(event(sms).contains("record SMS INBOUND PHONE:+14155550100 d:1 message Some(\"Hi\")"));
}

#[test]
fn each_event_is_answered_in_its_place() {
    let error = || UserError::invalid("an id of the app's is needed").at(["id"]);
    let outcome = |id: Option<&str>, result, errors| Outcome {
        external_id: id.map(str::to_owned),
        result,
        errors,
    };
    let outcomes = [
        outcome(Some("1"), OutcomeKind::Recorded, vec![]),
        outcome(Some("1"), OutcomeKind::Duplicate, vec![]),
        outcome(None, OutcomeKind::Rejected, vec![error()]),
        outcome(Some("2"), OutcomeKind::Unknown, vec![UserError::invalid("what is it?")]),
    ];
    let answer = (CHANNEL.answer)(&own(), &Request::new(b"").delivery(), &outcomes);
    assert_eq!(answer.content_type, "application/json");
    let answer: Json = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(
        answer,
        json!({ "results": [
            { "id": "1", "outcome": "RECORDED", "error": null },
            { "id": "1", "outcome": "DUPLICATE", "error": null },
            { "id": null, "outcome": "REJECTED", "error": "id: an id of the app's is needed" },
            { "id": "2", "outcome": "UNKNOWN", "error": "what is it?" },
        ] })
    );
}

#[test]
fn a_broken_event_costs_no_neighbour() {
    let good =
        r#"{"id":"1","type":"sms","direction":"inbound","number":"+14155550100","text":"\ud83d"}"#;
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let body = format!(r#"{{"events":[1e999,{good},{deep}],"deviceId":"\ud83d","sentAt":1e999}}"#);
    let request = Request::new(body.as_bytes());
    let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
    assert!(told.contains("message Some(\"\u{fffd}\")"), "{told}");
    assert_eq!(told.matches("rejected").count(), 2, "{told}");
}

#[test]
fn a_broken_part_of_an_event_costs_no_more_than_itself() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for value in ["1e999", &deep] {
        let event = format!(
            r#"{{"id":"1","type":"sms","direction":"inbound","number":"+14155550100","text":"Hi","at":{value}}}"#
        );
        let call = format!(
            r#"{{"id":"2","type":"call","direction":"inbound","number":"+14155550100","state":"missed","durationSeconds":{value}}}"#
        );
        let nobodys = event.replace("\"+14155550100\"", value);
        let body = format!(r#"{{"events":[{event},{call},{nobodys}],"deviceId":"d"}}"#);
        let request = Request::new(body.as_bytes());
        let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
        assert!(
            told.contains("Some(\"Hi\")") && told.contains("[could not be read: at]"),
            "{told}"
        );
        assert!(told.contains("call MISSED None"), "{told}");
        assert!(told.contains("rejected: number"), "{told}");
        stands(&CHANNEL, &own(), &HEADERS, body.as_bytes());
    }
    let marked = "\u{feff}{\"deviceId\":\"d\",\"events\":[]}";
    assert!((CHANNEL.facts)(&own(), &Request::new(marked.as_bytes()).delivery()).is_ok());
}

#[test]
fn broken_requests_stand() {
    for name in ["day", "clock_ahead"] {
        let body = recorded(&format!("device/{name}.json"));
        stands_broken(&CHANNEL, &own(), &HEADERS, &body);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_bytes_are_too_odd(
        body in prop::collection::vec(any::<u8>(), 0..200),
        text in "\\PC{0,60}",
        at in any::<i64>(),
        sent in any::<i64>(),
    ) {
        stands(&CHANNEL, &own(), &[("authorization", &text)], &body);
        let event = json!({
            "id": text, "type": "sms", "direction": "inbound", "number": text, "text": text, "at": at,
        });
        let body = json!({ "deviceId": "d", "sentAt": sent, "events": [event, text] });
        stands(&CHANNEL, &own(), &HEADERS, body.to_string().as_bytes());
    }
}
