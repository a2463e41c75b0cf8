//! identify: values in, one customer out; right under any parallelism, from any number of servers.
//!
//! `request` reads what was sent, `known` judges what the store knows of it, `plan` decides without touching anything;
//! `attempt` locks, reads, and carries the decision out with the rows of `customers` and `links`. `entry` answers an exact
//! repeat by itself.

mod answer;
mod attempt;
mod customers;
mod entry;
mod held;
mod known;
mod links;
mod plan;
mod request;

pub use crate::domain::model::customer_ref::Given;
pub use crate::domain::model::hold_rule::HoldRule;
pub use answer::{Answer, Outcome};
pub use request::{IdentifyRequest, Ignored};
