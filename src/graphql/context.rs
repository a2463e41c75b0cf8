//! The resolver context: the domain, on whose behalf, and the loaders of this operation.

use std::sync::Arc;

use crate::auth::{Role, Viewer};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::error::Code;
use crate::graphql::cursors::Cursors;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::loaders::Loaders;
use crate::ids::TenantId;

/// What a field asks of the token's role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// viewer, agent, admin
    Read,
    /// agent, ingest, admin
    Ingest,
    /// agent, admin
    Write,
    /// admin
    Admin,
    /// Anyone with a token.
    Any,
}

impl Access {
    pub fn admits(self, role: Role) -> bool {
        match self {
            Access::Any => true,
            Access::Read => role != Role::Ingest,
            Access::Ingest => role != Role::Viewer,
            Access::Write => matches!(role, Role::Agent | Role::Admin),
            Access::Admin => role == Role::Admin,
        }
    }
}

pub struct Inner {
    pub rapport: Rapport,
    pub scope: Scope,
    pub viewer: Viewer,
    pub loaders: Loaders,
    /// The address under which the client reached this server, without the last slash.
    pub public_base: Arc<str>,
}

/// Cheap to clone; objects carry it, so that an event of a subscription has loaders of its own.
#[derive(Clone)]
pub struct ResolverContext(Arc<Inner>);

impl std::ops::Deref for ResolverContext {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl ResolverContext {
    pub fn new(rapport: Rapport, scope: Scope, viewer: Viewer, public_base: Arc<str>) -> Self {
        let loaders = Loaders::new(&rapport, scope.tenant);
        ResolverContext(Arc::new(Inner { rapport, scope, viewer, loaders, public_base }))
    }

    /// The same viewer with empty loaders.
    #[must_use]
    pub fn fresh(&self) -> ResolverContext {
        ResolverContext::new(
            self.rapport.clone(),
            self.scope.clone(),
            self.viewer.clone(),
            self.public_base.clone(),
        )
    }

    pub fn require(&self, access: Access) -> Result<()> {
        if access.admits(self.viewer.role) {
            return Ok(());
        }
        let role = self.viewer.role.name();
        Err(Fault::new(Code::Forbidden, format!("a token with the role {role} may not do this")))
    }

    /// For the fields of objects that a recording token meets in its own payloads.
    pub fn may_read(&self) -> Result<()> {
        self.require(Access::Read)
    }

    /// Makes and reads the cursors of this tenant.
    pub fn cursors(&self) -> Cursors<'_> {
        Cursors { secret: &self.rapport.secret, tenant: self.scope.tenant }
    }

    pub fn tenant(&self) -> TenantId {
        self.scope.tenant
    }
}
