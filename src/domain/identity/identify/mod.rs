//! identify: values in, one customer out; right under any parallelism, from any number of servers.
//!
//! `request` reads what was sent, `known` judges what the store knows of it, `plan` decides without touching anything;
//! `write` locks and has the decisions carried out: `clusters` says in which order, `prefetched` reads what they need, and
//! `attempt` carries one out with the rows of `customers` and `links`. `entry` answers an exact repeat by itself, and
//! `many` does all of it for many requests at once.

mod answer;
mod attempt;
mod clusters;
mod customers;
mod entry;
mod held;
mod known;
mod links;
mod many;
mod plan;
mod prefetched;
mod request;
mod write;

pub use crate::domain::model::customer_ref::Given;
pub use crate::domain::model::hold_rule::HoldRule;
pub use answer::{Answer, Outcome};
pub use many::MOST_INPUTS;
pub use request::{IdentifyRequest, Ignored};
