//! `totalCount` of a connection: a number, and whether it is all of them.

use async_graphql::{Enum, SimpleObject};
use rapport_macros::Fields;

use crate::graphql::enums::variant;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::page_arguments::COUNTED;
use crate::graphql::plan::Slot;

/// How many there are.
#[derive(Clone, Copy, Debug, Fields, SimpleObject)]
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

impl Output for CountPrecision {
    fn write<'p>(&self, walk: &mut Walk<'p>, _: &'p Slot) -> Flow {
        variant(self, walk)
    }
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
