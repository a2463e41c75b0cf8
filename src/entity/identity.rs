//! One address of a person on one channel.

use sea_orm::entity::prelude::*;

use crate::entity::customer;
use crate::entity::table::table;

use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub namespace: String,
    /// What is compared: spellings of one line are one key.
    pub match_key: String,
    pub home: CustomerId,
    pub contact: ContactNumber,
    pub kind: IdentityKind,
    pub value: String,
    pub raw_value: String,
    pub verification: Verification,
    /// Findable, but links nobody.
    pub shared: bool,
    pub source: String,
    pub actor: Option<String>,
    pub first_seen: Micros,
    pub last_seen: Micros,
    /// The kinds under which it came besides `kind`: a bit for each, at its number.
    pub other_kinds: Kinds,
    /// The region by which a number was read anew, of which no region before could read what was sent.
    pub reread_in: Option<String>,
    /// The home to which it belongs.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
