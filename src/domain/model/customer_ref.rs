//! How a caller names a customer: by id, by contact number, or by an identity as it was sent.

use crate::entity::kinds::IdentityKind;
use crate::ids::{ContactNumber, CustomerId};

/// One address as it was sent.
#[derive(Clone, Debug)]
pub struct Given {
    pub kind: IdentityKind,
    pub value: String,
    pub namespace: Option<String>,
    /// The channel proved it.
    pub verified: bool,
    /// Where it stood in the request.
    pub path: Vec<String>,
}

/// Whom something is about.
#[derive(Clone, Debug)]
pub enum Ref {
    Customer(CustomerId),
    Contact(ContactNumber),
    /// An unknown one makes a customer.
    Identity(Given),
    /// An opaque id that is none of this tenant's.
    Unknown,
}
