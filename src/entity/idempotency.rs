//! An answer kept under an `Idempotency-Key`.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    /// The token's subject.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub request_hash: String,
    /// HTTP status; 0 while the request runs.
    pub status: i16,
    pub body: Option<String>,
    pub at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
