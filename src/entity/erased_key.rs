//! What stays of an erased identity: a keyed hash, so that an import does not rebuild the person.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erased_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
