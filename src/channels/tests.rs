//! What the tests of channels share: a source, recorded requests, what facts say in words, and requests that are broken on
//! purpose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Headers};
use crate::channels::fact::{Act, Fact, FileContent, NewFile, Payload, What};
use crate::domain::history::record::{AdvanceRef, NewBody, NewItem, NewState, Ref};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Given;
use crate::domain::source::OpenSource;
use crate::ids::{Micros, SourceId, TenantId};

/// 2026-11-26T10:00:00Z.
pub const RECEIVED: Micros = Micros(1_795_687_200_000_000);

pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn source() -> OpenSource {
    OpenSource { id: SourceId(7), tenant: TenantId(3), name: "door".into(), ..Default::default() }
}

/// The bytes of a file of `tests/data/channels`.
pub fn recorded(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/channels/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A request that a test sends.
pub struct Request {
    address: String,
    headers: Headers,
    body: Vec<u8>,
}

impl Request {
    pub fn new(body: &[u8]) -> Request {
        let address = "https://rapport.example/hooks/x/key".into();
        Request { address, headers: Headers::default(), body: body.to_vec() }
    }

    pub fn at(mut self, address: &str) -> Request {
        self.address = address.into();
        self
    }

    pub fn with(mut self, headers: &[(&str, &str)]) -> Request {
        let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.headers.0.extend(headers.iter().map(header));
        self
    }

    pub fn delivery(&self) -> Delivery<'_> {
        let (path, query) = self.address.split_once('?').unwrap_or((&self.address, ""));
        Delivery {
            address: &self.address,
            path: path.splitn(4, '/').nth(3).unwrap_or_default(),
            query,
            headers: &self.headers,
            body: &self.body,
            received: RECEIVED,
        }
    }
}

/// Holds what each recorded request of a channel becomes against `becomes.txt` beside the channel's code.
pub fn recorded_requests_become(channel: &Channel, name: &str, headers: &[(&str, &str)]) {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/src/channels/{name}/becomes.txt");
    let text = std::fs::read_to_string(&path).expect("becomes.txt");
    let told: BTreeMap<&str, &str> = text
        .split("=== ")
        .skip(1)
        .map(|block| block.split_once('\n').expect("a name and what it becomes"))
        .collect();
    let folder = std::fs::read_dir(format!("{root}/tests/data/channels/{name}")).expect("a folder");
    let files: BTreeSet<String> = folder
        .map(|file| file.expect("a file").file_name().into_string().expect("a name in UTF-8"))
        .collect();
    for file in &files {
        let media = if file.ends_with(".form") { FORM } else { "application/json" };
        let body = recorded(&format!("{name}/{file}"));
        let request = Request::new(&body).with(headers).with(&[("content-type", media)]);
        let facts = (channel.facts)(&source(), &request.delivery()).expect("a delivery");
        let (is, told) = (said(&facts), told.get(file.as_str()).copied().unwrap_or_default());
        assert_eq!(is.trim(), told.trim(), "=== {file}\n{is}");
    }
    let told: BTreeSet<String> = told.keys().map(|file| (*file).to_owned()).collect();
    assert_eq!(told, files, "{path} tells of each recorded request");
}

/// Facts in words: for each its kind and id, then a line an act.
pub fn said(facts: &[Fact<'_>]) -> String {
    let mut lines = Vec::new();
    for fact in facts {
        lines.push(format!("{} {}", fact.kind, fact.external_id.as_deref().unwrap_or("-")));
        match &fact.what {
            What::Acts(acts) if acts.is_empty() => lines.push("  nothing".into()),
            What::Acts(acts) => lines.extend(acts.iter().map(|one| format!("  {}", act(one)))),
            What::Unknown(why) => lines.push(format!("  unknown: {why}")),
            What::Rejected(errors) => {
                lines.extend(errors.iter().map(|error| {
                    format!("  rejected: {}: {}", error.path.join("."), error.message)
                }))
            }
        }
    }
    lines.join("\n")
}

fn act(act: &Act) -> String {
    match act {
        Act::Identify(request) => identify(request),
        Act::Alias { request, former } => {
            format!("{} formerly {}", identify(request), given(former))
        }
        Act::Record(new, files) => {
            let files: Vec<String> = files.iter().map(file).collect();
            [item(new), files.join("")].concat()
        }
        Act::Advance(advance) => {
            let item = match &advance.item {
                AdvanceRef::SourceId(id) => id.clone(),
                AdvanceRef::MessageId(id) => format!("mail {id}"),
            };
            let state = match advance.state {
                Some(NewState::Call(state)) => json!(state),
                Some(NewState::Message(state)) => json!(state),
                Some(NewState::Email(state)) => json!(state),
                None => Json::Null,
            };
            let rest = (advance.duration, advance.recording_url.as_deref());
            format!("advance {item} {state} {rest:?}{}", at(advance.at))
        }
        Act::AdvanceUpTo { person, until, state } => {
            format!("advance all of {} {}{}", given(person), json!(state), at(Some(*until)))
        }
    }
}

fn given(given: &Given) -> String {
    let kind = json!(given.kind);
    let proved = if given.verified { "!" } else { "" };
    let namespace = given.namespace.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
    format!("{}:{namespace}{}{proved}", kind.as_str().unwrap_or_default(), given.value)
}

fn identify(request: &IdentifyRequest) -> String {
    let people: Vec<String> = request.given.iter().map(given).collect();
    let name = request.name.as_ref().map(|name| format!(" name {name:?}")).unwrap_or_default();
    let traits = request.traits.as_ref().map(|traits| format!(" traits {}", json!(traits)));
    let rehearsed = if request.dry_run { " rehearsed" } else { "" };
    let traits = traits.unwrap_or_default();
    format!("identify {}{name}{traits}{rehearsed}{}", people.join(" "), at(request.occurred_at))
}

fn item(item: &NewItem) -> String {
    let who = match &item.who {
        None => "nobody".to_owned(),
        Some(Ref::Identity(one)) => given(one),
        Some(other) => format!("{other:?}"),
    };
    let word = |json: Json| json.as_str().unwrap_or("-").to_owned();
    let direction = word(json!(item.direction));
    let channel = word(json!(item.channel));
    let id = item.source_id.as_deref().unwrap_or("-");
    let body = match &item.body {
        NewBody::Message { text, parts, state } => {
            let parts = if parts.is_empty() { String::new() } else { format!(" {parts:?}") };
            format!("message {text:?}{parts} {}", word(json!(state)))
        }
        NewBody::Call { state, duration, recording_url } => {
            format!("call {} {duration:?} {recording_url:?}", word(json!(state)))
        }
        other => format!("{other:?}"),
    };
    format!("record {channel} {direction} {who} {id} {body}{}", at(item.occurred_at))
}

fn file(file: &NewFile) -> String {
    let content = match &file.content {
        FileContent::Bytes(bytes) => format!("{} bytes", bytes.len()),
        FileContent::AtProvider(id) => format!("at provider {id}"),
        FileContent::Link(link) => link.clone(),
    };
    let name = file.name.as_deref().unwrap_or("-");
    format!(" [{} {name} {content}]", file.content_type.as_deref().unwrap_or("-"))
}

/// Nothing where it is the time of arrival.
fn at(time: Option<Micros>) -> String {
    match time {
        Some(RECEIVED) => String::new(),
        None => " at no time".to_owned(),
        Some(time) => {
            let time =
                chrono::DateTime::from_timestamp_micros(time.0).map(|time| time.to_rfc3339());
            format!(" at {}", time.unwrap_or_default())
        }
    }
}

/// Stands for half an emoji, which no `serde_json::Value` holds.
const HALF: char = '\u{e000}';

/// The JSON with each of its values left out, and replaced by what does not belong there.
pub fn broken(json: &Json) -> Vec<Vec<u8>> {
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

/// What facts do, without their kinds and ids, which are kept beside the payload.
fn done(facts: &[Fact<'_>]) -> Vec<String> {
    said(facts).lines().filter(|line| line.starts_with(' ')).map(str::to_owned).collect()
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
        let fact = std::slice::from_ref(&fact);
        assert_eq!(done(&replayed), done(fact), "{payload} of {text}");
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
