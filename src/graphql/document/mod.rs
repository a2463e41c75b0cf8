//! Documents before they run, from cheap to dear: a scan over bytes, the parser, our limits, validation. And coercion of
//! values. Parsing and validating is bluejay's work (all rules of the specification of September 2025), but for
//! the rules of `merging`, `uses` and `subscription_root`, which are ours.

pub mod coerce;
pub mod cost;
pub mod limit;
pub mod lines;
pub mod literal;
pub mod mend;
mod merging;
mod messages;
mod places;
mod request_error;
mod rules;
mod scan;
mod subscription_root;
mod sum;
pub mod syntax;
#[cfg(test)]
mod tests;
pub mod uses;
pub mod validate;
pub mod values;
pub mod walk;

pub use messages::near;
pub use request_error::{Location, RequestError};
