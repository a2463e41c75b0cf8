//! What rapport does.

pub mod identifier;
pub mod page_rule;
pub mod words;
