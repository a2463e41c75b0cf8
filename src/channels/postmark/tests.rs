//! Recorded deliveries of Postmark's, whole and broken.

use proptest::prelude::{ProptestConfig, proptest};
use serde_json::json;

use crate::channels::delivery::Refusal;
use crate::channels::postmark::CHANNEL;
use crate::channels::tests::{
    Request, recorded, recorded_names, recorded_requests_become_of, said, stands, stands_broken,
};
use crate::domain::source::OpenSource;

fn source() -> OpenSource {
    OpenSource { addresses: vec!["@acme.example".into()], ..crate::channels::tests::source() }
}

fn told(body: &[u8]) -> Result<Vec<String>, Refusal> {
    let (source, request) = (source(), Request::new(body));
    let facts = (CHANNEL.facts)(&source, &request.delivery())?;
    Ok(said(&facts).lines().map(str::to_owned).collect())
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become_of(&source(), &CHANNEL, "postmark", &[]);
}

#[test]
fn broken_requests_are_told_not_lost() {
    for name in recorded_names("postmark") {
        stands_broken(&CHANNEL, &source(), &[], &recorded(&format!("postmark/{name}")));
    }
}

#[test]
fn what_is_no_delivery_is_malformed() {
    for body in ["", "{", "[]", "[{\"From\":\"a@x.example\"}]", "7", "null", "From=a@x.example"] {
        let refused = told(body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    let said = told(b"{}").expect("a delivery");
    assert!(said[1].contains("unknown: "), "{said:?}");
}

#[test]
fn half_characters_and_bytes_that_are_no_text_cost_no_mail() {
    for body in [
        &br#"{"From":"jane@x.example","TextBody":"a\ud83d","X":1e999}"#[..],
        b"{\"From\":\"jane@x.example\",\"TextBody\":\"a\xff\"}",
    ] {
        let said = told(body).expect("a mail").join("\n");
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
        let (source, request) = (source(), Request::new(body.as_bytes()));
        let facts = (CHANNEL.facts)(&source, &request.delivery()).expect("a mail");
        let kept = facts[0].payload.to_json();
        assert!(kept.to_string().len() <= 1024 * 1024);
        assert_eq!(kept["TextBody"].as_str().unwrap_or_default(), text);
        assert!(told(&(CHANNEL.replay)("Inbound", &kept)).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_it_down(body: Vec<u8>, text in "\\PC{0,200}", json in r#"[\[\]{}",:0-9a-z\\ud83e ]{0,200}"#) {
        for body in [body.as_slice(), text.as_bytes(), json.as_bytes()] {
            stands(&CHANNEL, &source(), &[], body);
        }
        for name in ["From", "FromFull", "ToFull", "Date", "Headers", "Attachments", "TextBody", "HtmlBody"] {
            let body = json!({ "Subject": "x", name: text }).to_string();
            assert!(told(body.as_bytes()).is_ok());
        }
    }
}
