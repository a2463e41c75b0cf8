//! Typed ids. Each is a 64-bit integer that grows with time; [`Clock`] allocates them before any insert.

mod opaque;

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use sea_orm::sqlx::error::BoxDynError;
use sea_orm::sqlx::{Database, Decode, Postgres, Sqlite, Type};
use serde::{Deserialize, Serialize};

pub use opaque::{IdKind, opaque_id, opaque_ids, read_id, write_base64, write_opaque_id};

/// Read from a cell as the number that it is, straight by the driver.
macro_rules! cell {
    ($name:ident: $($store:ident),+) => {$(
        impl Type<$store> for $name {
            fn type_info() -> <$store as Database>::TypeInfo {
                <i64 as Type<$store>>::type_info()
            }
        }

        impl<'r> Decode<'r, $store> for $name {
            fn decode(value: <$store as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <i64 as Decode<$store>>::decode(value).map($name)
            }
        }
    )+};
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        #[derive(Serialize, Deserialize, sea_orm::DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        cell!($name: Postgres, Sqlite);
    )+};
}

typed_id!(
    /// A tenant: a company whose data nobody else sees.
    TenantId,
    /// A contact's number: below 2^53, and the older contact has the lower one.
    ContactNumber,
    /// A customer, which is also a home: the number of the contact that was its first primary.
    CustomerId,
    /// One address of a person on one channel.
    IdentityId,
    /// An engagement or a page view; both share one space, ordered by the time of recording.
    ItemId,
    /// A comment of the staff on a history item.
    CommentId,
    /// An edge between two homes.
    MergeId,
    /// A rule that two homes are never joined again.
    KeepApartId,
    /// A link that a guard held back for a person's decision.
    ReviewId,
    /// An entry of the audit log.
    AuditId,
    /// A door through which a provider delivers.
    SourceId,
    /// An event that a source kept because it could not be recorded.
    SourceEventId,
    /// Bytes that came with an item.
    FileId,
);

/// Microseconds since 1970 (UTC): times compare right on both stores.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    Serialize,
    Deserialize,
    sea_orm::DeriveValueType,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

cell!(Micros: Postgres, Sqlite);

/// 2025-01-01T00:00:00Z, where the numbers start.
const EPOCH_MS: i64 = 1_735_689_600_000;

/// The lowest id that may be drawn at a time; see [`Clock::next_id`].
pub fn first_id(at: Micros) -> i64 {
    (at.0 / 1000 - EPOCH_MS).clamp(0, (1 << 42) - 1) << 21
}

/// The source of time and of ids. Ids of one process never repeat and never go back; two processes that draw the same
/// number in the same millisecond meet the primary key, and the transaction is tried again with new ones.
#[derive(Debug)]
pub struct Clock {
    tag: AtomicI64,
    last_item: AtomicI64,
    last_number: AtomicI64,
    fixed: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        Clock {
            tag: AtomicI64::new(rand::random_range(0..2048)),
            last_item: AtomicI64::new(0),
            last_number: AtomicI64::new(0),
            fixed: AtomicI64::new(0),
        }
    }
}

impl Clock {
    pub fn now(&self) -> Micros {
        match self.fixed.load(Ordering::Relaxed) {
            0 => Micros(chrono::Utc::now().timestamp_micros()),
            fixed => Micros(fixed),
        }
    }

    /// Stops the clock at a time; tests only.
    pub fn set(&self, now: Micros) {
        self.fixed.store(now.0, Ordering::Relaxed);
    }

    /// Another tag, after a number of this process met one of another's.
    pub fn redraw(&self) {
        self.tag.store(rand::random_range(0..2048), Ordering::Relaxed);
    }

    /// Identity, item, comment, merge, … ids: 42 bits of milliseconds, 11 of this process, 10 that count.
    pub fn next_id(&self) -> i64 {
        let base =
            ((self.now().0 / 1000 - EPOCH_MS) << 21) | (self.tag.load(Ordering::Relaxed) << 10);
        let mut last = self.last_item.load(Ordering::Relaxed);
        loop {
            let next = if base > last {
                base
            } else if (last & 0x3ff) < 0x3ff {
                last + 1
            } else {
                // The millisecond is used up: the next one is borrowed.
                (((last >> 21) + 1) << 21) | (self.tag.load(Ordering::Relaxed) << 10)
            };
            match self.last_item.compare_exchange_weak(
                last,
                next,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return next,
                Err(seen) => last = seen,
            }
        }
    }

    /// Contact numbers: 41 bits of milliseconds and 12 drawn at random, then counted; below 2^53 until 2094.
    pub fn next_number(&self) -> ContactNumber {
        let base = ((self.now().0 / 1000 - EPOCH_MS) << 12) | rand::random_range(0..4096);
        let last = self
            .last_number
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(base.max(last + 1)));
        ContactNumber(base.max(last.unwrap_or(0) + 1))
    }
}

impl Clock {
    /// The next number that is above another one, which a process with a faster clock may have drawn.
    pub fn next_number_above(&self, other: i64) -> ContactNumber {
        self.last_number.fetch_max(other, Ordering::Relaxed);
        self.next_number()
    }
}

impl From<ContactNumber> for CustomerId {
    fn from(number: ContactNumber) -> Self {
        CustomerId(number.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::ids::{Clock, Micros, first_id};

    #[test]
    fn an_id_says_when_it_was_drawn() {
        let clock = Clock::default();
        clock.set(Micros(1_800_000_000_123_456));
        let id = clock.next_id();
        assert!(first_id(Micros(1_800_000_000_123_000)) <= id);
        assert!(id < first_id(Micros(1_800_000_000_124_000)));
        assert_eq!(first_id(Micros(i64::MIN)), 0);
        assert!(first_id(Micros(i64::MAX)) > id);
    }

    #[test]
    fn ids_only_grow_and_never_repeat() {
        let clock = Clock::default();
        let ids: Vec<i64> = (0..50_000).map(|_| clock.next_id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let numbers: Vec<i64> = (0..50_000).map(|_| clock.next_number().0).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(numbers.iter().all(|n| *n < 1 << 53));
    }

    #[test]
    fn a_number_comes_after_one_of_a_faster_clock() {
        let clock = Clock::default();
        let ahead = clock.next_number().0 + (60_000 << 12);
        assert!(clock.next_number_above(ahead).0 > ahead);
        assert!(clock.next_number_above(0).0 > ahead, "numbers never go back");
    }
}
