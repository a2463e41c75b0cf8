//! The objects that clients see; each wraps what the domain reads.

pub mod activity;
pub mod audit;
pub mod comment;
pub mod contact;
pub mod customer;
pub mod customer_counts;
pub mod customer_filter;
pub mod customer_ref;
pub mod event;
pub mod evidence;
pub mod history;
pub mod history_filter;
pub mod identity;
pub mod item_ref;
pub mod items;
pub mod merge;
pub mod node;
pub mod parts;
pub mod read_along;
pub mod review;
pub mod search;
pub mod settings;
pub mod source;
pub mod stats;
mod summary;
pub mod user_error;
pub mod viewer;
