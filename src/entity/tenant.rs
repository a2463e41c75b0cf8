//! A company whose data nobody else sees.

use sea_orm::entity::prelude::*;

use crate::ids::{Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: TenantId,
    #[sea_orm(unique)]
    pub name: String,
    /// JSON.
    pub settings: String,
    pub settings_version: i64,
    pub floor_xid: i64,
    pub floor_seq: i64,
    pub created_at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}
