//! Entries of the audit log: who did what, and when.

use async_graphql::Json;
use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::domain::model::audit_action::AuditAction as Action;
use crate::domain::write::audit::{AuditEntry as Model, detail_with_ids};
use crate::error::Code;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::AuditAction;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::customer::Customer;
use crate::graphql::scalars::time;
use crate::ids::IdKind;

/// Who did what. Entries are never changed and never taken away.
#[derive(Clone)]
pub struct AuditEntry {
    pub context: ResolverContext,
    pub entry: Model,
}

/// Who did what. Entries are never changed and never taken away.
#[object]
impl AuditEntry {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Audit, self.context.tenant(), self.entry.id.0)
    }

    /// When it was done.
    pub fn at(&self) -> DateTime<Utc> {
        time(self.entry.at)
    }

    /// The subject of the token with which it was done.
    pub fn actor(&self) -> &str {
        &self.entry.actor
    }

    /// What was done.
    pub fn action(&self) -> Result<AuditAction> {
        let action = Action::from_name(&self.entry.action);
        action
            .map(Into::into)
            .ok_or_else(|| Fault::new(Code::Internal, "the audit log holds an unknown action"))
    }

    /// The id of the customer to whom it was done; it stays when the customer is erased.
    pub fn customer_id(&self) -> Option<GlobalId> {
        self.entry.customer.map(|customer| id(IdKind::Customer, self.context.tenant(), customer.0))
    }

    /// The customer to whom it was done, if there still is one.
    pub async fn customer(&self) -> Result<Option<Customer>> {
        let Some(customer) = self.entry.customer else { return Ok(None) };
        Ok(self
            .context
            .loaders
            .customers
            .load(customer)
            .await?
            .map(|customer| Customer::new(&self.context, customer)))
    }

    /// The id of the request, as it stands in the header `X-Request-Id` and in the server's log.
    pub fn request_id(&self) -> &str {
        &self.entry.request_id
    }

    /// The ids of what was changed, and names of settings; never a value of a person.
    pub fn detail(&self) -> Json<serde_json::Value> {
        Json(detail_with_ids(self.context.tenant(), self.entry.detail.clone()))
    }
}

connection!(AuditConnection, AuditEdge, AuditEntry, "entries of the audit log", {} {});
