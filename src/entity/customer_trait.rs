//! A trait by which a filter finds a customer: one row for each that the customer's own row shows and a filter can name.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{CustomerId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_trait")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// What of the value is compared, with a letter for its type before it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: CustomerId,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
