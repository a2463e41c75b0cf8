//! The enums of the schema. Each mirrors an enum of the domain, so that a value cannot be forgotten
//! on either side.

use async_graphql::resolver_utils::EnumType;

use crate::graphql::execute::{Flow, Walk};

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

        impl Output for $name {
            fn write<'p>(&self, walk: &mut Walk<'p>, _: &'p Slot) -> Flow {
                variant(self, walk)
            }
        }
    )+};
}

/// Writes an enum by the name that the schema gives its value.
pub fn variant<T: EnumType>(value: &T, walk: &mut Walk<'_>) -> Flow {
    match T::items().iter().find(|item| item.value == *value) {
        Some(item) => {
            // Names need no escape.
            walk.out.push(b'"');
            walk.out.extend_from_slice(item.name.as_bytes());
            walk.out.push(b'"');
            Ok(())
        }
        None => walk.null(),
    }
}

mod access;
mod customer;
mod history;
mod identity;
mod source;

pub use access::{AuditAction, Role, UserErrorCode};
pub use customer::{CustomerOrder, CustomerStatus, LifecycleStage};
pub use history::{
    CallState, Channel, DeliveryState, Direction, EmailState, HistoryKind, IdentityAction,
};
pub use identity::{
    BlockedMatch, HoldRule, IdentifyOutcome, IdentityKind, LinkPrecedence, LinkRule,
    ReviewDecision, ReviewState, Verification,
};
pub use source::{SourceEventOutcome, SourceKind};
