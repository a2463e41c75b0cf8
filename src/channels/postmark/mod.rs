//! Postmark: mail that it received for the company, and what became of mail that it sent.

mod facts;
mod files;
mod states;
mod verify;

pub use files::texts;

#[cfg(test)]
mod tests;

use serde_json::json;

use crate::channels::Channel;
use crate::channels::fact::Answer;

/// A mail as JSON, its files in base64: at most 50 MB.
pub const CHANNEL: Channel = Channel {
    challenge: "Basic realm=\"rapport source\"",
    most_bytes: 50 * 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay: |_, payload| payload.to_string().into_bytes(),
    answer: |_, _, _| Answer::json(&json!({ "success": true })),
};
