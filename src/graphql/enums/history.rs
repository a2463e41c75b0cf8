//! Enums of history items: kind, channel, direction, and the states of calls, messages and emails.

use async_graphql::Enum;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;

enums! {
    /// The kinds of history items.
    HistoryKind = "crate::entity::kinds::HistoryKind" {
        /// An SMS, a WhatsApp or a social message.
        Message,
        /// A telephone call.
        Call,
        /// An email.
        Email,
        /// A page somebody looked at.
        PageView,
        /// A note of the staff.
        Note,
        /// A ticket, lead, visit or order of another service.
        Record,
        /// A change of identity: linked, merged, split.
        Identity,
    }
    /// The way it came.
    Channel = "crate::entity::kinds::Channel" {
        /// The website.
        Web,
        /// The company's app.
        App,
        /// SMS.
        Sms,
        /// WhatsApp.
        Whatsapp,
        /// Email.
        Email,
        /// Telephone.
        Voice,
        /// Facebook.
        Facebook,
        /// Instagram.
        Instagram,
        /// Telegram.
        Telegram,
        /// Twitter.
        Twitter,
        /// In person.
        Field,
        /// Inside the company.
        Internal,
        /// Another one, which `channelLabel` names.
        Other,
    }
    /// From whom to whom.
    Direction = "crate::entity::kinds::Direction" {
        /// From the customer.
        Inbound,
        /// To the customer.
        Outbound,
    }
    /// The states of a call; a finished call does not ring again.
    CallState = "crate::entity::kinds::CallState" {
        /// It rings.
        Ringing,
        /// Somebody took it.
        InProgress,
        /// It ended after a talk.
        Completed,
        /// Nobody took it.
        Missed,
        /// Somebody refused it.
        Declined,
        /// It could not be put through.
        Failed,
    }
    /// How far a message has come.
    DeliveryState = "crate::entity::kinds::DeliveryState" {
        /// Waits to be sent.
        Queued,
        /// Sent.
        Sent,
        /// Reached the device.
        Delivered,
        /// Was read.
        Read,
        /// Could not be delivered.
        Failed,
    }
    /// How far an email has come.
    EmailState = "crate::entity::kinds::EmailState" {
        /// Being written.
        Draft,
        /// Waits to be sent.
        Queued,
        /// Sent.
        Sent,
        /// Reached the mailbox.
        Delivered,
        /// Was opened.
        Opened,
        /// Came back.
        Bounced,
        /// Was marked as spam.
        Spam,
        /// Was called off before it was sent.
        Cancelled,
    }
    /// What changed about who somebody is.
    IdentityAction = "crate::domain::model::item::IdentityAction" {
        /// An address was added.
        Linked,
        /// Another customer turned out to be this one.
        Merged,
        /// A merge was undone.
        Unmerged,
        /// Addresses were split off.
        Split,
        /// An address was marked as used by several people, or no longer.
        Shared,
        /// An address was taken off the person.
        Removed,
        /// An address was taken off the person, to whom it never belonged.
        Rejected,
        /// The person was erased.
        Erased,
        /// A guard held a link back.
        Held,
    }
}
