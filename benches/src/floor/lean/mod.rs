//! The lean floor: the same lines on tables that somebody would make for nothing else. No log, no counts beyond the time
//! last seen, no full text, no merges to undo. It reads rapport's rows once, to fill itself.

pub mod reads;
pub mod schema;
mod statements;
pub mod writes;

use crate::floor::links;

pub type Links = links::Links<statements::Statements>;
