//! What a change of identity in the history says.

use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, IdentityId, MergeId};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityAction {
    Linked,
    Merged,
    Unmerged,
    Split,
    Shared,
    Removed,
    Rejected,
    Erased,
    Held,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct IdentityChange {
    pub action: IdentityAction,
    /// The other home, for merge, undo and split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<CustomerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergeId>,
    /// The identities in question, by id: their values stand elsewhere and go with an erasure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<IdentityId>,
}
