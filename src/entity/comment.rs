//! A note of the staff on a history item.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;

use crate::ids::{CommentId, CustomerId, ItemId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    pub item: ItemId,
    pub home: CustomerId,
    pub text: String,
    pub author: String,
    pub created_at: Micros,
    /// When its text was changed last.
    pub edited_at: Option<Micros>,
    pub edited_by: Option<String>,
    /// The home of the item.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
