//! What rapport does.

pub mod comments;
pub mod components;
pub mod customer;
pub mod customers;
pub mod history;
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
pub mod record;
pub mod reviews;
pub mod scope;
pub mod seal;
pub mod settings;
pub mod sql;
pub mod store;
pub mod words;
