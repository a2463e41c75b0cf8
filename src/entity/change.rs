//! The log behind the live history: ids only.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;

use crate::entity::kinds::{ChangeKind, HistoryKind};
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
    pub item_kind: Option<HistoryKind>,
    pub other: Option<CustomerId>,
    pub other_position: Option<i64>,
    /// JSON list of the homes that moved, in a relink entry.
    pub detail: Option<String>,
    pub at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant, filled_by_the_store: ["seq", "xid"]);
