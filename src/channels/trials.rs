//! For the tests of channels: recorded deliveries, what each says in words, and every way in which one can be broken.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Headers, Refusal};
use crate::channels::fact::{Act, Fact, FileContent, NewFile, What};
use crate::domain::history::record::{AdvanceRef, NewBody, NewItem};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::source::OpenSource;
use crate::ids::Micros;

/// 2026-11-25T12:00:00Z, when every recorded delivery came.
pub const RECEIVED: Micros = Micros(1_795_608_000_000_000);

fn folder(provider: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/channels").join(provider)
}

/// The recorded deliveries of a provider by their names, sorted.
pub fn recorded(provider: &str) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder(provider)).expect("recorded deliveries");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|path| !path.ends_with("told.txt"));
    files.sort();
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read(path).expect("a delivery"))).collect()
}

/// Compares what all recorded deliveries say with `told.txt` beside them.
pub fn compare(provider: &str, channel: &Channel, source: &OpenSource) {
    let mut all = String::new();
    for (name, body) in recorded(provider) {
        let facts = told(channel, source, &body).expect("a delivery");
        all.push_str(&format!("## {name}\n{}\n", facts.join("\n")));
    }
    let path = folder(provider).join("told.txt");
    if std::env::var_os("RAPPORT_TELL").is_some() {
        std::fs::write(&path, &all).expect("writes");
    }
    let expected = std::fs::read_to_string(&path).expect("told.txt");
    for (is, should) in all.lines().zip(expected.lines()) {
        assert_eq!(is, should, "{provider}");
    }
    assert_eq!(all.len(), expected.len(), "{provider}: told.txt has more or less");
}

/// What a body says, a line for each event and act.
pub fn told(channel: &Channel, source: &OpenSource, body: &[u8]) -> Result<Vec<String>, Refusal> {
    facts(channel, source, body, |facts| facts.iter().flat_map(lines).collect())
}

fn facts<T>(
    channel: &Channel,
    source: &OpenSource,
    body: &[u8],
    then: impl FnOnce(&[Fact<'_>]) -> T,
) -> Result<T, Refusal> {
    let (headers, address) = (Headers::default(), "https://x.example/hooks/x/key");
    let (path, query, received) = ("/hooks/x/key", "", RECEIVED);
    let delivery = Delivery { address, path, query, headers: &headers, body, received };
    (channel.facts)(source, &delivery).map(|facts| then(&facts))
}

/// That each event, kept and replayed, says the same again.
pub fn replays(channel: &Channel, source: &OpenSource, body: &[u8]) {
    let kept = facts(channel, source, body, |facts| {
        let kept = |fact: &Fact<'_>| (fact.kind.clone(), fact.payload.to_json(), lines(fact));
        facts.iter().map(kept).collect::<Vec<_>>()
    });
    for (kind, payload, lines) in kept.unwrap_or_default() {
        // Kept as text, and read again.
        let payload: Json = serde_json::from_str(&payload.to_string()).expect("JSON");
        let again = told(channel, source, &(channel.replay)(&kind, &payload));
        assert_eq!(again.as_ref(), Ok(&lines), "{kind} {payload}");
    }
}

fn lines(fact: &Fact<'_>) -> Vec<String> {
    let id = fact.external_id.as_deref().unwrap_or("-");
    let mut lines = vec![format!("{} {id}", fact.kind)];
    match &fact.what {
        What::Acts(acts) => lines.extend(acts.iter().map(act)),
        What::Unknown(why) => lines.push(format!("    UNKNOWN {why}")),
        What::Rejected(errors) => lines.extend(errors.iter().map(|error| {
            format!("    REJECTED {:?} {}: {}", error.code, error.path.join("."), error.message)
        })),
    }
    lines
}

fn act(act: &Act) -> String {
    match act {
        Act::Identify(request) => {
            let given: Vec<String> = request.given.iter().map(given).collect();
            let name = request.name.as_deref().unwrap_or("-");
            format!(
                "    identify {} name {name:?} at {}",
                given.join(" = "),
                time(request.occurred_at)
            )
        }
        Act::Alias { former, .. } => format!("    formerly {}", given(former)),
        Act::Record(item, files) => {
            let files: Vec<String> = files.iter().map(file).collect();
            let files =
                if files.is_empty() { String::new() } else { format!(" + {}", files.join(" + ")) };
            format!("    {}{files}", recorded_item(item))
        }
        Act::Advance(advance) => {
            let item = match &advance.item {
                AdvanceRef::SourceId(id) => format!("sourceId {id}"),
                AdvanceRef::MessageId(id) => format!("Message-ID {id}"),
            };
            format!("    advance {item} to {:?} at {}", advance.state, time(advance.at))
        }
        Act::AdvanceUpTo { person, until, state } => {
            format!(
                "    advance all to {} up to {} to {state:?}",
                given(person),
                time(Some(*until))
            )
        }
    }
}

fn recorded_item(item: &NewItem) -> String {
    let way = item.direction.map_or_else(|| "-".into(), |way| format!("{way:?}"));
    let who = match &item.who {
        Some(Ref::Identity(person)) => given(person),
        other => format!("{other:?}"),
    };
    let id = item.source_id.as_deref().unwrap_or("-");
    let body = match &item.body {
        NewBody::Message { text, parts, state } => {
            assert!(parts.is_empty());
            format!("message {text:?} {state:?}")
        }
        NewBody::Email { subject, text, parts, state, message_id, references } => {
            assert!(parts.is_empty());
            format!(
                "email {subject:?} {text:?} {state:?} Message-ID {message_id:?} answers {references:?}"
            )
        }
        body => format!("{body:?}"),
    };
    assert_eq!(item.source, None, "the runner fills it in");
    format!(
        "record {way} {:?} {who} sourceId {id} at {}: {body}",
        item.channel,
        time(item.occurred_at)
    )
}

/// A star stands for verified.
fn given(given: &Given) -> String {
    assert!(!given.path.is_empty(), "{given:?}");
    format!("{:?} {}{}", given.kind, given.value, if given.verified { "*" } else { "" })
}

fn file(file: &NewFile) -> String {
    let content = match &file.content {
        FileContent::Bytes(bytes) => format!("{} bytes {:.40}", bytes.len(), hex::encode(bytes)),
        FileContent::AtProvider(id) => format!("at the provider {id}"),
        FileContent::Link(url) => url.clone(),
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    format!("[{} {} {content}]", text(&file.name), text(&file.content_type))
}

fn time(at: Option<Micros>) -> String {
    let at = at.and_then(|at| chrono::DateTime::from_timestamp_micros(at.0));
    at.map_or_else(|| "-".into(), |at| at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string())
}

/// Stands for half an emoji, which a JSON value cannot hold.
const HALF: &str = "@half@";

/// The document with each member and element missing, and with each replaced by what does not belong there.
pub fn mutants(document: &Json) -> Vec<String> {
    let mut places = Vec::new();
    find(document, &mut Vec::new(), &mut places);
    let mut mutants = Vec::new();
    for place in places {
        let wrong = [
            None,
            Some(Json::Null),
            Some(json!([])),
            Some(json!({})),
            Some(json!([["x"], { "id": [] }])),
            Some(json!("x".repeat(5_000))),
            Some(json!("\u{0} \u{7} ")),
            Some(json!(HALF)),
            Some(json!(-1)),
            Some(json!(1e308)),
            Some(json!(true)),
        ];
        for value in wrong {
            let mut mutant = document.clone();
            replace(&mut mutant, &place, value);
            mutants.push(mutant.to_string().replace(HALF, "\\ud83d"));
        }
        let mut mutant = document.clone();
        replace(&mut mutant, &place, Some(json!(HALF)));
        let mutant = mutant.to_string();
        mutants.push(mutant.replace(&format!("\"{HALF}\""), "1e999"));
        mutants.push(
            mutant.replace(
                &format!("\"{HALF}\""),
                &format!("{}1{}", "[".repeat(300), "]".repeat(300)),
            ),
        );
    }
    mutants
}

fn find(json: &Json, here: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let inner: Vec<(String, &Json)> = match json {
        Json::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Json::Array(list) => {
            list.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (name, value) in inner {
        here.push(name);
        places.push(here.clone());
        find(value, here, places);
        here.pop();
    }
}

fn replace(json: &mut Json, place: &[String], with: Option<Json>) {
    let (last, way) = place.split_last().expect("a place");
    let parent = json.pointer_mut(&way.iter().map(|name| format!("/{name}")).collect::<String>());
    match (parent.expect("a parent"), with) {
        (Json::Object(members), Some(value)) => members[last] = value,
        (Json::Object(members), None) => drop(members.remove(last)),
        (Json::Array(list), with) => {
            let n: usize = last.parse().expect("a number");
            match with {
                Some(value) => list[n] = value,
                None => drop(list.remove(n)),
            }
        }
        (other, _) => unreachable!("{other}"),
    }
}
