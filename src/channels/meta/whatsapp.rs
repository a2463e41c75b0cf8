//! WhatsApp Cloud: messages, echoes of what the company sent from its phone, and states. Pure.

use serde_json::{Map, Value as Json};

use crate::channels::fact::{Act, Fact, What};
use crate::channels::json::{at, elements, member, text};
use crate::channels::meta::content::{Content, content};
use crate::channels::meta::envelope::{Place, loose, words};
use crate::channels::times::unix_seconds;
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::{Given, Ref};
use crate::entity::kinds::{Channel, DeliveryState, Direction, IdentityKind};
use crate::ids::Micros;

/// The lists of a value.
pub const LISTS: [&str; 3] = ["messages", "message_echoes", "statuses"];

/// The events of a change's value, in their order.
pub fn facts(place: &Place<'_>, own: &[(String, &str)]) -> Vec<Fact<'static>> {
    let Some((field, _)) = &place.change else { return Vec::new() };
    let contacts = member(own, "contacts").and_then(elements).unwrap_or_default();
    let contacts: Vec<Json> = contacts.iter().map(|raw| loose(raw)).collect();
    let around = |contact: Option<&Json>| {
        let mut around = Map::new();
        for name in ["messaging_product", "metadata"] {
            around.extend(member(own, name).map(|raw| (name.to_owned(), loose(raw))));
        }
        around.extend(
            contact.map(|contact| ("contacts".to_owned(), Json::from(vec![contact.clone()]))),
        );
        around
    };
    let mut facts = Vec::new();
    for inner in LISTS {
        let Some(raw) = member(own, inner) else { continue };
        let place =
            |contact| Place { change: Some((*field, around(contact))), inner, ..place.clone() };
        let Some(events) = elements(raw) else {
            facts.push(place(None).no_list(inner, raw));
            continue;
        };
        for raw in events {
            let event = match place(None).event(inner, raw) {
                Ok(event) => event,
                Err(fact) => {
                    facts.push(*fact);
                    continue;
                }
            };
            let contact = contact_of(&ids(inner, &event), &contacts);
            facts.push(fact(&place(contact), event, contact));
        }
    }
    facts
}

/// The number and the id of the person, as the event says them.
fn ids(inner: &str, event: &Json) -> [Option<String>; 2] {
    let names = match inner {
        "messages" => ["from", "from_user_id"],
        "message_echoes" => ["to", "to_user_id"],
        _ => ["recipient_id", "recipient_user_id"],
    };
    names.map(|name| text(at(event, &[name])))
}

/// What is said of the person, by number or id; by nothing where it is the only one, and nothing speaks against it.
fn contact_of<'c>(ids: &[Option<String>; 2], contacts: &'c [Json]) -> Option<&'c Json> {
    let pairs = |contact: &Json| {
        let own = ["wa_id", "user_id"].map(|name| text(at(contact, &[name])));
        [(own[0].clone(), ids[0].clone()), (own[1].clone(), ids[1].clone())]
    };
    let same = |contact: &&Json| pairs(contact).iter().any(|(own, id)| own.is_some() && own == id);
    let other = |contact: &Json| {
        pairs(contact).iter().any(|(own, id)| own.is_some() && id.is_some() && own != id)
    };
    contacts.iter().find(same).or(match contacts {
        [one] if !other(one) => Some(one),
        _ => None,
    })
}

fn fact(place: &Place<'_>, event: Json, contact: Option<&Json>) -> Fact<'static> {
    let id = text(at(&event, &["id"]));
    let word = if place.inner == "statuses" { "status" } else { "type" };
    let word = text(at(&event, &[word])).unwrap_or_else(|| "unknown".to_owned());
    let kind = format!("{}.{word}", place.inner);
    let said = ids(place.inner, &event);
    let person = Person::new(place, said, contact);
    let time = place.at(unix_seconds(at(&event, &["timestamp"])));
    let what = match place.inner {
        "statuses" => status(place, &event, &person, id.clone(), time, &word),
        _ => message(place, &event, &person, id.clone(), time, &word),
    };
    place.fact(kind, id, event, what)
}

/// Whom an event is about.
struct Person {
    /// Number and id of one person.
    given: Vec<Given>,
    name: Option<String>,
}

impl Person {
    fn new(place: &Place<'_>, said: [Option<String>; 2], contact: Option<&Json>) -> Person {
        // Who writes is proved by it; to whom something was sent is not.
        let verified = place.inner == "messages";
        let contact = contact.unwrap_or(&Json::Null);
        let given = said.into_iter().zip(["wa_id", "user_id"]).filter_map(|(said, name)| {
            let value = said.or_else(|| text(at(contact, &[name])))?;
            Some(whatsapp(value, verified, place.path(&[])))
        });
        Person { given: given.collect(), name: words(at(contact, &["profile", "name"])) }
    }

    /// Who the person is, where more is said than one address.
    fn identify(&self, at: Micros) -> Option<Act> {
        (self.given.len() > 1 || self.name.is_some())
            .then(|| linked(self.given.clone(), self.name.clone(), at))
    }
}

/// WhatsApp writes numbers with the country code and without the plus; short ones could be taken for domestic ones.
fn whatsapp(value: String, verified: bool, path: Vec<String>) -> Given {
    let short = (8..=10).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let value = if short { format!("+{value}") } else { value };
    Given { kind: IdentityKind::Whatsapp, value, namespace: None, verified, path }
}

fn linked(given: Vec<Given>, name: Option<String>, at: Micros) -> Act {
    let occurred_at = Some(at);
    Act::Identify(Box::new(IdentifyRequest {
        given,
        name,
        occurred_at,
        ..IdentifyRequest::default()
    }))
}

fn message(
    place: &Place<'_>,
    event: &Json,
    person: &Person,
    id: Option<String>,
    time: Micros,
    kind: &str,
) -> What {
    if kind == "system" {
        return system(place, event, time);
    }
    let Some(Content { text, files }) = content(kind, event) else {
        return What::Unknown(format!("messages of type {kind} are not recorded"));
    };
    if text.is_none() && files.is_empty() {
        return match kind {
            // Taken back.
            "reaction" => What::Acts(Vec::new()),
            _ => place.wrong(&[kind], "the message says nothing"),
        };
    }
    let outbound = place.inner == "message_echoes";
    let Some(id) = id else { return place.wrong(&["id"], "the message has no id") };
    let Some(who) = person.given.first() else {
        let (name, message) =
            if outbound { ("to", "nobody to whom it was sent") } else { ("from", "no sender") };
        return place.wrong(&[name], &format!("the message has {message}"));
    };
    let state = outbound.then_some(DeliveryState::Sent);
    let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
    let item = item(who, direction, time, id, NewBody::Message { text, parts: Vec::new(), state });
    let record = Act::Record(Box::new(item), files);
    What::Acts(person.identify(time).into_iter().chain([record]).collect())
}

/// A person took another number.
fn system(place: &Place<'_>, event: &Json, time: Micros) -> What {
    let kind = text(at(event, &["system", "type"])).unwrap_or_default();
    if kind != "user_changed_number" {
        return What::Unknown(format!("system messages of type {kind} are not recorded"));
    }
    let Some(before) = text(at(event, &["from"])) else {
        return place.wrong(&["from"], "the former number is missing");
    };
    let Some(now) = text(at(event, &["system", "wa_id"])) else {
        return place.wrong(&["system", "wa_id"], "the new number is missing");
    };
    let given = [(before, ["from"].as_slice()), (now, &["system", "wa_id"])];
    let given = given.map(|(value, path)| whatsapp(value, true, place.path(path)));
    What::Acts(vec![linked(given.to_vec(), None, time)])
}

fn status(
    place: &Place<'_>,
    event: &Json,
    person: &Person,
    id: Option<String>,
    time: Micros,
    status: &str,
) -> What {
    let state = match status {
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" | "played" => DeliveryState::Read,
        "failed" => DeliveryState::Failed,
        _ => return What::Unknown(format!("the status {status} is none that is recorded")),
    };
    if text(at(event, &["recipient_type"])).is_some_and(|kind| kind == "group") {
        return What::Unknown("states of messages to groups are not recorded".into());
    }
    let Some(id) = id else { return place.wrong(&["id"], "the status has no id of a message") };
    let Some(who) = person.given.first() else {
        return place.wrong(&["recipient_id"], "the status has no recipient");
    };
    let body = NewBody::Message { text: None, parts: Vec::new(), state: Some(state) };
    let record = Act::Record(Box::new(item(who, Direction::Outbound, time, id, body)), Vec::new());
    What::Acts(person.identify(time).into_iter().chain([record]).collect())
}

fn item(who: &Given, direction: Direction, at: Micros, id: String, body: NewBody) -> NewItem {
    NewItem {
        channel_label: None,
        files: Vec::new(),
        who: Some(Ref::Identity(who.clone())),
        channel: Channel::Whatsapp,
        direction: Some(direction),
        occurred_at: Some(at),
        source: None,
        source_id: Some(id),
        body,
    }
}
