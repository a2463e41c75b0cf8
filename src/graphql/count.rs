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

    /// A count that went no further than one more than [`COUNTED`]: that one only says that there are more.
    pub fn bounded(count: u64) -> Count {
        let precision =
            if count > COUNTED { CountPrecision::AtLeast } else { CountPrecision::Exact };
        Count { count: i32::try_from(count.min(COUNTED)).unwrap_or(i32::MAX), precision }
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::count::{Count, CountPrecision};

    #[test]
    fn a_count_ends_at_a_thousand_and_says_whether_there_are_more() {
        for (found, count, precision) in [
            (0, 0, CountPrecision::Exact),
            (999, 999, CountPrecision::Exact),
            (1_000, 1_000, CountPrecision::Exact),
            (1_001, 1_000, CountPrecision::AtLeast),
            (2_002, 1_000, CountPrecision::AtLeast),
        ] {
            let told = Count::bounded(found);
            assert_eq!((told.count, told.precision), (count, precision), "{found}");
        }
    }
}
