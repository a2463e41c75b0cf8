//! The newest items of a customer, prepared to be read at once.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{CustomerId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "newest_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer: CustomerId,
    /// The log position up to which it knows what happened.
    pub position: i64,
    /// The first of them; see [`pack`](crate::domain::model::item_line::pack).
    #[sea_orm(column_type = "Blob")]
    pub newest: Vec<u8>,
    /// The others.
    #[sea_orm(column_type = "Blob")]
    pub further: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
