//! What rapport does.
//!
//! # Storeys
//!
//! Within the domain imports point down as well; nouns of one storey do not know each other.
//!
//! | storey | noun | in one line |
//! | --- | --- | --- |
//! | 8 | [`customer`] | customers by reference and in lists, contacts, identities, what the staff changes |
//! | 7 | [`history`] | pages of the one history, comments, recording |
//! | 6 | [`identity`] | who is who: identify, merge, undo, split, guards, link reviews |
//! | 6 | [`search`] | finding people as people type, and words in what happened |
//! | 6 | [`live`] | the change log, read once and in order, then live |
//! | 6 | [`privacy`] | erasing a person, handing out what is known of one, retention |
//! | 6 | [`source`] | the doors through which providers deliver: keys, secrets, counts, kept events |
//! | 6 | [`settings`] | a tenant's settings, as an admin changes them |
//! | 5 | [`file`] | bytes that come with items: kept once, fetched, handed out, removed |
//! | 4 | [`write`] | the unit of work; rows of customers, identities, items and search terms; locks; audit |
//! | 4 | [`idempotency`] | answers kept under an `Idempotency-Key` |
//! | 3 | [`model`] | what things are: items, customers, profiles, references |
//! | 3 | [`tenant`] | settings, page rules, the store's secret |
//! | 2 | [`text`] | folding, tokens, search terms, highlights: pure |
//! | 1 | [`identifier`] | values to canonical form: pure |
//!
//! [`rapport`] is the handle, which each noun extends by an `impl Rapport` block: it alone may know every storey.
//!
//! # Glossary
//!
//! - **identifier**: a value that was parsed, such as an email in canonical form; **identity**: the stored row of one.
//! - **contact**: an observed row of a person: an email, a phone number, or both. The oldest is the **primary**.
//! - **home**: the customer as which, or within which, a contact was first seen. It is for ever, but for a split. Events
//!   and identities are bound to a home and never move when customers are merged.
//! - **merge edge**: two homes that are one person, until it is undone. A **customer** is a connected component of homes.
//! - **survivor**: the oldest home of a component: the customer's id that answers. `merged_into` points to it, and is
//!   derived from the edges.
//! - **head**: the narrow row beside a home's customer: counts, last seen, and the position of a survivor's log. Whoever
//!   writes to a customer locks its heads.
//! - **position**: where an entry stands in the change log of a survivor; also the customer's **version**. Grows by one
//!   with each write, in the order of commits, and never goes back.
//! - **shape**: counts the changes of what belongs to a home (merge, undo, split, sharing), so that a writer notices that
//!   it changed after it looked.
//! - **floor**: how far a log was pruned: a cursor below it cannot be replayed.

pub mod customer;
pub mod file;
pub mod history;
pub mod idempotency;
pub mod identifier;
pub mod identity;
pub mod live;
pub mod model;
pub mod privacy;
pub mod rapport;
pub mod search;
pub mod settings;
pub mod source;
pub mod tenant;
pub mod text;
pub mod write;
