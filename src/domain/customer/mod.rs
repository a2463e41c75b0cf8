//! Customers: found by reference and in lists, their contacts and identities, what the staff changes, versions.

pub mod beside;
pub mod by_reference;
pub mod contacts;
pub mod counts;
mod everybody;
mod filter;
pub mod identities;
pub mod list;
mod list_range;
mod named;
mod order;
mod stage;
pub mod update;
pub mod update_many;
pub mod version;
