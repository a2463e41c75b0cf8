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
