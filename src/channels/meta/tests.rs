//! Recorded deliveries of Meta's, whole and broken.

use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Value as Json, json};

use crate::channels::delivery::Refusal;
use crate::channels::meta::CHANNEL;
use crate::channels::trials::{compare, mutants, recorded, replays, told};
use crate::domain::source::OpenSource;

fn source() -> OpenSource {
    OpenSource { provider_secret: Some("app-secret".into()), ..OpenSource::default() }
}

#[test]
fn every_recorded_delivery_says_what_it_should() {
    compare("meta", &CHANNEL, &source());
}

#[test]
fn what_is_kept_says_the_same_again() {
    for (_, body) in recorded("meta") {
        replays(&CHANNEL, &source(), &body);
    }
}

#[test]
fn broken_deliveries_are_told_not_lost() {
    for (name, body) in recorded("meta") {
        let document: Json = serde_json::from_slice(&body).expect("JSON");
        for mutant in mutants(&document) {
            match told(&CHANNEL, &source(), mutant.as_bytes()) {
                Ok(_) => replays(&CHANNEL, &source(), mutant.as_bytes()),
                Err(Refusal::Malformed(_)) => {
                    let entry = serde_json::from_str::<Json>(&mutant)
                        .ok()
                        .map(|json| json["entry"].is_array());
                    assert_ne!(entry, Some(true), "{name}: {mutant}");
                }
                Err(refusal) => panic!("{name}: {refusal:?}"),
            }
        }
    }
}

#[test]
fn a_broken_event_costs_no_neighbour() {
    let good = json!({ "from": "16505551111", "id": "wamid.1", "type": "text", "text": { "body": "one" } });
    let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    for broken in
        ["1e999", "{\"id\": 1e999}", &deep, "[]", "null", "\"x\"", "{}", "{\"type\":\"text\"}"]
    {
        let value = format!("{{\"contacts\": {broken}, \"messages\": [{good}, {broken}, {good}]}}");
        let change = format!("{{\"field\": \"messages\", \"value\": {value}}}");
        let messaging = "{\"sender\":{\"id\":\"7\"},\"message\":{\"mid\":\"m\",\"text\":\"two\"}}";
        let body = format!(
            "{{\"object\": \"whatsapp_business_account\", \"x\": {broken}, \"entry\": [{broken}, {{\"id\": {broken}, \"changes\": [{change}, {broken}]}}]}}"
        );
        let said = told(&CHANNEL, &source(), body.as_bytes()).expect("a delivery");
        assert_eq!(
            said.iter().filter(|line| line.contains("\"one\"")).count(),
            2,
            "{broken}: {said:#?}"
        );
        assert!(said.len() >= 9, "{broken}: {said:#?}");
        let body = format!(
            "{{\"object\":\"page\",\"entry\":[{{\"id\":\"1\",\"messaging\":[{broken},{messaging}],\"standby\":{broken}}}]}}"
        );
        let said = told(&CHANNEL, &source(), body.as_bytes()).expect("a delivery");
        assert_eq!(
            said.iter().filter(|line| line.contains("\"two\"")).count(),
            1,
            "{broken}: {said:#?}"
        );
    }
}

#[test]
fn a_half_character_costs_no_message() {
    let body = br#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"profile":{"name":"J\ud83d"},"wa_id":"16505551111"}],"messages":[{"from":"16505551111","id":"wamid.1","type":"text","text":{"body":"a\ud83d"}}]}}]}]}"#;
    let said = told(&CHANNEL, &source(), body).expect("a delivery").join("\n");
    assert!(said.contains("a\u{fffd}") && said.contains("J\u{fffd}"), "{said}");
}

#[test]
fn what_is_no_delivery_is_malformed() {
    for body in
        ["", "{", "[]", "7", "null", "{}", "{\"entry\":{}}", "{\"entry\":null}", "object=page"]
    {
        let refused = told(&CHANNEL, &source(), body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    assert_eq!(told(&CHANNEL, &source(), br#"{"object":"page","entry":[]}"#), Ok(Vec::new()));
}

#[test]
fn what_is_kept_of_one_message_tells_of_no_other_person() {
    let (_, body) =
        recorded("meta").into_iter().find(|(name, _)| name == "whatsapp_several.json").expect("it");
    let source = source();
    let headers = crate::channels::delivery::Headers::default();
    let delivery = crate::channels::delivery::Delivery {
        address: "",
        path: "",
        query: "",
        headers: &headers,
        body: &body,
        received: crate::channels::trials::RECEIVED,
    };
    let facts = (CHANNEL.facts)(&source, &delivery).expect("facts");
    let first = facts[0].payload.to_json().to_string();
    assert!(first.contains("wamid.1") && first.contains("First"), "{first}");
    assert!(!first.contains("Second") && !first.contains("16505552222"), "{first}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_it_down(body: Vec<u8>, text in "\\PC{0,200}", json in r#"[\[\]{}",:0-9a-z\\ud83e ]{0,200}"#) {
        for body in [body.as_slice(), text.as_bytes(), json.as_bytes()] {
            // Whatever comes of it.
            let _ = told(&CHANNEL, &source(), body);
        }
        let body = format!("{{\"object\":\"page\",\"entry\":[{{\"messaging\":[{json}],\"changes\":{json}}}]}}");
        let _ = told(&CHANNEL, &source(), body.as_bytes());
    }
}
