//! Who is who: identify, merge, undo, split, what guards hold back, why two identities are one person, and
//! numbers that are read anew.

pub mod components;
mod customer_totals;
pub mod evidence;
mod evidence_graph;
mod guards;
mod has_identity;
pub mod identify;
pub mod identity_update;
mod join;
pub mod keep_apart;
pub mod merge;
pub mod merge_preview;
mod moved_items;
mod part;
pub mod remove_identity;
pub mod reread;
pub mod reviews;
pub mod split;
mod split_contacts;
pub mod undo;
