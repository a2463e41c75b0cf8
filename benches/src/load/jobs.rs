//! What is asked, of any server.

use clap::ValueEnum;

use crate::load::typed::{Kind, MIX};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Target {
    Rapport,
    /// The floor on rapport's own tables
    Floor,
    /// The floor on tables of its own
    Lean,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Job {
    /// Profile, contacts, 50 items, counts
    Page,
    /// The dashboard's page (rapport only)
    CustomerPage,
    /// 20 customers with contacts and 5 items each
    List,
    /// An email and a phone of one customer
    IdentifyKnown,
    /// An email and a phone that nobody has
    IdentifyNew,
    /// One message of a known customer
    Record,
    /// 100 messages of 100 known customers
    Batch,
    /// All that people type, mixed
    Search,
    /// Beginnings of whole names, of surnames, of emails, of numbers; last digits
    SearchNames,
    SearchSurnames,
    SearchEmails,
    SearchPhones,
    SearchDigits,
    /// Surnames with one other letter; inner letters of surnames
    SearchTypos,
    SearchFragments,
    /// A word of the history that few, some or many items have (rapport only)
    WordsRare,
    WordsMiddling,
    WordsFrequent,
    /// `{ __typename }`: what a request costs that asks for nothing (rapport only)
    Typename,
    /// The page of the customer of 100,000 items, or of one of 50: always the same customer
    HotPage,
    FiftyPage,
    /// The page of that customer, 90 % down (rapport only)
    DeepPage,
    /// Pages of customers of 1 and of 32 homes
    MergedPage,
    /// The pages of 100 customers again and again
    AgainPage,
    /// An email of the customer of 1,000 contacts
    IdentifyWide,
}

impl Job {
    /// Customers of which it needs a full page.
    pub fn full(self) -> bool {
        matches!(self, Job::Page | Job::CustomerPage | Job::FiftyPage | Job::AgainPage)
    }

    pub fn customers(self) -> usize {
        match self {
            Job::FiftyPage => 1,
            Job::AgainPage => 100,
            // Batches that share no customer do not wait for each other.
            Job::Record | Job::Batch => 100_000,
            _ => 5_000,
        }
    }

    pub fn special(self) -> Option<&'static str> {
        match self {
            Job::HotPage | Job::DeepPage => Some("hot@bench.example"),
            Job::MergedPage => Some("merged32@bench.example"),
            Job::IdentifyWide => Some("wide@bench.example"),
            _ => None,
        }
    }

    /// Events that one request records.
    pub fn events(self) -> usize {
        match self {
            Job::Record => 1,
            Job::Batch => 100,
            _ => 0,
        }
    }

    pub fn writes(self) -> bool {
        matches!(self, Job::IdentifyNew | Job::Record | Job::Batch)
    }

    /// What is typed, and how many of a hundred searches are of that kind.
    pub fn typed(self) -> &'static [(Kind, usize)] {
        match self {
            Job::Search => MIX,
            Job::SearchNames => &[(Kind::Name, 100)],
            Job::SearchSurnames => &[(Kind::Surname, 100)],
            Job::SearchEmails => &[(Kind::Email, 100)],
            Job::SearchPhones => &[(Kind::Phone, 100)],
            Job::SearchDigits => &[(Kind::Digits, 100)],
            Job::SearchTypos => &[(Kind::Typo, 100)],
            Job::SearchFragments => &[(Kind::Fragment, 100)],
            _ => &[],
        }
    }

    /// Whether each answer must hold somebody: what is typed is of somebody who is there.
    pub fn finds(self) -> bool {
        !matches!(self, Job::SearchTypos | Job::SearchFragments)
    }

    /// The part of all items that has the word: at least, at most.
    pub fn band(self) -> Option<(f64, f64)> {
        match self {
            Job::WordsRare => Some((0.000_6, 0.001_6)),
            Job::WordsMiddling => Some((0.008, 0.012)),
            Job::WordsFrequent => Some((0.04, 0.06)),
            _ => None,
        }
    }
}
