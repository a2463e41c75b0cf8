//! Recorded deliveries of Meta's, whole and broken.

use proptest::prelude::{ProptestConfig, proptest};
use serde_json::json;

use crate::channels::delivery::Refusal;
use crate::channels::meta::CHANNEL;
use crate::channels::tests::{
    Request, recorded, recorded_names, recorded_requests_become, said, source, stands,
    stands_broken,
};

fn told(body: &[u8]) -> Result<Vec<String>, Refusal> {
    let (source, request) = (source(), Request::new(body));
    let facts = (CHANNEL.facts)(&source, &request.delivery())?;
    Ok(said(&facts).lines().map(str::to_owned).collect())
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become(&CHANNEL, "meta", &[]);
}

#[test]
fn broken_requests_are_told_not_lost() {
    for name in recorded_names("meta") {
        stands_broken(&CHANNEL, &source(), &[], &recorded(&format!("meta/{name}")));
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
        let said = told(body.as_bytes()).expect("a delivery");
        assert_eq!(
            said.iter().filter(|line| line.contains("\"one\"")).count(),
            2,
            "{broken}: {said:#?}"
        );
        assert!(said.len() >= 9, "{broken}: {said:#?}");
        let body = format!(
            "{{\"object\":\"page\",\"entry\":[{{\"id\":\"1\",\"messaging\":[{broken},{messaging}],\"standby\":{broken}}}]}}"
        );
        let said = told(body.as_bytes()).expect("a delivery");
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
    let said = told(body).expect("a delivery").join("\n");
    assert!(said.contains("a\u{fffd}") && said.contains("J\u{fffd}"), "{said}");
    let body = String::from_utf8_lossy(body).replace("{\"object\"", "{\"\\ud83d\":1,\"object\"");
    assert_eq!(told(body.as_bytes()).expect("a delivery").join("\n"), said);
}

#[test]
fn what_is_no_delivery_is_malformed() {
    for body in
        ["", "{", "[]", "7", "null", "{}", "{\"entry\":{}}", "{\"entry\":null}", "object=page"]
    {
        let refused = told(body.as_bytes());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body}: {refused:?}");
    }
    assert_eq!(told(br#"{"object":"page","entry":[]}"#), Ok(Vec::new()));
}

#[test]
fn what_is_kept_of_one_message_tells_of_no_other_person() {
    let request = Request::new(&recorded("meta/whatsapp_several.json"));
    let source = source();
    let facts = (CHANNEL.facts)(&source, &request.delivery()).expect("facts");
    let first = facts[0].payload.to_json().to_string();
    assert!(first.contains("wamid.1") && first.contains("First"), "{first}");
    assert!(!first.contains("Second") && !first.contains("16505552222"), "{first}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_it_down(body: Vec<u8>, text in "\\PC{0,200}", json in r#"[\[\]{}",:0-9a-z\\ud83e ]{0,200}"#) {
        for body in [body.as_slice(), text.as_bytes(), json.as_bytes()] {
            stands(&CHANNEL, &source(), &[], body);
        }
        let body = format!("{{\"object\":\"page\",\"entry\":[{{\"messaging\":[{json}],\"changes\":{json}}}]}}");
        stands(&CHANNEL, &source(), &[], body.as_bytes());
    }
}
