//! The closed vocabularies of the tables, stored as small numbers that never change.

use sea_orm::sqlx::error::BoxDynError;
use sea_orm::sqlx::{Database, Decode, Postgres, Sqlite, Type};
use sea_orm::{DeriveActiveEnum, EnumIter};

/// Read from a cell by its number, straight by the driver.
macro_rules! cell {
    ($name:ident: $($store:ident),+) => {$(
        impl Type<$store> for $name {
            fn type_info() -> <$store as Database>::TypeInfo {
                <i16 as Type<$store>>::type_info()
            }
        }

        impl<'r> Decode<'r, $store> for $name {
            fn decode(value: <$store as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let number = <i16 as Decode<$store>>::decode(value)?;
                let unknown =
                    || format!("the store holds an unknown {}: {number}", stringify!($name));
                $name::from_number(number).ok_or_else(|| unknown().into())
            }
        }
    )+};
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $n:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
        #[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[repr(i16)]
        pub enum $name { $($(#[$vdoc])* #[sea_orm(num_value = $n)] $variant = $n,)+ }

        cell!($name: Postgres, Sqlite);

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn number(self) -> i16 {
                self as i16
            }

            pub fn from_number(number: i16) -> Option<Self> {
                match number { $($n => Some($name::$variant),)+ _ => None }
            }
        }
    )+};
}

kinds! {
    LinkPrecedence { Primary = 1, Secondary = 2 }
    CustomerStatus { Active = 1, Inactive = 2, Erased = 3 }
    LifecycleStage { Visitor = 1, Lead = 2, Customer = 3 }
    IdentityKind {
        Email = 1, Phone = 2, Whatsapp = 3, Facebook = 4, Instagram = 5, Telegram = 6, Twitter = 7,
        UserId = 8, AnonymousId = 9, Device = 10, External = 11,
    }
    Verification { Claimed = 1, Verified = 2, Invalid = 3 }
    LinkRule { FirstSeen = 1, SharedIdentity = 2, SameRequest = 3, ManualMerge = 4, ManualSplit = 5, Import = 6 }
    HistoryKind { Message = 1, Call = 2, Email = 3, PageView = 4, Note = 5, Record = 6, Identity = 7 }
    Channel {
        Web = 1, App = 2, Sms = 3, Whatsapp = 4, Email = 5, Voice = 6, Facebook = 7, Instagram = 8, Telegram = 9, Twitter = 10,
        Field = 11, Internal = 12,
        /// One that the company names: an item tells its label.
        Other = 13,
    }
    Direction { Inbound = 1, Outbound = 2 }
    CallState { Ringing = 1, InProgress = 2, Completed = 3, Missed = 4, Declined = 5, Failed = 6 }
    /// How far a message has come; a later state never gives way to an earlier one.
    DeliveryState { Queued = 1, Sent = 2, Delivered = 3, Read = 4, Failed = 5 }
    EmailState { Draft = 1, Queued = 2, Sent = 3, Delivered = 4, Opened = 5, Bounced = 6, Spam = 7, Cancelled = 8 }
    /// What an entry of the log says.
    ChangeKind {
        Created = 1, ItemAdded = 2, ItemUpdated = 3, ItemRemoved = 4, Profile = 5, Merged = 6, Unmerged = 7, Split = 8, Erased = 9,
        Identified = 10,
    }
    ReviewState { Open = 1, Joined = 2, KeptApart = 3 }
    /// The provider whose deliveries a source takes.
    SourceKind { Segment = 1, Twilio = 2, Meta = 3, Postmark = 4, Email = 5, Telegram = 6, Device = 7, Webhook = 8 }
    /// Why an event of a source was kept instead of recorded.
    SourceEventOutcome { Rejected = 1, Unknown = 2 }
}

/// A set of kinds of identities: a bit for each, at its number.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
    sea_orm::DeriveValueType,
)]
#[serde(transparent)]
pub struct Kinds(pub i64);

impl Kinds {
    /// Whether all of the others are among these.
    pub fn hold(self, others: Kinds) -> bool {
        others.0 & !self.0 == 0
    }

    #[must_use]
    pub fn with(self, others: Kinds) -> Kinds {
        Kinds(self.0 | others.0)
    }

    #[must_use]
    pub fn without(self, others: Kinds) -> Kinds {
        Kinds(self.0 & !others.0)
    }

    /// The kinds, in the order of their numbers.
    pub fn all(self) -> impl Iterator<Item = IdentityKind> {
        IdentityKind::ALL.iter().copied().filter(move |kind| self.hold(Kinds::from(*kind)))
    }
}

impl From<IdentityKind> for Kinds {
    fn from(kind: IdentityKind) -> Self {
        Kinds(1 << kind.number())
    }
}

impl FromIterator<IdentityKind> for Kinds {
    fn from_iter<T: IntoIterator<Item = IdentityKind>>(kinds: T) -> Self {
        kinds.into_iter().fold(Kinds::default(), |all, kind| all.with(kind.into()))
    }
}
