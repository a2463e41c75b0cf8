//! Meta: WhatsApp Cloud, Messenger and Instagram, which deliver through one app.

mod content;
mod envelope;
mod facts;
mod files;
mod messaging;
mod verify;
mod whatsapp;

#[cfg(test)]
mod tests;

pub use verify::challenge;

use serde_json::json;

use crate::channels::Channel;
use crate::channels::fact::Answer;

/// Up to 3 MB, several accounts and events in one delivery.
pub const CHANNEL: Channel = Channel {
    challenge: "X-Hub-Signature-256",
    most_bytes: 3 * 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay: |_, payload| payload.to_string().into_bytes(),
    answer: |_, _, _| Answer::json(&json!({ "success": true })),
};
