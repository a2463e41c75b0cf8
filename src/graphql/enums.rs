//! The closed vocabularies as clients see them.

use async_graphql::Enum;

use crate::graphql::text::{Leaf, Text, variant};

macro_rules! enums {
    ($($(#[$doc:meta])* $name:ident = $remote:literal { $($(#[$vdoc:meta])+ $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Enum)]
        #[graphql(remote = $remote)]
        pub enum $name { $($(#[$vdoc])+ $variant,)+ }

        impl Leaf for $name {
            fn write(&self, text: &mut Text) {
                variant(self, text);
            }
        }
    )+};
}

enums! {
    /// Whether a contact is the customer's oldest or a later one.
    LinkPrecedence = "crate::entity::kinds::LinkPrecedence" {
        /// The oldest contact of the customer.
        Primary,
        /// A later contact, linked straight to the primary.
        Secondary,
    }
    /// Whether a customer is dealt with.
    CustomerStatus = "crate::entity::kinds::CustomerStatus" {
        /// The usual state.
        Active,
        /// Set aside by the staff.
        Inactive,
        /// Erased at the person's request; never listed.
        Erased,
    }
    /// How far somebody has come.
    LifecycleStage = "crate::entity::kinds::LifecycleStage" {
        /// Has been seen.
        Visitor,
        /// Has shown interest.
        Lead,
        /// Has bought.
        Customer,
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
    /// How a list of customers is ordered.
    CustomerOrder = "crate::domain::customers::CustomerOrder" {
        /// Last seen first.
        LastSeenDesc,
        /// Newest first.
        CreatedDesc,
        /// By name; customers without one are left out.
        NameAsc,
    }
    /// What a token's holder may do.
    Role = "crate::auth::Role" {
        /// Reads.
        Viewer,
        /// Reads and writes.
        Agent,
        /// Records and identifies only.
        Ingest,
        /// Everything.
        Admin,
    }
    /// What identify did.
    IdentifyOutcome = "crate::domain::identify::Outcome" {
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
    /// What the user can mend.
    UserErrorCode = "crate::error::UserErrorCode" {
        /// The value cannot be what it should be.
        Invalid,
        /// There is no such thing (or it is another tenant's).
        NotFound,
        /// It contradicts what is there.
        Conflict,
        /// The customer was changed meanwhile: read it again.
        VersionConflict,
        /// The tenant's rules, or an erasure, forbid it.
        Blocked,
        /// More than is allowed.
        LimitExceeded,
        /// The state cannot follow the one before.
        IllegalTransition,
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
    HoldRule = "crate::domain::identify::HoldRule" {
        /// The customers were set to be kept apart.
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
    ReviewDecision = "crate::domain::keep_aparts::ReviewDecision" {
        /// They are one person: join them.
        #[graphql(name = "JOIN")]
        JoinThem,
        /// They are different people, and are not to be proposed again.
        KeepApart,
    }
    /// What was done, in the audit log.
    AuditAction = "crate::domain::audit::AuditAction" {
        /// Customers were joined by hand.
        Merge,
        /// A merge was undone.
        UndoMerge,
        /// Addresses were split off.
        Split,
        /// An address was marked as shared, proved or wrong.
        UpdateIdentity,
        /// The staff changed what it says of a customer.
        UpdateCustomer,
        /// A held link was decided.
        ResolveReview,
        /// A keep-apart rule was lifted.
        AllowTogether,
        /// The tenant's settings were changed.
        UpdateSettings,
        /// A person was erased.
        Erase,
    }
    /// How a blocked value is compared.
    BlockedMatch = "crate::domain::identifier::BlockedMatch" {
        /// The whole value, in any case; of a phone number its digits.
        Exact,
        /// A regular expression over the whole value, in any case.
        Pattern,
    }
}
