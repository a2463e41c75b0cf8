//! Hits of a search, with the texts in which something matched.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use rapport_macros::Fields;

use crate::domain::search::{ItemHit, Match, PersonHit};
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::items::HistoryItem;

/// Where to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
pub enum SearchScope {
    /// Names, addresses, identity values, and traits that are texts.
    Customer,
    /// The words of messages, emails, notes, records and pages, also those of the addresses of pages.
    History,
}

/// Somebody, or something that happened with somebody.
#[derive(Clone, Fields, SimpleObject)]
pub struct SearchHit {
    /// The person.
    customer: Customer,
    /// The item, where the words of the history were searched.
    item: Option<HistoryItem>,
    /// From 0 to 1: exact identity first, then names and addresses in a row, whole words, prefixes, words of traits; fragments and typos only
    /// where nobody else is found.
    score: f64,
    /// What matched.
    matches: Vec<TextMatch>,
}

/// A text in which something matched.
#[derive(Clone, Fields, SimpleObject)]
pub struct TextMatch {
    /// Which text: name, email, phone, identity, trait.city (the trait `city`), text, subject, title, url, …
    field: String,
    /// The text around the matches.
    fragment: String,
    /// Where in the fragment the matches are.
    ranges: Vec<TextRange>,
}

/// A part of a text, in Unicode code points.
#[derive(Clone, Fields, SimpleObject)]
pub struct TextRange {
    /// The first code point.
    start: i32,
    /// The code point after the last.
    end: i32,
}

fn matches(matches: Vec<Match>) -> Vec<TextMatch> {
    let at = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    matches
        .into_iter()
        .map(|found| TextMatch {
            field: found.field.into_owned(),
            fragment: found.fragment,
            ranges: found
                .ranges
                .into_iter()
                .map(|(start, end)| TextRange { start: at(start), end: at(end) })
                .collect(),
        })
        .collect()
}

impl SearchHit {
    pub fn of_person(context: &ResolverContext, hit: PersonHit) -> Self {
        SearchHit {
            customer: Customer::new(context, Arc::new(hit.customer))
                .with(Some(Arc::new(hit.contacts)), None),
            item: None,
            score: hit.score,
            matches: matches(hit.matches),
        }
    }

    pub fn of_item(context: &ResolverContext, hit: ItemHit) -> Self {
        SearchHit {
            customer: Customer::lazy(context, hit.customer),
            item: Some(HistoryItem::new(context, Arc::new(hit.item))),
            score: hit.score,
            matches: matches(hit.matches),
        }
    }
}

connection!(SearchHitConnection, SearchHitEdge, SearchHit, "search hits", {} {});
