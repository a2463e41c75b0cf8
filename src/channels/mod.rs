//! Channels: how each provider's deliveries are proved genuine and read. One folder a provider, with `verify` and `facts`,
//! both pure: what they say is written by one runner.

mod deliver;
pub mod delivery;
pub mod device;
pub mod email;
mod event_result;
pub mod fact;
pub mod json;
pub mod mail;
pub mod mended;
pub mod meta;
pub mod postmark;
mod prepared;
pub mod read;
pub mod replay;
pub mod runner;
pub mod segment;
pub mod signature;
pub mod table;
pub mod telegram;
#[cfg(test)]
mod tests;
pub mod times;
pub mod twilio;
pub mod webhook;

use serde_json::Value as Json;

use crate::channels::delivery::{Delivery, Refusal};
use crate::channels::fact::{Answer, Fact, Outcome};
use crate::domain::source::OpenSource;

/// A provider's channel: pure functions.
pub struct Channel {
    /// What proves a delivery, as `WWW-Authenticate` names it: a scheme of HTTP's, or the header that holds the
    /// signature.
    pub challenge: &'static str,
    /// The largest body, in bytes, unpacked.
    pub most_bytes: usize,
    /// Whether the delivery is the provider's: signature or secret. Costs no statement.
    pub verify: fn(&OpenSource, &Delivery<'_>) -> Result<(), Refusal>,
    /// What the delivery says, in its order. An event that cannot be taken is a fact like others; an error is for a
    /// body that is none at all.
    pub facts: for<'d> fn(&OpenSource, &Delivery<'d>) -> Result<Vec<Fact<'d>>, Refusal>,
    /// A body of which `facts` says again what was kept with this kind and payload.
    pub replay: fn(&str, &Json) -> Vec<u8>,
    /// The answer once everything is committed.
    pub answer: fn(&OpenSource, &Delivery<'_>, &[Outcome]) -> Answer,
}
