//! A pair of homes that nothing may join, until somebody lifts the rule.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;
use crate::ids::{CustomerId, KeepApartId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "keep_apart")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeepApartId,
    /// The older home.
    pub a: CustomerId,
    pub b: CustomerId,
    pub actor: Option<String>,
    pub at: Micros,
    pub lifted_at: Option<Micros>,
    pub lifted_by: Option<String>,
    /// The older home.
    #[sea_orm(belongs_to, relation_enum = "Older", from = "(tenant, a)", to = "(tenant, number)")]
    pub older: BelongsTo<customer::Entity>,
    /// The younger home.
    #[sea_orm(
        belongs_to,
        relation_enum = "Younger",
        from = "(tenant, b)",
        to = "(tenant, number)"
    )]
    pub younger: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
