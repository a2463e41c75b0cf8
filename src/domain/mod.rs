//! What rapport does.

pub mod components;
pub mod customer;
pub mod identifier;
pub mod identify;
pub mod index;
pub mod item;
pub mod item_rows;
pub mod ledger;
pub mod live;
pub mod page_rule;
pub mod profile;
pub mod rapport;
pub mod reviews;
pub mod scope;
pub mod search;
pub mod seal;
pub mod settings;
pub mod sql;
pub mod store;
pub mod words;
