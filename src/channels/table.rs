//! The channel of each kind of source, and its part of an address.

use crate::channels::{Channel, device, email, meta, postmark, segment, telegram, twilio, webhook};
use crate::entity::kinds::SourceKind;

/// Its functions.
pub fn channel_of(kind: SourceKind) -> Channel {
    match kind {
        SourceKind::Segment => segment::CHANNEL,
        SourceKind::Twilio => twilio::CHANNEL,
        SourceKind::Telegram => telegram::CHANNEL,
        SourceKind::Meta => meta::CHANNEL,
        SourceKind::Postmark => postmark::CHANNEL,
        SourceKind::Email => email::CHANNEL,
        SourceKind::Device => device::CHANNEL,
        SourceKind::Webhook => webhook::CHANNEL,
    }
}

/// What stands in `/hooks/{channel}/{key}`; nothing for Segment, whose paths are its own.
pub fn hook_of(kind: SourceKind) -> Option<&'static str> {
    match kind {
        SourceKind::Segment => None,
        SourceKind::Twilio => Some("twilio"),
        SourceKind::Meta => Some("meta"),
        SourceKind::Postmark => Some("postmark"),
        SourceKind::Email => Some("email"),
        SourceKind::Telegram => Some("telegram"),
        SourceKind::Device => Some("device"),
        SourceKind::Webhook => Some("webhook"),
    }
}

/// The kind of source that delivers to `/hooks/{channel}/{key}`.
pub fn kind_of(hook: &str) -> Option<SourceKind> {
    SourceKind::ALL.iter().copied().find(|kind| hook_of(*kind) == Some(hook))
}

/// The address to which a source's provider delivers.
pub fn url_of(base: &str, kind: SourceKind, key: &str) -> String {
    match hook_of(kind) {
        Some(hook) => format!("{base}/hooks/{hook}/{key}"),
        None => format!("{base}/v1"),
    }
}
