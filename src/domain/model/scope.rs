//! On whose behalf something is done: every domain call begins with one.

use std::sync::Arc;

use crate::ids::TenantId;

/// Tenant and actor of a call. There is no way to the data without one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    pub tenant: TenantId,
    /// The token's subject.
    pub actor: Arc<str>,
    /// The request's id, for the audit log.
    pub request_id: Arc<str>,
}

impl Scope {
    /// The scope of work that nobody asked for: what the worker does by itself.
    pub fn of_the_worker(tenant: TenantId) -> Scope {
        Scope { tenant, actor: "rapport".into(), request_id: "".into() }
    }
}
