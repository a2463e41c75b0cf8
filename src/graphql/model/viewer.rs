//! The viewer: who the token says is asking.

use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::graphql::context::ResolverContext;
use crate::graphql::enums::Role;

/// The holder of the token.
#[derive(Clone)]
pub struct Viewer(pub ResolverContext);

/// The holder of the token.
#[object]
impl Viewer {
    /// The token's `sub`.
    pub fn subject(&self) -> &str {
        &self.0.viewer.subject
    }

    /// The token's `tenant`.
    pub fn tenant(&self) -> &str {
        &self.0.viewer.tenant
    }

    /// What the token allows.
    pub fn role(&self) -> Role {
        self.0.viewer.role.into()
    }

    /// When the token ends, by its `exp`; it is taken for 5 seconds more. Null where nobody sent a token, as a demo allows.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.viewer.expires_at.map(Into::into)
    }
}
