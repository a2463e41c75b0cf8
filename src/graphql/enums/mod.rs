//! The enums of the schema. Each mirrors an enum of the domain, so that a value cannot be forgotten
//! on either side.

/// Declares GraphQL enums over enums of the domain, written as JSON by their GraphQL names.
macro_rules! enums {
    ($(
        $(#[$doc:meta])* $name:ident = $remote:literal {
            $($(#[$vdoc:meta])+ $variant:ident),+ $(,)?
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Enum)]
        #[graphql(remote = $remote)]
        pub enum $name { $($(#[$vdoc])+ $variant,)+ }

        impl WriteJson for $name {
            fn write(&self, text: &mut JsonWriter) {
                variant(self, text);
            }
        }
    )+};
}

mod access;
mod customer;
mod history;
mod identity;

pub use access::{AuditAction, Role, UserErrorCode};
pub use customer::{CustomerOrder, CustomerStatus, LifecycleStage};
pub use history::{
    CallState, Channel, DeliveryState, Direction, EmailState, HistoryKind, IdentityAction,
};
pub use identity::{
    BlockedMatch, HoldRule, IdentifyOutcome, IdentityKind, LinkPrecedence, LinkRule,
    ReviewDecision, ReviewState, Verification,
};
