//! Recorded deliveries of Postmark's, whole and broken.

use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Value as Json, json};

use crate::channels::delivery::{Delivery, Headers, Refusal};
use crate::channels::postmark::CHANNEL;
use crate::channels::trials::{RECEIVED, compare, mutants, recorded, replays, told};
use crate::domain::source::OpenSource;

fn source() -> OpenSource {
    OpenSource { addresses: vec!["@acme.example".into()], ..OpenSource::default() }
}

#[test]
fn every_recorded_delivery_says_what_it_should() {
    compare("postmark", &CHANNEL, &source());
}

#[test]
fn broken_deliveries_are_told_not_lost() {
    for (name, body) in recorded("postmark") {
        replays(&CHANNEL, &source(), &body);
        let document: Json = serde_json::from_slice(&body).expect("JSON");
        for mutant in mutants(&document) {
            let said = told(&CHANNEL, &source(), mutant.as_bytes());
            assert_eq!(said.map(|lines| lines.len() > 1), Ok(true), "{name}: {mutant}");
        }
    }
}

#[test]
fn what_is_no_delivery_is_malformed() {
    for body in ["", "{", "[]", "[{\"From\":\"a@x.example\"}]", "7", "null", "From=a@x.example"] {
        let refused = told(&CHANNEL, &source(), body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    let said = told(&CHANNEL, &source(), b"{}").expect("a delivery");
    assert!(said[1].contains("UNKNOWN"), "{said:?}");
}

#[test]
fn half_characters_and_bytes_that_are_no_text_cost_no_mail() {
    for body in [
        &br#"{"From":"jane@x.example","TextBody":"a\ud83d","X":1e999}"#[..],
        b"{\"From\":\"jane@x.example\",\"TextBody\":\"a\xff\"}",
    ] {
        let said = told(&CHANNEL, &source(), body).expect("a mail").join("\n");
        assert!(said.contains("a\u{fffd}"), "{said}");
        // The kept text is not what came to the byte, and its id is a hash of the bytes.
        assert!(said.contains("jane@x.example"));
    }
}

#[test]
fn a_large_mail_is_kept_without_its_files() {
    let large = "A".repeat(1_500_000);
    for (own, text) in [
        (
            json!({ "Attachments": [{ "Name": "a", "Content": large }], "TextBody": "short" }),
            "short",
        ),
        (json!({ "HtmlBody": large, "TextBody": "short" }), "short"),
        (json!({ "HtmlBody": large, "TextBody": large }), ""),
    ] {
        let body = own.to_string();
        let headers = Headers::default();
        let (address, path, query, received) = ("", "", "", RECEIVED);
        let body = body.as_bytes();
        let delivery = Delivery { address, path, query, headers: &headers, body, received };
        let facts = (CHANNEL.facts)(&source(), &delivery).expect("a mail");
        let kept = facts[0].payload.to_json();
        assert!(kept.to_string().len() <= 1024 * 1024);
        assert_eq!(kept["TextBody"].as_str().unwrap_or_default(), text);
        assert!(told(&CHANNEL, &source(), &(CHANNEL.replay)("Inbound", &kept)).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_it_down(body: Vec<u8>, text in "\\PC{0,200}", json in r#"[\[\]{}",:0-9a-z\\ud83e ]{0,200}"#) {
        for body in [body.as_slice(), text.as_bytes(), json.as_bytes()] {
            let _ = told(&CHANNEL, &source(), body);
        }
        for name in ["From", "FromFull", "ToFull", "Date", "Headers", "Attachments", "TextBody", "HtmlBody"] {
            let body = json!({ "Subject": "x", name: text }).to_string();
            assert!(told(&CHANNEL, &source(), body.as_bytes()).is_ok());
        }
    }
}
