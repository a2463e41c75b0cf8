//! Recording: what happened goes to the home of the identity through which it came.
//!
//! [`input`] is what a caller gives, [`draft`] what is left of it when it can be recorded, [`states`] what may follow
//! what, and `write` the transaction.

mod draft;
mod input;
mod states;
mod update;
mod write;

pub(crate) use draft::long_text;
pub use input::{NewBody, NewItem, NewPart, Ref};
pub use update::{CallRef, CallUpdate};
pub use write::{MOST_INPUTS, Recorded};
pub(crate) use write::{NOBODY, homes_of};
