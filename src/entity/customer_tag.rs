//! A tag by which a filter finds a customer: one row for each that the customer's own row shows.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{CustomerId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    /// The tag without case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: CustomerId,
    /// As the customer shows it.
    pub tag: String,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
