//! Segment and RudderStack: identify, track, page, screen, group and alias, one by one and in batches, as their SDKs send
//! them.

mod body;
mod calls;
mod event;
mod facts;
mod fields;
pub mod key;
mod kind;
mod page;
mod person;
pub mod settings;
#[cfg(test)]
mod tests;
mod traits;
mod values;
mod verify;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::Delivery;
use crate::channels::fact::{Answer, Outcome};
use crate::domain::source::OpenSource;

/// The script by which a website sends page views: plain JavaScript, served as it is.
pub const SNIPPET: &str = include_str!("snippet/rapport.js");

pub const CHANNEL: Channel = Channel {
    challenge: "Basic realm=\"rapport write key\"",
    most_bytes: body::MOST_BYTES,
    verify: verify::verify,
    facts: facts::facts,
    replay,
    answer,
};

/// A batch of what was kept.
fn replay(_: &str, payload: &Json) -> Vec<u8> {
    json!({ "batch": [payload] }).to_string().into_bytes()
}

fn answer(_: &OpenSource, _: &Delivery<'_>, _: &[Outcome]) -> Answer {
    Answer::json(&json!({ "success": true }))
}
