//! What rapport does.

pub mod components;
pub mod customer;
pub mod item;
pub mod ledger;
pub mod scope;
pub mod sql;
pub mod store;
