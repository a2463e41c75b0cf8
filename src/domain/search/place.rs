//! The place of a person among those whom a search finds: by score, then by the ten minutes in which it was seen last, then the
//! newest person first.
//!
//! These minutes stand in the index of terms, so that of thousands with one name those who were seen last come first without a
//! look at any of them. It follows within minutes (see [`age`](crate::domain::text::age)); whom a search finds does not
//! hang on it.

use crate::domain::search::WHOLE_SCORE;
use crate::domain::text::AGES;
use crate::ids::CustomerId;

/// The most rows that one scan of the index brings: a letter begins hundreds of thousands of terms.
pub(super) const ROWS: usize = 100;
/// The place of a hit in the order of all, from high to low.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PersonKey {
    /// See [`rank`].
    pub rank: i64,
    pub customer: CustomerId,
}

impl PersonKey {
    /// In parts of a million.
    pub fn score(&self) -> i32 {
        score(self.rank)
    }
}

/// Score and age as one number.
pub(super) fn rank(score: i32, age: i32) -> i64 {
    i64::from(score) * AGES - i64::from(age)
}

/// The same in SQL.
pub(super) fn rank_sql(score: &str, age: &str) -> String {
    format!("CAST({score} AS BIGINT) * {AGES} - {age}")
}

pub(super) fn score(rank: i64) -> i32 {
    i32::try_from(rank / AGES).unwrap_or(WHOLE_SCORE)
}

pub(super) fn age_of_rank(rank: i64) -> i32 {
    i32::try_from(-(rank % AGES)).unwrap_or(0)
}
