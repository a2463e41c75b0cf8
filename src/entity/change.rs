//! The log behind the live history: ids only.

use sea_orm::entity::prelude::*;

use crate::entity::kinds::{ChangeKind};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// PostgreSQL's transaction number; 0 on SQLite.
    pub xid: i64,
    pub tenant: TenantId,
    pub customer: CustomerId,
    pub position: i64,
    pub kind: ChangeKind,
    pub item: Option<ItemId>,
    pub other: Option<CustomerId>,
    pub other_position: Option<i64>,
    pub at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}
