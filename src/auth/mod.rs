//! Who asks: a token becomes a [`Viewer`].

use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

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

/// The holder of a checked token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewer {
    pub subject: Arc<str>,
    pub tenant: Arc<str>,
    pub role: Role,
    /// When the token ends; `None` only for the demo's visitors without a token.
    pub expires_at: Option<SystemTime>,
}
