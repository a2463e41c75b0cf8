//! What a search finds.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};

use crate::domain::search::{ItemHit, Match, PersonHit};
use crate::entity::contact::Model as ContactModel;
use crate::graphql::connection::connection;
use crate::graphql::env::Env;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::items::HistoryItem;

/// Where to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
pub enum SearchScope {
    /// Names, addresses, identity values.
    Customer,
    /// The words of messages, emails, notes, records and pages.
    History,
}

/// Somebody, or something that happened with somebody.
#[derive(Clone, SimpleObject)]
pub struct SearchHit {
    /// The person.
    customer: Customer,
    /// The item, where the words of the history were searched.
    item: Option<HistoryItem>,
    /// From 0 to 1: exact identity first, then whole words, prefixes, fragments, typos.
    score: f64,
    /// What matched.
    matches: Vec<TextMatch>,
}

/// A text in which something matched.
#[derive(Clone, SimpleObject)]
pub struct TextMatch {
    /// Which text: name, email, phone, identity, text, subject, title, …
    field: String,
    /// The text around the matches.
    fragment: String,
    /// Where in the fragment the matches are.
    ranges: Vec<TextRange>,
}

/// A part of a text, in Unicode code points.
#[derive(Clone, SimpleObject)]
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
            field: found.field.into(),
            fragment: found.fragment,
            ranges: found.ranges.into_iter().map(|(start, end)| TextRange { start: at(start), end: at(end) }).collect(),
        })
        .collect()
}

impl SearchHit {
    pub fn of_person(env: &Env, hit: PersonHit) -> Self {
        let tenant = env.tenant();
        let id = hit.customer.id;
        let contacts = hit.contacts.into_iter().map(|row| ContactModel {
            tenant,
            number: row.number,
            home: id,
            customer: id,
            email: row.email,
            phone_number: row.phone_number,
            linked_id: row.linked_id,
            link_precedence: row.link_precedence,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: None,
        });
        let contacts = Arc::new(contacts.collect());
        SearchHit {
            customer: Customer::new(env, Arc::new(hit.customer)).with_contacts(contacts),
            item: None,
            score: hit.score,
            matches: matches(hit.matches),
        }
    }

    pub fn of_item(env: &Env, hit: ItemHit) -> Self {
        SearchHit {
            customer: Customer::lazy(env, hit.customer),
            item: Some(HistoryItem::new(env, Arc::new(hit.item))),
            score: hit.score,
            matches: matches(hit.matches),
        }
    }
}

connection!(SearchHitConnection, SearchHitEdge, SearchHit, "search hits", {} {});
