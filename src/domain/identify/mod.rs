//! identify: values in, one customer out; right under any parallelism, from any number of servers.
//!
//! [`request`] reads what was sent, [`lookup`] finds what is known, [`plan`] decides without touching anything, and
//! [`apply`] takes the steps, and `outcome` writes. `people` makes the rows of a person.

mod answer;
mod apply;
mod links;
mod lookup;
mod outcome;
mod people;
mod plan;
mod request;

pub use answer::{Answer, Outcome};
pub(crate) use links::{
    Edge, NewEvidence, NewIdentity, identity_item, insert_evidence, insert_identities,
    join_contacts, join_heads, sides,
};
pub use lookup::Known;
pub(crate) use lookup::{Beside, Found, Key, lookup};
pub(crate) use people::{CONTACT, Newcomer, contact_row, people};
pub use plan::HoldRule;
pub(crate) use plan::objections;
pub use request::{Given, IdentifyRequest, Ignored};
pub(crate) use request::{check_traits, person_name};
