//! Enums of sources.

use async_graphql::Enum;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;

enums! {
    /// What delivers to a source, and so in which format and how it is proved genuine.
    SourceKind = "crate::entity::kinds::SourceKind" {
        /// SDKs of Segment and RudderStack, and the website snippet.
        Segment,
        /// Twilio: SMS, WhatsApp and calls.
        Twilio,
        /// Meta: WhatsApp Cloud, Messenger and Instagram.
        Meta,
        /// Postmark: incoming mail, and what became of sent mail.
        Postmark,
        /// An own mail server: each mail as it is (RFC 5322).
        Email,
        /// A Telegram bot.
        Telegram,
        /// Android phones: SMS and calls.
        Device,
        /// Anything that signs as Standard Webhooks do.
        Webhook,
    }
    /// Why an event was kept instead of recorded.
    SourceEventOutcome = "crate::entity::kinds::SourceEventOutcome" {
        /// It could not be taken: `errors` say why.
        Rejected,
        /// rapport does not know what it is, or not of what it speaks.
        Unknown,
    }
}
