//! One page that a person looked at.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::entity::{customer, identity};

use crate::entity::kinds::{Channel, Direction};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "page_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    pub home: CustomerId,
    pub occurred_at: Micros,
    pub recorded_at: Micros,
    pub channel: Channel,
    pub direction: Option<Direction>,
    pub identity: Option<IdentityId>,
    pub source: String,
    pub source_id: Option<String>,
    pub url: String,
    pub title: Option<String>,
    pub category: Option<String>,
    pub object_id: Option<String>,
    pub session_id: Option<String>,
    pub description: Option<String>,
    /// JSON: what the staff corrected.
    pub correction: Option<String>,
    /// The home of whose history it is an item.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
    /// The identity through which it came.
    #[sea_orm(belongs_to, from = "(tenant, identity)", to = "(tenant, id)")]
    pub through: BelongsTo<Option<identity::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
