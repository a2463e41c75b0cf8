//! Finding people as people type, and words in what happened.
//!
//! People are found by ranges of `search_term`, in one statement whose cost does not depend on how many people there are.
//! Only when that finds nobody, a second one looks for typos and for fragments inside of words, and what it brings is
//! compared with the person's values as they are now. All of a search's text is text: no character means anything else.

mod by_words;
mod by_words_sqlite;
mod fuzzy;
mod history;
mod hit;
mod hit_rows;
mod item_conditions;
mod matches;
mod page;
mod people;
mod place;
mod placed;
mod ranges;
mod rank;
pub mod suggestions;
mod text_filter;
mod values;
mod variants;

pub(crate) use by_words::ByWords;
pub use history::{ItemHit, ItemKey};
pub use hit::PersonHit;
pub(crate) use item_conditions::{conditions, range};
pub use matches::Match;
pub use place::PersonKey;
pub(crate) use placed::Person;
pub(crate) use text_filter::TextFilter;

/// The most hits of one page.
pub const MOST_HITS: usize = 51;

/// Scores are counted in parts of a million, so that cursors compare exactly.
pub(crate) const WHOLE_SCORE: i32 = 1_000_000;
