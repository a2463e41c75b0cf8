//! The objects that clients see; each wraps what the domain reads.

pub mod audit;
pub mod beside;
pub mod comment;
pub mod contact;
pub mod customer;
pub mod event;
pub mod evidence;
pub mod history;
pub mod identity;
pub mod identity_inputs;
pub mod identity_payload;
pub mod inputs;
pub mod items;
pub mod merge;
pub mod merge_preview;
pub mod node;
pub mod parts;
pub mod payload;
pub mod review;
pub mod search;
pub mod settings;
pub mod stats;
mod summary;
pub mod viewer;
