//! What a phone says: SMS and calls, each under an id of the app's. Pure.

use serde_json::{Value as Json, json};

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Act, Fact, Payload, What};
use crate::channels::json::{body, elements, member, members, text, value};
use crate::channels::mended::Mended;
use crate::channels::times::{device_time, iso, unix_milliseconds};
use crate::domain::history::record::{NewBody, NewItem};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::source::OpenSource;
use crate::entity::kinds::{CallState, Channel, DeliveryState, Direction, IdentityKind};
use crate::error::UserError;
use crate::ids::Micros;

const MOST_EVENTS: usize = 500;
/// As which Android's call log stores numbers that it does not show: unknown, private, of a payphone.
const WITHHELD: [&str; 3] = ["-1", "-2", "-3"];

/// What all events of a delivery have in common.
struct Envelope {
    device: String,
    /// As it came.
    sent: Json,
    sent_at: Option<Micros>,
    received: Micros,
}

pub(super) fn facts<'d>(
    _source: &OpenSource,
    delivery: &Delivery<'d>,
) -> Result<Vec<Fact<'d>>, Refusal> {
    let malformed = |why: &str| Refusal::Malformed(why.to_owned());
    let body = body(delivery.body).ok_or_else(|| malformed("the body is not UTF-8"))?;
    let body = members(body).ok_or_else(|| malformed("the body is no JSON object"))?;
    let device = member(&body, "deviceId").and_then(|id| text(&value(id).ok()?));
    let sent = member(&body, "sentAt").and_then(|sent| value(sent).ok()).unwrap_or_default();
    let envelope = Envelope {
        device: device.ok_or_else(|| malformed("deviceId is a text"))?,
        sent_at: time(&sent),
        sent,
        received: delivery.received,
    };
    let events = member(&body, "events").and_then(elements);
    let events = events.ok_or_else(|| malformed("events are a list"))?;
    if events.len() > MOST_EVENTS {
        return Err(malformed(&format!("at most {MOST_EVENTS} events in one request")));
    }
    Ok(events.into_iter().map(|event| envelope.fact(event)).collect())
}

/// ISO 8601, or milliseconds since 1970; nothing where it is neither.
fn time(value: &Json) -> Option<Micros> {
    let said = value.as_str().and_then(iso).or_else(|| unix_milliseconds(value));
    said.filter(|at| at.0 >= 0)
}

fn wrong(name: &str, why: &str) -> What {
    What::Rejected(vec![UserError::invalid(why).at([name])])
}

/// A word of the contract's own, in lower case, with `_` where some write `-`.
fn word(value: &Json) -> Option<String> {
    text(value).map(|word| word.to_ascii_lowercase().replace('-', "_"))
}

impl Envelope {
    fn fact<'d>(&self, raw: &str) -> Fact<'d> {
        // One of which a part could not be read was kept as the text that it is.
        let again = value(raw).ok().and_then(|value| Some(value.as_str()?.to_owned()));
        let raw = again.as_deref().filter(|text| members(text).is_some()).unwrap_or(raw);
        let as_text = || Json::String(raw.to_owned());
        let (event, kept, what) = match Mended::read(raw) {
            Some(Mended { value: event, missing }) if event.is_object() => {
                let mut what = self.read(&event).unwrap_or_else(|what| what);
                Mended::tell(&missing, &mut what);
                let kept = if missing.is_empty() { event.clone() } else { as_text() };
                (event, kept, what)
            }
            other => {
                let event = other.map_or_else(as_text, |it| it.value);
                let error = UserError::invalid("an event is a JSON object");
                (event.clone(), event, What::Rejected(vec![error]))
            }
        };
        Fact {
            kind: text(&event["type"]).unwrap_or_else(|| "event".into()),
            external_id: text(&event["id"]),
            payload: Payload::Json(
                json!({ "deviceId": self.device, "sentAt": self.sent, "events": [kept] }),
            ),
            what,
        }
    }

    fn read(&self, event: &Json) -> Result<What, What> {
        let kind = word(&event["type"]).ok_or_else(|| wrong("type", "it is sms or call"))?;
        if !["sms", "call"].contains(&kind.as_str()) {
            return Err(What::Unknown(format!("rapport does not know events of the type {kind}")));
        }
        let id = text(&event["id"]).ok_or_else(|| wrong("id", "an id of the app's is needed"))?;
        let direction = match word(&event["direction"]).as_deref() {
            Some("inbound") => Direction::Inbound,
            Some("outbound") => Direction::Outbound,
            _ => return Err(wrong("direction", "it is inbound or outbound")),
        };
        let who = number(&event["number"])?;
        let (channel, body) = if kind == "call" {
            (Channel::Voice, call(event)?)
        } else {
            if who.is_none() {
                return Err(wrong("number", "an SMS needs the number of the other side"));
            }
            (Channel::Sms, sms(event, direction)?)
        };
        let at = device_time(time(&event["at"]), self.sent_at, self.received);
        Ok(What::Acts(vec![Act::Record(
            Box::new(NewItem {
                channel_label: None,
                files: Vec::new(),
                who: who.map(Ref::Identity),
                channel,
                direction: Some(direction),
                // What the correction moves before 1970 has no readable time.
                occurred_at: Some(if at.0 < 0 { self.received } else { at }),
                source: None,
                source_id: Some(format!("{}:{id}", self.device)),
                body,
            }),
            Vec::new(),
        )]))
    }
}

/// The other side; nobody where the number is missing or withheld.
fn number(value: &Json) -> Result<Option<Given>, What> {
    if !matches!(value, Json::Null | Json::String(_) | Json::Number(_)) {
        return Err(wrong("number", "a number is a text"));
    }
    let number = text(value).filter(|number| !WITHHELD.contains(&number.as_str()));
    Ok(number.map(|value| Given {
        kind: IdentityKind::Phone,
        value,
        namespace: None,
        // An app tells what its phone shows; that an inbound number is proved is a rule of recording.
        verified: false,
        path: vec!["number".into()],
    }))
}

fn sms(event: &Json, direction: Direction) -> Result<NewBody, What> {
    let text = event["text"].as_str().filter(|text| !text.trim().is_empty());
    let state = match word(&event["state"]).as_deref() {
        None => None,
        Some("queued") => Some(DeliveryState::Queued),
        Some("sent") => Some(DeliveryState::Sent),
        Some("delivered") => Some(DeliveryState::Delivered),
        Some("read") => Some(DeliveryState::Read),
        Some("failed") => Some(DeliveryState::Failed),
        Some(_) => {
            return Err(wrong(
                "state",
                "that of an SMS is queued, sent, delivered, read or failed",
            ));
        }
    };
    // How far a sent message has come may be told before its text, or without it.
    if text.is_none() && (state.is_none() || direction == Direction::Inbound) {
        return Err(wrong("text", "an SMS has a text"));
    }
    Ok(NewBody::Message { text: text.map(str::to_owned), parts: Vec::new(), state })
}

fn call(event: &Json) -> Result<NewBody, What> {
    let state = match word(&event["state"]).as_deref() {
        Some("ringing") => CallState::Ringing,
        Some("in_progress") => CallState::InProgress,
        Some("completed") => CallState::Completed,
        Some("missed") => CallState::Missed,
        Some("declined") => CallState::Declined,
        Some("failed") => CallState::Failed,
        _ => {
            let states = "ringing, in_progress, completed, missed, declined or failed";
            return Err(wrong("state", &format!("that of a call is {states}")));
        }
    };
    let duration = text(&event["durationSeconds"]).and_then(|seconds| seconds.parse().ok());
    Ok(NewBody::Call { state, duration, recording_url: None })
}
