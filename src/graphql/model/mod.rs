//! The objects that clients see; each wraps what the domain reads.

pub mod comment;
pub mod contact;
pub mod customer;
pub mod event;
pub mod history;
pub mod identity;
pub mod inputs;
pub mod items;
pub mod node;
pub mod payload;
pub mod review;
pub mod search;
pub mod viewer;
