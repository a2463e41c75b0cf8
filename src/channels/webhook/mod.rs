//! Webhook: what an adapter of the company's own sends, signed as Standard Webhooks, in the shapes of the GraphQL inputs.
//! Pure.

mod facts;
mod inputs;
mod object;
#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;
mod verify;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::Delivery;
use crate::channels::fact::{Answer, Outcome, OutcomeKind};
use crate::domain::source::OpenSource;

pub const CHANNEL: Channel = Channel {
    challenge: "Webhook-Signature",
    most_bytes: 2 * 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay,
    answer,
};

/// A kept entry stands in the list that it came in.
fn replay(_kind: &str, payload: &Json) -> Vec<u8> {
    match payload {
        // What could not be read is kept as the text that it is.
        Json::String(text) => text.clone().into_bytes(),
        delivery => delivery.to_string().into_bytes(),
    }
}

/// How many entries became what.
fn answer(_source: &OpenSource, _delivery: &Delivery<'_>, outcomes: &[Outcome]) -> Answer {
    let count = |kind| outcomes.iter().filter(|outcome| outcome.result == kind).count();
    Answer::json(&json!({
        "recorded": count(OutcomeKind::Recorded),
        "duplicates": count(OutcomeKind::Duplicate),
        "rejected": count(OutcomeKind::Rejected),
        "unknown": count(OutcomeKind::Unknown),
    }))
}
