//! What is published when something changed, in process and over the wire.

use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, TenantId};

/// Something of these customers changed and is committed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moved {
    /// Whose they are.
    pub tenant: TenantId,
    /// Survivors and homes alike: whoever watches one of them is woken.
    pub customers: Vec<CustomerId>,
    /// Whether calls are among it: they have watchers of their own.
    pub calls: bool,
}

/// One message between servers. Ids only, so nothing personal travels.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) struct Notice {
    /// The server that sends it; it does not listen to itself.
    pub from: u64,
    /// Look at everything: what was sent before may be lost.
    #[serde(default)]
    pub all: bool,
    pub moved: Vec<Moved>,
}
