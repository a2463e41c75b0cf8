//! Device: SMS and calls of a company's own phones, told by an app with a queue. Pure.

mod facts;
#[cfg(test)]
mod tests;
mod verify;

use serde_json::{Value as Json, json};

use crate::channels::Channel;
use crate::channels::delivery::Delivery;
use crate::channels::fact::{Answer, Outcome, OutcomeKind};
use crate::domain::source::OpenSource;
use crate::error::UserError;

pub const CHANNEL: Channel = Channel {
    challenge: "Bearer",
    most_bytes: 5 * 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay,
    answer,
};

/// A kept event is a delivery of one.
fn replay(_kind: &str, payload: &Json) -> Vec<u8> {
    payload.to_string().into_bytes()
}

/// A result for each event, in order, so that the queue can drop what has arrived.
fn answer(_source: &OpenSource, _delivery: &Delivery<'_>, outcomes: &[Outcome]) -> Answer {
    let result = |outcome: &Outcome| {
        let word = match outcome.result {
            OutcomeKind::Recorded => "RECORDED",
            OutcomeKind::Duplicate => "DUPLICATE",
            OutcomeKind::Rejected => "REJECTED",
            OutcomeKind::Unknown => "UNKNOWN",
        };
        let error = outcome.errors.first().map(in_words);
        json!({ "id": outcome.external_id, "outcome": word, "error": error })
    };
    let results: Vec<Json> = outcomes.iter().map(result).collect();
    Answer::json(&json!({ "results": results }))
}

fn in_words(error: &UserError) -> String {
    match error.path.as_slice() {
        [] => error.message.clone(),
        path => format!("{}: {}", path.join("."), error.message),
    }
}
