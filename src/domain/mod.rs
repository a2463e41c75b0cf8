//! What rapport does.

pub mod identifier;
