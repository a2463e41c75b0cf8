//! Enums of tokens, user errors and the audit log.

use async_graphql::Enum;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;

enums! {
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
    /// What the user can correct.
    UserErrorCode = "crate::error::UserErrorCode" {
        /// The value cannot be what it should be, or a needed one is missing.
        Invalid,
        /// There is no such thing. Every wrong id of a mutation is this error, at its place: what is no id at all, the id of
        /// something else, another tenant's, and the id of what is not there.
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
    /// What was done, in the audit log.
    AuditAction = "crate::domain::model::audit_action::AuditAction" {
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
        /// A source was made.
        CreateSource,
        /// A source was changed, switched on or off.
        UpdateSource,
        /// A source was given a new secret.
        RotateSourceSecret,
        /// Events that a source had kept were delivered again.
        ReplaySourceEvents,
        /// The text of a comment was changed.
        UpdateComment,
        /// A comment was deleted.
        DeleteComment,
        /// A history item was corrected.
        UpdateItem,
        /// A history item was deleted.
        DeleteItem,
        /// An address was taken off a person.
        RemoveIdentity,
        /// Everything held about a person was handed out.
        Export,
        /// A person was erased; the addresses do not come back.
        Erase,
        /// A customer was deleted; the addresses may come back.
        Delete,
    }
}
