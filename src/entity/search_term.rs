//! A word by which a home is found.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;
use crate::ids::{CustomerId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub home: CustomerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub term: String,
    /// Which kind of word it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub field: i16,
    /// The survivor of the home: whom the term finds.
    pub person: CustomerId,
    /// The ten minutes in which the person was seen last, negative; it follows within minutes.
    pub age: i32,
    /// The home of which it is a word.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
