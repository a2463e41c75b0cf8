//! What rapport does.

pub mod components;
pub mod customer;
pub mod identifier;
pub mod item;
pub mod ledger;
pub mod page_rule;
pub mod scope;
pub mod seal;
pub mod sql;
pub mod store;
pub mod words;
