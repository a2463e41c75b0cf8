//! Twilio: SMS, WhatsApp, Messenger and calls, told by signed forms (or JSON), one event a request. Pure.

mod call;
mod facts;
mod fields;
mod message;
mod party;
#[cfg(test)]
mod tests;
mod verify;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::Delivery;
use crate::channels::fact::{Answer, Outcome};
use crate::channels::json::members;
use crate::domain::source::OpenSource;

pub const CHANNEL: Channel = Channel {
    challenge: "X-Twilio-Signature",
    most_bytes: 512 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay,
    answer,
};

/// The kept fields as JSON, which is read like the form.
fn replay(_kind: &str, payload: &Json) -> Vec<u8> {
    match payload {
        Json::Object(_) => payload.to_string().into_bytes(),
        // What could not be read is kept as the text that it is.
        Json::String(text) if members(text).is_some() => text.clone().into_bytes(),
        other => json!([other]).to_string().into_bytes(),
    }
}

/// TwiML. Nothing is to be done, but for a call that comes in and rings: an empty response would hang up on it.
fn answer(source: &OpenSource, delivery: &Delivery<'_>, _outcomes: &[Outcome]) -> Answer {
    let twiml = source.answer.as_deref().filter(|twiml| !twiml.trim().is_empty());
    let body = match twiml {
        Some(twiml) if fields::of(delivery).is_ok_and(|events| call::comes_in(&events)) => twiml,
        _ => "<Response/>",
    };
    Answer { content_type: "text/xml", body: body.to_owned() }
}
