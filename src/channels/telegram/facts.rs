//! What an update of Telegram's says: a message of a person to the bot, or an edit of one. Pure.

use serde_json::Value as Json;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Act, Fact, Payload, What};
use crate::channels::json::{at, body, members, text};
use crate::channels::mended::Mended;
use crate::channels::telegram::content::{content, sender_number};
use crate::channels::times::{provider_time, unix_seconds};
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::source::OpenSource;
use crate::entity::kinds::{Channel, Direction, IdentityKind};
use crate::error::UserError;
use crate::ids::Micros;

/// The updates that carry a message of a person to the bot.
const MESSAGES: [&str; 2] = ["message", "edited_message"];

pub(super) fn facts<'d>(
    _source: &OpenSource,
    delivery: &Delivery<'d>,
) -> Result<Vec<Fact<'d>>, Refusal> {
    let malformed = |why: &str| Refusal::Malformed(why.to_owned());
    let raw = body(delivery.body).ok_or_else(|| malformed("the body is not UTF-8"))?;
    if members(raw).is_none() {
        return Err(malformed("the body is no JSON object"));
    }
    let Some(Mended { value: update, missing }) = Mended::read(raw) else {
        return Err(malformed("the body is no JSON object"));
    };
    let (kind, external_id, mut what) = read(&update, delivery.received);
    Mended::tell(&missing, &mut what);
    // What is kept says the same again.
    let payload = if missing.is_empty() { Payload::Json(update) } else { Payload::Raw(raw) };
    Ok(vec![Fact { kind, external_id, payload, what }])
}

/// The kind of the update, its id and what it does.
fn read(update: &Json, received: Micros) -> (String, Option<String>, What) {
    let update_id = text(at(update, &["update_id"]));
    let Some(kind) = MESSAGES.into_iter().find(|kind| update[*kind].is_object()) else {
        let mut names = update.as_object().into_iter().flat_map(|members| members.keys());
        let kind = names.find(|name| *name != "update_id").map_or("update", String::as_str);
        let why = format!("rapport does not know updates of the kind {kind}");
        return (kind.to_owned(), update_id, What::Unknown(why));
    };
    let message = &update[kind];
    let id = |path: &[&str]| text(at(message, path));
    let (chat, message_id) = (id(&["chat", "id"]), id(&["message_id"]));
    let source_id = chat.zip(message_id).map(|(chat, message)| format!("{chat}:{message}"));
    let what = said(kind, message, source_id.clone(), received).unwrap_or_else(|what| what);
    (kind.to_owned(), source_id.or(update_id), what)
}

fn said(
    kind: &str,
    message: &Json,
    source_id: Option<String>,
    received: Micros,
) -> Result<What, What> {
    let rejected = |path: &[&str], why: &str| {
        let path = [kind].into_iter().chain(path.iter().copied());
        What::Rejected(vec![UserError::invalid(why).at(path)])
    };
    let chat = at(message, &["chat", "type"]).as_str().unwrap_or_default();
    if chat != "private" {
        return Err(What::Unknown("only chats of one person with the bot are read".into()));
    }
    let source_id = source_id.ok_or_else(|| rejected(&["message_id"], "an id is needed"))?;
    let from = text(at(message, &["from", "id"]));
    let from = from.ok_or_else(|| rejected(&["from", "id"], "an id is needed"))?;
    let Some((text, files)) = content(message) else {
        let why = "it holds nothing that rapport knows: no text, file, place or contact";
        return Err(What::Unknown(why.into()));
    };
    let date = unix_seconds(at(message, &["edit_date"]));
    let date = date.or_else(|| unix_seconds(at(message, &["date"])));
    let occurred_at = Some(provider_time(date, received));
    let person = given(IdentityKind::Telegram, from, &[kind, "from", "id"]);
    let number = sender_number(message)
        .map(|number| given(IdentityKind::Phone, number, &[kind, "contact", "phone_number"]));
    let name = name(at(message, &["from"]));
    let link = (name.is_some() || number.is_some()).then(|| {
        Act::Identify(Box::new(IdentifyRequest {
            given: [person.clone()].into_iter().chain(number).collect(),
            name,
            occurred_at,
            ..IdentifyRequest::default()
        }))
    });
    let item = NewItem {
        channel_label: None,
        files: Vec::new(),
        who: Some(Ref::Identity(person)),
        channel: Channel::Telegram,
        direction: Some(Direction::Inbound),
        occurred_at,
        source: None,
        source_id: Some(source_id),
        body: NewBody::Message { text, parts: Vec::new(), state: None },
    };
    Ok(What::Acts(link.into_iter().chain([Act::Record(Box::new(item), files)]).collect()))
}

/// Telegram knows its people, and the number of each.
fn given(kind: IdentityKind, value: String, path: &[&str]) -> Given {
    let path = path.iter().map(|name| (*name).to_owned()).collect();
    Given { kind, value, namespace: None, verified: true, path }
}

fn name(from: &Json) -> Option<String> {
    let names: Vec<String> =
        ["first_name", "last_name"].iter().filter_map(|name| text(&from[*name])).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
