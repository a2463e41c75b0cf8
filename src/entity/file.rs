//! A file that came with an item: what it is called, and where its bytes are.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{FileId, ItemId, Micros, SourceId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub item: ItemId,
    /// Of its content; none while that is at the provider.
    pub hash: Option<String>,
    /// Through which it came, where its content is, or was, at the provider.
    pub source: Option<SourceId>,
    /// What the provider calls it.
    pub reference: Option<String>,
    pub name: Option<String>,
    pub content_type: Option<String>,
    /// In bytes; none while the content is at the provider.
    pub size: Option<i64>,
    pub created_at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
