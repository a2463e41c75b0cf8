//! What stays of an item that the staff deleted: the id that its source gave it, so that a later delivery of the same does
//! not bring it back.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: String,
    /// Page views have a space of ids of their own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page_view: bool,
    pub item: ItemId,
    /// The home of which it was: it goes with it.
    pub home: CustomerId,
    pub deleted_at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
