//! How far a tenant's outgoing stream has come.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::TenantId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relay")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    pub xid: i64,
    pub seq: i64,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
