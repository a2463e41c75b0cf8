//! How far the search rows of a tenant were made anew, where an earlier version wrote them; nothing for one that is done.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::TenantId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_renewal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    /// 0: the people; 1: engagements; 2: page views.
    pub part: i16,
    /// The last home or item of the part that was looked at.
    pub place: i64,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
