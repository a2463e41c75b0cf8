//! The executor: writes the answer of a plan as JSON text in one pass (specification, 6.3 and 6.4).
//!
//! - An object's fields are a numbered `match` ([`Object`]); a leaf is written where it stands: nothing is allocated,
//!   compared or awaited for it.
//! - `Option` is where null stops: what fails below cuts the text back to where the value began and is `null`.
//! - A resolver that has to wait leaves a hole, and the walk goes on. When nothing moves any more, all holes are waited
//!   for together ([`run`]), so that loaders answer them in one batch, and are written in the order of the document:
//!   which of them was ready first decides nothing.

mod answer;
mod engine;
mod event;
mod field_context;
mod output;
mod run;
mod shared;
mod text;
mod walk;
mod write;

pub mod json;

pub use answer::{Answer, FieldError};
pub use engine::{Delivered, Engine, refused};
pub use event::{Event, Events, Stream, Streams};
#[cfg(not(debug_assertions))]
pub use field_context::not_asked;
pub use field_context::{FieldContext, Selected};
pub use output::add_object;
pub use shared::Run;
pub use walk::{Flow, Null, Object, Output, Root, Walk};
