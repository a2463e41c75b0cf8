//! How a caller names a customer: by id, by contact number, or by an identity as it was sent.

use crate::entity::kinds::IdentityKind;
use crate::error::UserError;
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

impl Given {
    /// Half a character (of an emoji that was cut in two) is mended in a text, and makes an address another one.
    pub(crate) fn check(&self) -> Result<(), UserError> {
        if self.value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(UserError::invalid("the value holds a broken character"));
        }
        Ok(())
    }
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
