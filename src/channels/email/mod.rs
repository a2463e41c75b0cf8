//! Raw mail (RFC 5322), as a mail server hands it on: one delivery is one mail.

mod body;
mod decode;
mod facts;
mod mime;
mod texts;
mod verify;

#[cfg(test)]
mod tests;

use serde_json::json;

pub use texts::texts;

use crate::channels::Channel;
use crate::channels::fact::Answer;

/// Mail as it stands in a mailbox, at most 40 MB.
pub const CHANNEL: Channel = Channel {
    challenge: "Basic realm=\"rapport source\"",
    most_bytes: 40 * 1024 * 1024,
    verify: verify::verify,
    facts: facts::facts,
    replay: facts::replay,
    answer: |_, _, _| Answer::json(&json!({ "success": true })),
};
