//! One observed row of a person: an email, a phone number, or both.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;

use crate::entity::kinds::LinkPrecedence;
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: ContactNumber,
    /// The customer as which, or within which, it was first seen; only a split changes it.
    pub home: CustomerId,
    /// The survivor; derived.
    pub customer: CustomerId,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    /// The primary, for a secondary; derived.
    pub linked_id: Option<ContactNumber>,
    pub link_precedence: LinkPrecedence,
    pub created_at: Micros,
    pub updated_at: Micros,
    pub deleted_at: Option<Micros>,
    /// The home within which it was first seen.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
