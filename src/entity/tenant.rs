//! A company whose data nobody else sees.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
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
    /// JSON: how far the re-reading of numbers has come, once the region was changed.
    pub rereading: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Id, filled_by_the_store: ["id"]);

impl Entity {
    /// The tenant of this name: how a token's tenant is found.
    #[expect(clippy::disallowed_methods, reason = "the tenant itself is looked for")]
    pub fn named(name: &str) -> Select<Entity> {
        Entity::find().filter(Column::Name.eq(name))
    }
}
