//! Telegram: what people write to a bot, one update a request. Pure.

mod content;
mod facts;
#[cfg(test)]
mod tests;
mod verify;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::Delivery;
use crate::channels::fact::{Answer, Outcome};
use crate::domain::source::OpenSource;

pub const CHANNEL: Channel = Channel {
    challenge: "X-Telegram-Bot-Api-Secret-Token",
    most_bytes: 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay,
    answer,
};

/// An update is a delivery by itself.
fn replay(_kind: &str, payload: &Json) -> Vec<u8> {
    match payload {
        // What could not be read is kept as the text that it is.
        Json::String(text) => text.clone().into_bytes(),
        update => update.to_string().into_bytes(),
    }
}

fn answer(_source: &OpenSource, _delivery: &Delivery<'_>, _outcomes: &[Outcome]) -> Answer {
    Answer::json(&json!({}))
}
