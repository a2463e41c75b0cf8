//! Mutations that record what happened, many items at once.

pub mod engagement;
pub mod page_view;
pub mod payload;
