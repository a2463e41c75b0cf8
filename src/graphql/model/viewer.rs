//! The viewer: who the token says is asking.

use async_graphql::Object;

use crate::graphql::context::ResolverContext;
use crate::graphql::enums::Role;

/// The holder of the token.
pub struct Viewer(pub ResolverContext);

/// The holder of the token.
#[Object]
impl Viewer {
    /// The token's `sub`.
    pub async fn subject(&self) -> &str {
        &self.0.viewer.subject
    }

    /// The token's `tenant`.
    pub async fn tenant(&self) -> &str {
        &self.0.viewer.tenant
    }

    /// What the token allows.
    pub async fn role(&self) -> Role {
        self.0.viewer.role.into()
    }
}
