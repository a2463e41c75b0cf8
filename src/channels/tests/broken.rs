//! Requests that are broken on purpose, and what every channel does with them.

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::fact::Payload;
use crate::channels::tests::Request;
use crate::channels::tests::said::done;
use crate::domain::source::OpenSource;

/// Stands for half an emoji, which no `serde_json::Value` holds.
const HALF: char = '\u{e000}';

/// The JSON with each of its values left out, and replaced by what does not belong there.
fn broken(json: &Json) -> Vec<Vec<u8>> {
    let wrong = [
        Json::Null,
        json!([]),
        json!([[1]]),
        json!({}),
        json!({ "a": { "b": null } }),
        json!(""),
        json!(" \u{0} "),
        json!("long ".repeat(5_000)),
        json!(HALF.to_string()),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
    ];
    let mut all = Vec::new();
    for pointer in pointers(json) {
        let mut variant = json.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", ""));
        match variant.pointer_mut(parent) {
            Some(Json::Object(members)) => {
                members.remove(&name.replace("~1", "/").replace("~0", "~"));
            }
            Some(Json::Array(items)) => {
                items.remove(name.parse().unwrap_or(0));
            }
            _ => {}
        }
        all.push(variant);
        for value in &wrong {
            let mut variant = json.clone();
            if let Some(place) = variant.pointer_mut(&pointer) {
                *place = value.clone();
            }
            all.push(variant);
        }
    }
    all.iter().map(|json| json.to_string().replace(HALF, "\\ud83d").into_bytes()).collect()
}

/// The places of all values within, and the whole.
fn pointers(json: &Json) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut within = |name: &str, value: &Json| {
        let name = name.replace('~', "~0").replace('/', "~1");
        all.extend(pointers(value).into_iter().map(|rest| format!("/{name}{rest}")));
    };
    match json {
        Json::Object(members) => members.iter().for_each(|(name, value)| within(name, value)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| within(&n.to_string(), value));
        }
        _ => {}
    }
    all
}

/// No body makes the channel panic, and what is kept of an event says the same again.
pub fn stands(channel: &Channel, source: &OpenSource, headers: &[(&str, &str)], body: &[u8]) {
    let request = Request::new(body).with(headers);
    let delivery = request.delivery();
    let _ = (channel.verify)(source, &delivery);
    let Ok(facts) = (channel.facts)(source, &delivery) else { return };
    let _ = (channel.answer)(source, &delivery, &[]);
    for fact in facts {
        let payload = Payload::to_json(&fact.payload);
        let again = Request::new(&(channel.replay)(&fact.kind, &payload));
        let again = again.delivery();
        let replayed = (channel.facts)(source, &again);
        let replayed = replayed.unwrap_or_else(|refusal| panic!("{refusal:?} of {payload}"));
        let text = String::from_utf8_lossy(body);
        let again: Vec<String> = replayed.iter().flat_map(done).collect();
        assert_eq!(again, done(&fact), "{payload} of {text}");
    }
}

/// The same of a recorded request in JSON, whole and broken in every place.
pub fn stands_broken(
    channel: &Channel,
    source: &OpenSource,
    headers: &[(&str, &str)],
    json: &[u8],
) {
    let json: Json = serde_json::from_slice(json).expect("recorded requests are JSON");
    let broken = broken(&json);
    assert!(broken.len() > 10, "{json}");
    stands(channel, source, headers, json.to_string().as_bytes());
    for body in broken {
        stands(channel, source, headers, &body);
    }
}
