//! Why two identities are one person.

use sea_orm::entity::prelude::*;

use crate::entity::identity;
use crate::entity::kinds::LinkRule;
use crate::entity::table::table;
use crate::ids::{IdentityId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    /// The older identity; the same as `b` for one that came alone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub a: IdentityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub b: IdentityId,
    pub rule: LinkRule,
    pub source: String,
    pub actor: Option<String>,
    pub at: Micros,
    /// The older identity.
    #[sea_orm(belongs_to, relation_enum = "Older", from = "(tenant, a)", to = "(tenant, id)")]
    pub older: BelongsTo<identity::Entity>,
    /// The younger identity.
    #[sea_orm(belongs_to, relation_enum = "Younger", from = "(tenant, b)", to = "(tenant, id)")]
    pub younger: BelongsTo<identity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
