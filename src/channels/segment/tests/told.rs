//! A fact in one line for each thing that it does.

use chrono::{DateTime, SecondsFormat};

use crate::channels::fact::{Act, Fact, What};
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::{Given, Ref};
use crate::ids::Micros;

pub(super) fn told(facts: &[Fact<'_>]) -> Vec<String> {
    facts.iter().flat_map(lines).collect()
}

fn lines(fact: &Fact<'_>) -> Vec<String> {
    match &fact.what {
        What::Unknown(why) => vec![format!("{}: unknown: {why}", fact.kind)],
        What::Rejected(errors) => errors
            .iter()
            .map(|error| {
                format!(
                    "{}: {:?} at {}: {}",
                    fact.kind,
                    error.code,
                    error.path.join("."),
                    error.message
                )
            })
            .collect(),
        What::Acts(acts) => acts.iter().map(act).collect(),
    }
}

fn act(act: &Act) -> String {
    match act {
        Act::Identify(request) => format!("link {}", request_line(request)),
        Act::Alias { request, former } => {
            format!("alias {} <- {}", request_line(request), former.value)
        }
        Act::Record(item, files) => {
            assert!(files.is_empty());
            item_line(item)
        }
        other => panic!("no call does this: {other:?}"),
    }
}

fn request_line(request: &IdentifyRequest) -> String {
    assert!(request.source.is_none() && !request.dry_run && !request.own_values_only);
    let given: Vec<String> = request.given.iter().map(given).collect();
    let name = request.name.as_ref().map(|name| format!(" named {name}"));
    let traits = request.traits.as_ref().map(|traits| format!(" {}", serde_json::json!(traits)));
    let at = request.occurred_at.map(time).unwrap_or_default();
    format!("{at} {}{}{}", given.join(" + "), name.unwrap_or_default(), traits.unwrap_or_default())
}

fn given(given: &Given) -> String {
    assert!(!given.verified);
    match &given.namespace {
        Some(namespace) => format!("{:?}:{namespace} {}", given.kind, given.value),
        None => format!("{:?} {}", given.kind, given.value),
    }
}

fn item_line(item: &NewItem) -> String {
    assert!(item.source.is_none() && item.direction.is_none());
    let Some(Ref::Identity(who)) = &item.who else { panic!("nobody's: {item:?}") };
    let at = item.occurred_at.map(time).unwrap_or_default();
    let body = match &item.body {
        NewBody::Record { record_type, record_id, text, data, .. } => {
            let data = data.as_ref().map(ToString::to_string);
            [Some(record_type.clone()), record_id.clone(), text.clone(), data]
        }
        NewBody::PageView { url, title, session_id, category: None, object_id: None, .. } => {
            let session = session_id.as_ref().map(|session| format!("in {session}"));
            [Some("view".into()), Some(url.clone()), title.clone(), session]
        }
        other => panic!("no call records this: {other:?}"),
    };
    let body: Vec<String> = body.into_iter().flatten().collect();
    format!("{:?} {at} {}: {}", item.channel, given(who), body.join(" | "))
}

fn time(time: Micros) -> String {
    let time = DateTime::from_timestamp_micros(time.0).expect("a time");
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)["2026-11-".len()..].to_owned()
}
