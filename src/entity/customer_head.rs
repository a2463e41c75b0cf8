//! The narrow hot row beside a customer.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;

use crate::ids::{CustomerId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: CustomerId,
    /// The survivor; none where it is one itself. Derived and flat.
    pub merged_into: Option<CustomerId>,
    /// The live position: grows by one with each write, never goes back.
    pub position: i64,
    /// Grows whenever merge, undo, split or `shared` change what belongs here.
    pub shape: i64,
    /// How far the log was pruned.
    pub floor: i64,
    /// Newest event of the whole customer; survivors only.
    pub list_seen: Option<Micros>,
    pub last_seen: Option<Micros>,
    pub last_inbound: Option<Micros>,
    pub last_outbound: Option<Micros>,
    /// JSON: events of this home by kind and record type.
    pub counts: String,
    /// The customer beside whom it stands.
    #[sea_orm(belongs_to, from = "(tenant, number)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
