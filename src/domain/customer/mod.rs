//! Customers: found by reference and in lists, their contacts and identities, what the staff changes, versions.

pub mod beside;
pub mod by_reference;
pub mod contacts;
pub mod counts;
mod filter;
pub mod identities;
pub mod list;
mod order;
pub mod update;
pub mod version;
