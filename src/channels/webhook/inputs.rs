//! The shapes of `IdentifyInput`, `EngagementInput` and `PageViewInput` in JSON, by the names of the GraphQL schema. Pure.

use chrono::DateTime;
use serde_json::Value as Json;

use crate::channels::webhook::object::{Errors, Object, object};
use crate::domain::history::record::{NewBody, NewItem, NewPart, Ref};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Given;
use crate::entity::kinds::{
    CallState, Channel, DeliveryState, Direction, EmailState, IdentityKind,
};
use crate::error::UserError;
use crate::ids::{ContactNumber, CustomerId, IdKind, Micros, TenantId, read_id};

type Read<T> = Result<T, Vec<UserError>>;

/// Reads an entry; its mistakes, all of them, where it has any.
fn entry<T>(json: &Json, read: impl FnOnce(&Object<'_>) -> Option<T>) -> Read<T> {
    let errors = Errors::default();
    let value = object(json, Vec::new(), &errors, read).flatten();
    match (value, errors.into_all()) {
        (Some(value), errors) if errors.is_empty() => Ok(value),
        (_, errors) => Err(errors),
    }
}

pub(super) fn identify(json: &Json, received: Micros) -> Read<IdentifyRequest> {
    entry(json, |input| {
        let of = |kind, name| {
            let value = input.text(name)?;
            let path = vec![name.to_owned()];
            Some(Given { kind, value, namespace: None, verified: false, path })
        };
        let mut given: Vec<Given> =
            [of(IdentityKind::Email, "email"), of(IdentityKind::Phone, "phoneNumber")]
                .into_iter()
                .flatten()
                .collect();
        let identities = input.objects("identities", |identity| {
            let verified = identity.flag("verified");
            Some(Given { verified, ..address(identity)? })
        });
        given.extend(identities.into_iter().enumerate().map(|(n, identity)| {
            let path = vec!["identities".into(), n.to_string(), "value".into()];
            Given { path, ..identity }
        }));
        let traits = match input.json("traits") {
            Some(Json::Object(traits)) => Some(traits),
            Some(_) => {
                input.refuse("traits", "an object belongs here");
                None
            }
            None => None,
        };
        source(input);
        Some(IdentifyRequest {
            given,
            name: input.text("name"),
            traits,
            source: None,
            occurred_at: time(input, received),
            dry_run: input.flag("dryRun"),
            ..IdentifyRequest::default()
        })
    })
}

/// A kind of address and the address; its place is told by who asks.
fn address(identity: &Object<'_>) -> Option<Given> {
    let kind = identity.needed("kind", identity.choice("kind", IdentityKind::ALL));
    let value = identity.needed("value", identity.text("value"));
    let namespace = identity.text("namespace");
    let path = vec!["customer".into(), "identity".into(), "value".into()];
    Some(Given { kind: kind?, value: value?, namespace, verified: false, path })
}

/// The source's own name is that of every entry: what stands here may stand here, and says nothing.
fn source(input: &Object<'_>) {
    let _ = input.text("source");
}

/// When it happened: on arrival, where nobody says.
fn time(input: &Object<'_>, received: Micros) -> Option<Micros> {
    let Some(text) = input.text("occurredAt") else { return Some(received) };
    let time = DateTime::parse_from_rfc3339(text.trim()).ok();
    if time.is_none() {
        let why = "a time is written as RFC 3339 has it, with its zone: 2026-02-28T09:30:00Z";
        input.refuse("occurredAt", why);
    }
    time.map(|time| Micros(time.timestamp_micros()))
}

fn customer(input: &Object<'_>, tenant: TenantId) -> Option<Ref> {
    let read = |customer: &Object<'_>| {
        Some(match customer.one_of(&["id", "identity", "contactId"])? {
            "id" => match customer.text("id").as_deref().and_then(read_id) {
                Some((IdKind::Customer, of, number)) if of == tenant => {
                    Ref::Customer(CustomerId(number))
                }
                _ => Ref::Unknown,
            },
            "identity" => Ref::Identity(customer.object("identity", address)??),
            _ => Ref::Contact(ContactNumber(customer.contact_number("contactId")?)),
        })
    };
    input.object("customer", read).flatten()
}

pub(super) fn engagement(json: &Json, tenant: TenantId, received: Micros) -> Read<NewItem> {
    entry(json, |input| {
        let who = customer(input, tenant);
        let channel = input.needed("channel", input.choice("channel", Channel::ALL));
        let direction = input.choice("direction", Direction::ALL);
        let occurred_at = time(input, received);
        let source_id = input.text("sourceId");
        let body = input.needed("body", input.object("body", body).flatten());
        source(input);
        let channel_label = input.text("channelLabel");
        Some(NewItem {
            channel_label,
            files: Vec::new(),
            who,
            channel: channel?,
            direction,
            occurred_at,
            source: None,
            source_id,
            body: body?,
        })
    })
}

fn body(body: &Object<'_>) -> Option<NewBody> {
    let kind = body.one_of(&["message", "call", "email", "note", "record"])?;
    let read = match kind {
        "message" => message,
        "call" => call,
        "email" => email,
        "note" => note,
        _ => record,
    };
    body.object(kind, read)?
}

#[expect(clippy::unnecessary_wraps, reason = "other bodies have what is needed")]
fn message(message: &Object<'_>) -> Option<NewBody> {
    Some(NewBody::Message {
        text: message.text("text"),
        parts: message.objects("parts", part),
        state: message.choice("deliveryState", DeliveryState::ALL),
    })
}

fn call(call: &Object<'_>) -> Option<NewBody> {
    let state = call.needed("state", call.choice("state", CallState::ALL));
    let duration = call.integer("durationSeconds");
    let recording_url = call.text("recordingUrl");
    Some(NewBody::Call { state: state?, duration, recording_url })
}

#[expect(clippy::unnecessary_wraps, reason = "other bodies have what is needed")]
fn email(email: &Object<'_>) -> Option<NewBody> {
    Some(NewBody::Email {
        subject: email.text("subject"),
        text: email.text("text"),
        parts: email.objects("parts", part),
        state: email.choice("state", EmailState::ALL),
        message_id: email.text("messageId"),
        references: email.texts("references"),
    })
}

fn note(note: &Object<'_>) -> Option<NewBody> {
    Some(NewBody::Note { text: note.needed("text", note.text("text"))? })
}

fn record(record: &Object<'_>) -> Option<NewBody> {
    let record_type = record.needed("recordType", record.text("recordType"));
    let record_id = record.text("recordId");
    let record_state = record.text("recordState");
    let (text, data) = (record.text("text"), record.json("data"));
    Some(NewBody::Record { record_type: record_type?, record_id, record_state, text, data })
}

fn part(part: &Object<'_>) -> Option<NewPart> {
    let kind = part.one_of(&["text", "image", "file"])?;
    let read = match kind {
        "text" => text_part,
        "image" => image_part,
        _ => file_part,
    };
    part.object(kind, read)?
}

fn text_part(part: &Object<'_>) -> Option<NewPart> {
    Some(NewPart::Text { text: part.needed("text", part.text("text"))? })
}

fn image_part(part: &Object<'_>) -> Option<NewPart> {
    let (url, alt) = (part.needed("url", part.text("url")), part.text("alt"));
    Some(NewPart::Image { url: url?, alt })
}

fn file_part(part: &Object<'_>) -> Option<NewPart> {
    let url = part.needed("url", part.text("url"));
    let (name, content_type) = (part.text("name"), part.text("contentType"));
    Some(NewPart::File { url: url?, name, content_type })
}

pub(super) fn page_view(json: &Json, tenant: TenantId, received: Micros) -> Read<NewItem> {
    entry(json, |input| {
        let who = customer(input, tenant);
        let url = input.needed("url", input.text("url"));
        let channel = input.choice("channel", Channel::ALL).unwrap_or(Channel::Web);
        let occurred_at = time(input, received);
        let source_id = input.text("sourceId");
        let [title, category, object_id, session_id, description] =
            ["title", "category", "objectId", "sessionId", "description"]
                .map(|name| input.text(name));
        source(input);
        Some(NewItem {
            channel_label: None,
            files: Vec::new(),
            who,
            channel,
            direction: None,
            occurred_at,
            source: None,
            source_id,
            body: NewBody::PageView {
                url: url?,
                title,
                category,
                object_id,
                session_id,
                description,
            },
        })
    })
}
