//! What a search shows of a person, prepared to be read at once.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{CustomerId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_card")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer: CustomerId,
    /// The log position at which it was read. It holds until the person changes, whatever else happens.
    pub position: i64,
    /// Customer, contacts and identities, as JSON.
    pub card: String,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
