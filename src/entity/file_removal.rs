//! An object that is to be removed from the object store, unless it turns out to be needed before it is due.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_removal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub object: String,
    pub due_at: Micros,
    /// The object may be gone already: nobody can come to need it any more.
    pub begun: bool,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
