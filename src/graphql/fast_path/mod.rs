//! The fast path: objects that are loaded already are written at once, as JSON text.
//!
//! The executor makes a future, a task and a path for every leaf, also for one that only copies a
//! column: half of what a page of history cost was that, and a good part of the rest the tree of
//! values. An object of [`LoadedFields`] names the fields that wait for nobody; they are written in
//! one pass over the selection set, in the order of the document. Every other field, and every
//! error, goes through the executor as ever. This is the one place, beside the executor, that turns
//! a selection set into an answer.

mod answers;
mod document;
mod loaded_fields;

pub use answers::{FastList, FastObject};
pub use document::{Document, RequestedField};
pub(crate) use loaded_fields::loaded_fields;
pub use loaded_fields::{LoadedFields, write_now};
