//! What updates of Telegram's become: recorded ones, and broken ones.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use crate::channels::delivery::Refusal;
use crate::channels::telegram::CHANNEL;
use crate::channels::tests::{
    Request, recorded, recorded_requests_become, said, source, stands, stands_broken,
};
use crate::domain::source::OpenSource;

const HEADER: &str = "x-telegram-bot-api-secret-token";

fn own() -> OpenSource {
    OpenSource { secrets: vec!["today".into(), "yesterday".into()], ..source() }
}

/// What the recorded text becomes when the message is changed.
fn becomes(change: impl Fn(&mut Json)) -> String {
    let mut update: Json = serde_json::from_slice(&recorded("telegram/text.json")).expect("JSON");
    change(&mut update["message"]);
    let request = Request::new(update.to_string().as_bytes());
    said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"))
}

#[test]
fn recorded_requests_become_what_they_say() {
    recorded_requests_become(&CHANNEL, "telegram", &[]);
}

#[test]
fn the_secret_of_the_source_opens() {
    let check = |headers: &[(&str, &str)], source: &OpenSource| {
        (CHANNEL.verify)(source, &Request::new(b"{}").with(headers).delivery())
    };
    for secret in ["today", "yesterday"] {
        assert_eq!(check(&[(HEADER, secret)], &own()), Ok(()));
    }
    for secret in ["", "Today", "today ", "tomorrow"] {
        assert!(matches!(check(&[(HEADER, secret)], &own()), Err(Refusal::Unsigned(_))));
    }
    assert!(matches!(check(&[], &own()), Err(Refusal::Unsigned(_))));
    let empty = OpenSource { secrets: vec![String::new()], ..source() };
    assert!(check(&[(HEADER, "")], &empty).is_err() && check(&[(HEADER, "x")], &source()).is_err());
}

#[test]
fn a_shared_number_is_the_senders_only_where_telegram_says_so() {
    let shared = |contact: Json| becomes(|message| message["contact"] = contact.clone());
    for (number, read) in [("4712345678", "+4712345678"), ("+4712345678", "+4712345678")] {
        let own = shared(json!({ "phone_number": number, "user_id": 5_550_100_123_i64 }));
        assert!(own.contains(&format!("TELEGRAM:5550100123! PHONE:{read}! name")), "{own}");
    }
    for other in [
        json!({ "phone_number": "4712345678" }),
        json!({ "phone_number": "4712345678", "user_id": null }),
        json!({ "phone_number": "4712345678", "user_id": 1 }),
    ] {
        let told = shared(other);
        assert!(!told.contains("PHONE") && told.contains("\\n4712345678"), "{told}");
    }
}

#[test]
fn what_a_message_needs_is_named() {
    let without = |path: &'static [&'static str]| {
        becomes(move |message| {
            let place = path.iter().fold(message, |json, name| &mut json[*name]);
            *place = Json::Null;
        })
    };
    for (path, why) in [
        (&["from", "id"][..], "rejected: message.from.id: an id is needed"),
        (&["message_id"], "rejected: message.message_id: an id is needed"),
        (&["chat", "id"], "rejected: message.message_id: an id is needed"),
        (&["chat", "type"], "unknown: only chats of one person with the bot are read"),
        (&["text"], "unknown: it holds nothing that rapport knows"),
    ] {
        let told = without(path);
        assert!(told.contains(why), "{path:?}: {told}");
    }
    // Without a name there is nothing to say of the person; without a time it is now.
    let told = becomes(|message| {
        message["from"] = json!({ "id": 17 });
        message["date"] = json!("soon");
    });
    assert!(
        !told.contains("identify") && told.ends_with("\" -") || told.ends_with(") -"),
        "{told}"
    );
}

#[test]
fn what_is_no_object_is_no_delivery() {
    for body in ["", "[]", "7", "{", "\"text\"", "{} {}"] {
        let facts = (CHANNEL.facts)(&own(), &Request::new(body.as_bytes()).delivery()).map(|_| ());
        assert!(matches!(facts, Err(Refusal::Malformed(_))), "{body}");
    }
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for value in ["1e999", &deep] {
        let body = format!("{{\"update_id\": 1, \"message\": {value}}}");
        let request = Request::new(body.as_bytes());
        let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
        assert!(told.contains("rejected: : could not be read: message"), "{told}");
        stands(&CHANNEL, &own(), &[], body.as_bytes());
    }
    // What a part of it costs is said, and the rest is recorded.
    let part = r#"{"message":{"message_id":1,"date":1e999,"chat":{"id":2,"type":"private"},"from":{"id":2},"text":"Hi"}}"#;
    for body in [part.to_owned(), part.replace("1e999", &deep), format!("\u{feff}{part}")] {
        let request = Request::new(body.as_bytes());
        let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
        assert!(told.contains("message Some(\"Hi\")"), "{told}");
        assert!(told.contains("[could not be read: message.date]"), "{told}");
        stands(&CHANNEL, &own(), &[], body.as_bytes());
    }
    let half = r#"{"message":{"message_id":1,"date":1,"chat":{"id":2,"type":"private"},"from":{"id":2},"text":"\ud83d"}}"#;
    let request = Request::new(half.as_bytes());
    let told = said(&(CHANNEL.facts)(&own(), &request.delivery()).expect("a delivery"));
    assert!(told.contains("message Some(\"\u{fffd}\")"), "{told}");
}

#[test]
fn broken_requests_stand() {
    let folder = format!("{}/tests/data/channels/telegram", env!("CARGO_MANIFEST_DIR"));
    for file in std::fs::read_dir(folder).expect("a folder") {
        let name = file.expect("a file").file_name().into_string().expect("a name");
        let body = recorded(&format!("telegram/{name}"));
        stands_broken(&CHANNEL, &own(), &[(HEADER, "tomorrow")], &body);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_bytes_are_too_odd(body in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,60}") {
        stands(&CHANNEL, &own(), &[(HEADER, &text)], &body);
        stands(&CHANNEL, &own(), &[], format!("{{\"message\":{text}}}").as_bytes());
    }
}
