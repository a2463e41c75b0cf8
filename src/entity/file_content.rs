//! The bytes that a tenant's files have in common, and under which name the object store has them.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::TenantId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_content")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    /// SHA-256 of the bytes, in hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub object: String,
    /// In bytes.
    pub size: i64,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
