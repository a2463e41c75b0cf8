//! Messenger and Instagram: messages, echoes of what the company sent, what was delivered and read. Pure.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::channels::fact::{Act, Fact, What};
use crate::channels::json::{at, text};
use crate::channels::meta::content::Content;
use crate::channels::meta::envelope::{Place, words};
use crate::channels::meta::files::linked;
use crate::channels::times::unix_milliseconds;
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::entity::kinds::{Channel, DeliveryState, Direction, IdentityKind};
use crate::ids::Micros;

/// What is no word for what an event is.
const AROUND: [&str; 4] = ["sender", "recipient", "timestamp", "prior_message"];

/// An event of `messaging` or `standby`.
pub fn fact(place: &Place<'_>, raw: &str) -> Fact<'static> {
    let event = match place.event(place.list, raw) {
        Ok(event) => event,
        Err(fact) => return *fact,
    };
    let word = ["message", "postback", "delivery", "read"]
        .into_iter()
        .find(|name| event.get(name).is_some());
    let other = || {
        let mut names = event.as_object()?.keys().map(String::as_str);
        names.find(|name| !AROUND.contains(name))
    };
    let word = word.or_else(other).unwrap_or("event").to_owned();
    let kind = format!("{}.{word}", place.list);
    let Some(app) = App::of(place.object) else {
        let what = What::Unknown(format!("messages of {} are not recorded", place.object));
        return place.fact(kind, None, event, what);
    };
    let time = unix_milliseconds(at(&event, &["timestamp"]));
    let mid = text(at(&event, &[&word, "mid"]));
    let what = match word.as_str() {
        "message" => app.message(place, &event, place.at(time)),
        "postback" => app.postback(place, &event, place.at(time)),
        "delivery" => app.delivered(place, &event, time),
        "read" => app.read(place, &event, time),
        _ => What::Unknown(format!("events of {word} are not recorded")),
    };
    place.fact(kind, mid, event, what)
}

/// Which of the two.
#[derive(Clone, Copy)]
struct App {
    kind: IdentityKind,
    channel: Channel,
}

impl App {
    fn of(object: &str) -> Option<App> {
        match object {
            "page" => Some(App { kind: IdentityKind::Facebook, channel: Channel::Facebook }),
            "instagram" => Some(App { kind: IdentityKind::Instagram, channel: Channel::Instagram }),
            _ => None,
        }
    }

    /// The person at that end of the event; the company's own account is none.
    fn person(
        self,
        place: &Place<'_>,
        event: &Json,
        end: &str,
        verified: bool,
    ) -> Result<Given, What> {
        let path = place.path(&[end, "id"]);
        let Some(value) = text(at(event, &[end, "id"])) else {
            return Err(place.wrong(&[end, "id"], "the event does not say who the person is"));
        };
        if text(place.id).is_some_and(|own| own == value) {
            return Err(What::Unknown("an event of the company's account with itself".into()));
        }
        Ok(Given { kind: self.kind, value, namespace: None, verified, path })
    }

    fn message(self, place: &Place<'_>, event: &Json, time: Micros) -> What {
        let message = &event["message"];
        let is = |name: &str| message.get(name).and_then(Json::as_bool) == Some(true);
        if is("is_deleted") {
            return What::Acts(Vec::new());
        }
        let content = content(message);
        if content.is_empty() {
            return What::Unknown(
                "a message without text and without the address of a file".into(),
            );
        }
        // Without the mark of an echo it is one all the same where the company's account is the sender.
        let own = text(place.id).filter(|_| event["recipient"] != event["sender"]);
        let outbound =
            is("is_echo") || (own.is_some() && own == text(at(event, &["sender", "id"])));
        let end = if outbound { "recipient" } else { "sender" };
        let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
        let person = match self.person(place, event, end, !outbound) {
            Ok(person) => person,
            Err(what) => return what,
        };
        let state = outbound.then_some(DeliveryState::Sent);
        let body = NewBody::Message { text: content.text, parts: Vec::new(), state };
        let id = text(at(message, &["mid"])).unwrap_or_else(|| digest(event));
        let item = self.item(person, direction, time, id, body);
        What::Acts(vec![Act::Record(Box::new(item), content.files)])
    }

    /// A button was pressed.
    fn postback(self, place: &Place<'_>, event: &Json, time: Micros) -> What {
        let Some(title) = words(at(event, &["postback", "title"])) else {
            return What::Unknown("a button without a title".into());
        };
        let person = match self.person(place, event, "sender", true) {
            Ok(person) => person,
            Err(what) => return what,
        };
        let id = text(at(event, &["postback", "mid"])).unwrap_or_else(|| digest(event));
        let body = NewBody::Message { text: Some(title), parts: Vec::new(), state: None };
        let item = self.item(person, Direction::Inbound, time, id, body);
        What::Acts(vec![Act::Record(Box::new(item), Vec::new())])
    }

    /// These messages, and all that were sent up to then.
    fn delivered(self, place: &Place<'_>, event: &Json, time: Option<Micros>) -> What {
        let delivery = &event["delivery"];
        let person = match self.person(place, event, "sender", false) {
            Ok(person) => person,
            Err(what) => return what,
        };
        let watermark = unix_milliseconds(&delivery["watermark"]);
        let reached = place.at(watermark.or(time));
        let mids = delivery["mids"].as_array().into_iter().flatten().filter_map(text);
        let state = DeliveryState::Delivered;
        let mut acts: Vec<Act> =
            mids.map(|mid| self.state(person.clone(), mid, reached, state)).collect();
        acts.extend(watermark.map(|until| Act::AdvanceUpTo { person, until, state }));
        if acts.is_empty() {
            return place.wrong(&["delivery"], "it says neither which messages nor up to when");
        }
        What::Acts(acts)
    }

    /// All that were sent up to then; Instagram names the last one.
    fn read(self, place: &Place<'_>, event: &Json, time: Option<Micros>) -> What {
        let read = &event["read"];
        let person = match self.person(place, event, "sender", false) {
            Ok(person) => person,
            Err(what) => return what,
        };
        let state = DeliveryState::Read;
        let mid =
            text(&read["mid"]).map(|mid| self.state(person.clone(), mid, place.at(time), state));
        let watermark = unix_milliseconds(&read["watermark"]);
        let until = watermark.map(|until| Act::AdvanceUpTo { person, until, state });
        let acts: Vec<Act> = mid.into_iter().chain(until).collect();
        if acts.is_empty() {
            return place.wrong(&["read", "watermark"], "it does not say up to when");
        }
        What::Acts(acts)
    }

    /// A state of a message that may not be there yet.
    fn state(self, person: Given, mid: String, at: Micros, state: DeliveryState) -> Act {
        let body = NewBody::Message { text: None, parts: Vec::new(), state: Some(state) };
        Act::Record(Box::new(self.item(person, Direction::Outbound, at, mid, body)), Vec::new())
    }

    fn item(
        self,
        person: Given,
        direction: Direction,
        at: Micros,
        id: String,
        body: NewBody,
    ) -> NewItem {
        NewItem {
            channel_label: None,
            files: Vec::new(),
            who: Some(Ref::Identity(person)),
            channel: self.channel,
            direction: Some(direction),
            occurred_at: Some(at),
            source: None,
            source_id: Some(id),
            body,
        }
    }
}

fn content(message: &Json) -> Content {
    let attachments = message.get("attachments").and_then(Json::as_array);
    let attachments: Vec<&Json> = attachments.into_iter().flatten().collect();
    let file = |one: &&Json| {
        let url = words(at(one, &["payload", "url"]))?;
        let kind = text(at(one, &["type"]));
        Some(linked(&url, kind.as_deref().unwrap_or_default()))
    };
    let files = attachments.iter().filter_map(file).collect();
    let said = || {
        let lines: Vec<String> = attachments.iter().filter_map(|one| described(one)).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    Content { text: words(at(message, &["text"])).or_else(said), files }
}

/// What an attachment that is no file says: a place, the words of a template, the title of a link.
fn described(attachment: &Json) -> Option<String> {
    let payload = at(attachment, &["payload"]);
    let place = ["lat", "long"].map(|name| text(at(payload, &["coordinates", name])));
    if let [Some(latitude), Some(longitude)] = place {
        return Some(format!("{latitude}, {longitude}"));
    }
    let elements = payload.get("elements").and_then(Json::as_array).into_iter().flatten();
    let titles: Vec<String> = elements.filter_map(|one| words(at(one, &["title"]))).collect();
    let titles = (!titles.is_empty()).then(|| titles.join("\n"));
    words(at(payload, &["text"])).or(titles).or_else(|| words(at(attachment, &["title"])))
}

/// By which an event without an id is known again.
fn digest(event: &Json) -> String {
    hex::encode(&Sha256::digest(event.to_string())[..16])
}
