//! Recording: what happened goes to the home of the identity through which it came.
//!
//! [`input`] is what a caller gives, [`validated`] what is left of it when it can be recorded ([`details`] are mended, cut
//! or left out), [`states`] what may follow what, [`edits`] whose words stand. `write` is the transaction (`known`: the everyday, without locks): `destinations` finds the home of each input, `new_customers` makes those that are
//! missing, `repeats` takes what was recorded before (`nobodys`: of nobody; `deleted`: what the staff took away since), `files` keeps what came along, and `strangers` sees that nobody begins to
//! exist for nothing.

mod advance;
mod batch;
mod bodies;
mod deleted;
mod destinations;
mod details;
mod edits;
mod fields;
mod file_room;
mod files;
mod input;
mod item_ref;
mod known;
mod links;
mod moves;
mod new_customers;
mod nobodys;
mod recipients;
mod repeats;
mod states;
mod strangers;
mod threads;
mod update_call;
mod validated;
mod write;

pub use crate::domain::model::customer_ref::Ref;
pub use advance::{Advance, AdvanceRef, Advanced, NewState};
pub use batch::Recorded;
pub use bodies::PARTS as MOST_PARTS;
pub(crate) use bodies::{RECORD_BYTES, SUBJECT};
pub use details::Warning;
pub(crate) use fields::{SHORT, long_text};
pub use input::{NewBody, NewItem, NewPart};
pub use item_ref::ItemRef;
pub(crate) use item_ref::{FoundItem, find_item};
pub use update_call::CallUpdate;
pub use write::MOST_INPUTS;
