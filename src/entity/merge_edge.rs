//! An edge between two homes: a merge, active or undone.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::kinds::LinkRule;
use crate::entity::table::table;
use crate::ids::{CustomerId, IdentityId, MergeId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "merge_edge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MergeId,
    /// The older home.
    pub a: CustomerId,
    pub b: CustomerId,
    pub active: bool,
    pub rule: LinkRule,
    /// The two identities that came together; none for a merge by hand.
    pub from_identity: Option<IdentityId>,
    pub to_identity: Option<IdentityId>,
    pub source: String,
    pub actor: Option<String>,
    pub reason: Option<String>,
    pub at: Micros,
    pub undone_at: Option<Micros>,
    pub undone_by: Option<String>,
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
