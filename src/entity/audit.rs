//! A line of the audit log: who did what to which customer.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{AuditId, CustomerId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub at: Micros,
    pub actor: String,
    /// The action's name.
    pub action: String,
    pub customer: Option<CustomerId>,
    pub request_id: String,
    /// JSON object: ids and names of what was changed, never a value of a person.
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
