//! Of whom a kept event may speak: a keyed hash of an address in it.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{SourceEventId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_event_mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event: SourceEventId,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
