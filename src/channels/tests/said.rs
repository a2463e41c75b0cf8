//! Facts in words, by which tests tell what a request becomes.

use serde_json::{Value as Json, json};

use crate::channels::fact::{Act, Fact, FileContent, NewFile, What};
use crate::channels::tests::RECEIVED;
use crate::domain::history::record::{AdvanceRef, NewBody, NewItem, NewState, Ref};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Given;
use crate::ids::Micros;

/// Facts in words: for each its kind and id, then a line an act.
pub fn said(facts: &[Fact<'_>]) -> String {
    let mut lines = Vec::new();
    for fact in facts {
        lines.push(format!("{} {}", fact.kind, fact.external_id.as_deref().unwrap_or("-")));
        lines.extend(done(fact));
    }
    lines.join("\n")
}

/// What a fact does, a line an act.
pub fn done(fact: &Fact<'_>) -> Vec<String> {
    match &fact.what {
        What::Acts(acts) if acts.is_empty() => vec!["  nothing".into()],
        What::Acts(acts) => acts.iter().map(|one| format!("  {}", act(one))).collect(),
        What::Unknown(why) => vec![format!("  unknown: {why}")],
        What::Rejected(errors) => errors
            .iter()
            .map(|error| format!("  rejected: {}: {}", error.path.join("."), error.message))
            .collect(),
    }
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
        NewBody::Email { subject, text, parts, state, message_id, references } => {
            let parts = if parts.is_empty() { String::new() } else { format!(" {parts:?}") };
            let state = word(json!(state));
            format!(
                "mail {subject:?} {text:?}{parts} {state} {message_id:?} answers {references:?}"
            )
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
        FileContent::Lost(why) => format!("lost: {why}"),
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
