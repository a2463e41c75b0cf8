//! Who asks: a token becomes a [`Viewer`].
//!
//! The algorithm belongs to the key and never to the token, so a public key can never be taken for a secret. What a
//! token must claim is written once, in `claims`; where keys come from is `keys` (settings) and `jwks` (a provider).

mod claims;
mod jwks;
mod keys;
#[cfg(test)]
mod tests;
mod token;
mod verifier;

use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use token::sign;
pub use verifier::Verifier;

/// What a token's holder may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and writes.
    Agent,
    /// Records and identifies only.
    Ingest,
    /// Everything.
    Admin,
}

impl Role {
    /// As it stands in a token.
    pub fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Agent => "agent",
            Role::Ingest => "ingest",
            Role::Admin => "admin",
        }
    }

    /// The role of a claim's or a flag's text; `None` for any other word.
    pub fn parse(text: &str) -> Option<Role> {
        match text {
            "viewer" => Some(Role::Viewer),
            "agent" => Some(Role::Agent),
            "ingest" => Some(Role::Ingest),
            "admin" => Some(Role::Admin),
            _ => None,
        }
    }
}

/// The holder of a checked token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewer {
    /// The claim `sub`: who it is, within the tenant.
    pub subject: Arc<str>,
    /// The name of the tenant whose data the holder sees, and no other's.
    pub tenant: Arc<str>,
    /// What the holder may do.
    pub role: Role,
    /// When the token ends; `None` only for the demo's visitors without a token.
    pub expires_at: Option<SystemTime>,
}
