//! What each call does. Pure.

use serde_json::{Value as Json, json};

use crate::channels::fact::Act;
use crate::channels::segment::event::Event;
use crate::channels::segment::kind::Kind;
use crate::channels::segment::page;
use crate::channels::segment::person::{Person, said, usable};
use crate::channels::segment::values::{id, object, text};
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::entity::kinds::{Channel, IdentityKind};
use crate::error::UserError;
use crate::ids::Micros;

/// What the event does, in order: it links before it records.
///
/// # Errors
/// Why it cannot be taken.
pub(super) fn acts(kind: Kind, event: &Event<'_>, at: Micros) -> Result<Vec<Act>, UserError> {
    let mut person = Person::of(event)?;
    if kind == Kind::Alias {
        return alias(event, person, at);
    }
    if kind == Kind::Identify {
        person.add_addresses(event, kind);
        person.who()?;
        return Ok(vec![Act::Identify(Box::new(identify(event, person, at)?))]);
    }
    let who = person.who()?;
    let body = match kind {
        Kind::Page | Kind::Screen => page::view(kind, event)?,
        Kind::Group => group(event)?,
        _ => track(event)?,
    };
    let item = NewItem {
        channel_label: None,
        files: Vec::new(),
        who: Some(who),
        channel: channel(kind, event),
        direction: None,
        occurred_at: Some(at),
        source: None,
        source_id: event.source_id(kind),
        body,
    };
    person.add_addresses(event, kind);
    let linked = person.given.len() > 1;
    let link = linked.then(|| Act::Identify(Box::new(request(person, at))));
    Ok(link.into_iter().chain([Act::Record(Box::new(item), Vec::new())]).collect())
}

fn request(person: Person, at: Micros) -> IdentifyRequest {
    IdentifyRequest { given: person.given, occurred_at: Some(at), ..IdentifyRequest::default() }
}

fn identify(event: &Event<'_>, person: Person, at: Micros) -> Result<IdentifyRequest, UserError> {
    let said = said(event)?;
    Ok(IdentifyRequest { name: said.name, traits: said.traits, ..request(person, at) })
}

fn track(event: &Event<'_>) -> Result<NewBody, UserError> {
    let name = event
        .title
        .and_then(text)
        .ok_or_else(|| UserError::invalid("a track names its event with a text").at(["event"]))?;
    let properties = object(event.properties).map_err(|error| error.at(["properties"]))?;
    let data = json!({ "event": name, "properties": Json::Object(properties) });
    Ok(record("event", None, Some(name), Some(data)))
}

fn group(event: &Event<'_>) -> Result<NewBody, UserError> {
    let group = id(event.group_id)
        .map_err(|error| error.at(["groupId"]))?
        .ok_or_else(|| UserError::invalid("a group has a groupId").at(["groupId"]))?;
    let traits = object(event.traits).map_err(|error| error.at(["traits"]))?;
    let name = traits.get("name").and_then(crate::channels::json::text);
    let data = (!traits.is_empty()).then_some(Json::Object(traits));
    Ok(record("group", Some(group), name, data))
}

fn record(kind: &str, id: Option<String>, text: Option<String>, data: Option<Json>) -> NewBody {
    NewBody::Record { record_type: kind.to_owned(), record_id: id, record_state: None, text, data }
}

/// `previousId` and `userId` are one person.
fn alias(event: &Event<'_>, person: Person, at: Micros) -> Result<Vec<Act>, UserError> {
    let former =
        usable(IdentityKind::UserId, event.previous_id, "previousId")?.ok_or_else(|| {
            UserError::invalid("an alias has a previousId that can be used").at(["previousId"])
        })?;
    let mut given = person.given;
    if given.first().is_none_or(|first| first.kind != IdentityKind::UserId) {
        return Err(UserError::invalid("an alias has a userId that can be used").at(["userId"]));
    }
    // The runner adds the former id, under one kind or the other.
    given.retain(|own| own.value != former.value);
    let request = Box::new(request(Person { given }, at));
    Ok(vec![Act::Alias { request, former }])
}

/// Where it happened: in an app, where the call or the context says so. `context.app` says nothing: web SDKs set it too.
fn channel(kind: Kind, event: &Event<'_>) -> Channel {
    let device = event.context.device.is_some_and(|raw| raw.starts_with('{') && raw.contains(':'));
    let said = [event.channel, event.context.channel];
    let mobile = said.into_iter().flatten().any(|raw| raw == r#""mobile""#);
    if kind == Kind::Screen || device || mobile { Channel::App } else { Channel::Web }
}
