//! The ways in which one text may have been meant, beside the one in which every word is a word.

use crate::domain::identifier::IdentifierRules;
use crate::domain::text::number::numbers_in;
use crate::domain::text::titles::without_titles;
use crate::domain::text::{SearchQuery, fold};

/// What a way of reading a text is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// All of the text was found.
    Full,
    /// Without its titles: below whoever has them in the name.
    Untitled,
}

/// A way to read what was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    pub query: SearchQuery,
    pub weight: Weight,
}

impl Reading {
    /// The text with numbers that are written with blanks as one number each, and the text without titles (`Mr. Cook`).
    /// Nothing for most texts.
    pub fn others(typed: &str, rules: &IdentifierRules) -> Vec<Reading> {
        let text = SearchQuery::text(typed);
        let mut readings = Vec::new();
        let mut add = |query: Option<SearchQuery>, weight| {
            readings.extend(query.map(|query| Reading { query, weight }));
        };
        add(with_numbers(&text, rules), Weight::Full);
        if let Some(rest) = without_titles(&text) {
            add(with_numbers(&rest, rules), Weight::Untitled);
            add(Some(SearchQuery::parse(&rest, rules)), Weight::Untitled);
        }
        readings
    }
}

/// A name with a number beside it.
fn with_numbers(text: &str, rules: &IdentifierRules) -> Option<SearchQuery> {
    let text = fold(text);
    let (numbers, rest) = numbers_in(&text);
    if numbers.is_empty() || numbers.contains(&text) {
        return None;
    }
    let query = SearchQuery::with_numbers(&rest, &numbers, rules);
    (!query.is_empty()).then_some(query)
}
