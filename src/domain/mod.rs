//! What rapport does.

pub mod identifier;
pub mod words;
