//! `totalCount` of a connection: a number, and whether it is all of them.

use async_graphql::{Enum, SimpleObject};

/// How far a count goes where none is kept.
pub const COUNTED: u64 = 1_000;

/// How many there are.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Count {
    /// The number counted.
    pub count: i32,
    /// Whether the number is all of them.
    pub precision: CountPrecision,
}

/// Whether a count is all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
pub enum CountPrecision {
    /// All of them were counted.
    Exact,
    /// Counting stopped here; there may be more.
    AtLeast,
}

impl Count {
    pub fn exact(count: i64) -> Count {
        Count { count: i32::try_from(count).unwrap_or(i32::MAX), precision: CountPrecision::Exact }
    }

    /// A count that went no further than [`COUNTED`].
    pub fn bounded(count: u64) -> Count {
        let precision =
            if count >= COUNTED { CountPrecision::AtLeast } else { CountPrecision::Exact };
        Count { count: i32::try_from(count).unwrap_or(i32::MAX), precision }
    }
}
