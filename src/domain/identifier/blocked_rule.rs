//! One rule by which values that look like identifiers are told from identifiers.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::entity::kinds::IdentityKind;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockedMatch {
    /// The whole value, in any case; of a phone number its digits.
    Exact,
    /// A regular expression over the whole value, in any case.
    Pattern,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockedRule {
    /// Only this kind; every kind when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<IdentityKind>,
    #[serde(rename = "match")]
    pub by: BlockedMatch,
    pub value: Cow<'static, str>,
    /// One line for people, told with what was ignored.
    pub reason: Cow<'static, str>,
}
