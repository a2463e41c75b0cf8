//! Enums of identities, links between them, and the guards that hold a link back.

use async_graphql::Enum;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;

enums! {
    /// Whether a contact is the customer's oldest or a later one.
    LinkPrecedence = "crate::entity::kinds::LinkPrecedence" {
        /// The oldest contact of the customer.
        Primary,
        /// A later contact, linked straight to the primary.
        Secondary,
    }
    /// What an identity is an address of.
    IdentityKind = "crate::entity::kinds::IdentityKind" {
        /// An email address.
        Email,
        /// A telephone number.
        Phone,
        /// A WhatsApp number, or WhatsApp's own opaque id.
        Whatsapp,
        /// A Facebook id.
        Facebook,
        /// An Instagram handle.
        Instagram,
        /// A Telegram handle.
        Telegram,
        /// A Twitter handle.
        Twitter,
        /// The id of a login.
        UserId,
        /// The id of a visitor without a login.
        AnonymousId,
        /// The id of a device.
        Device,
        /// An id of another system, told apart by its namespace.
        External,
    }
    /// How sure it is that the person owns the address.
    Verification = "crate::entity::kinds::Verification" {
        /// Somebody typed it.
        Claimed,
        /// A channel proved it: an inbound call, SMS or WhatsApp message, a login.
        Verified,
        /// Known to be wrong.
        Invalid,
    }
    /// Why two identities are one person.
    LinkRule = "crate::entity::kinds::LinkRule" {
        /// The identity was the first that was seen of the person.
        FirstSeen,
        /// It came together with an identity that was known already.
        SharedIdentity,
        /// Both came in one request.
        SameRequest,
        /// A person joined the customers.
        ManualMerge,
        /// A person split the customer.
        ManualSplit,
        /// An import said so.
        Import,
    }
    /// What identify did.
    IdentifyOutcome = "crate::domain::identity::identify::Outcome" {
        /// Nothing was known: a new customer.
        Created,
        /// Everything was known, of one customer.
        Matched,
        /// New values of a known customer.
        Linked,
        /// Values of several customers: they are one now.
        Merged,
        /// A guard held a link back; see `review`.
        Held,
    }
    /// How far a review is.
    ReviewState = "crate::entity::kinds::ReviewState" {
        /// Waits for a decision.
        Open,
        /// The customers were joined.
        Joined,
        /// The customers stay apart.
        KeptApart,
    }
    /// Which guard held a link back.
    HoldRule = "crate::domain::model::hold_rule::HoldRule" {
        /// The customers were set to be kept apart, or an address of one was rejected for the other.
        KeepApart,
        /// One request would have joined too many customers.
        TooManyCustomers,
        /// A customer would have had too many values of a kind.
        TooManyValues,
        /// A customer would have had too many contacts.
        TooManyContacts,
        /// Both have an identity of a kind of which a person has only one.
        StrongIdentity,
        /// The evidence was claimed, not verified.
        VerifiedOnly,
    }
    /// What is to become of a held link.
    ReviewDecision = "crate::domain::identity::reviews::ReviewDecision" {
        /// They are one person: join them.
        #[graphql(name = "JOIN")]
        JoinThem,
        /// They are different people, and are not to be proposed again.
        KeepApart,
    }
    /// How a blocked value is compared.
    BlockedMatch = "crate::domain::identifier::BlockedMatch" {
        /// The whole value, in any case; of a phone number its digits.
        Exact,
        /// A regular expression over the whole value, in any case.
        Pattern,
    }
}
