//! One touch: a message, a call, an email, a note, a record of another service, or a change of identity.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::entity::{customer, identity};

use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "engagement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    pub home: CustomerId,
    pub occurred_at: Micros,
    pub recorded_at: Micros,
    pub kind: HistoryKind,
    pub channel: Channel,
    pub direction: Option<Direction>,
    pub identity: Option<IdentityId>,
    pub source: String,
    pub source_id: Option<String>,
    pub record_type: Option<String>,
    /// The state of its kind: a call's, a message's, an email's.
    pub state: Option<i16>,
    pub state_at: Micros,
    /// Seconds.
    pub duration: Option<i64>,
    pub text: Option<String>,
    /// JSON: what only its kind has.
    pub data: Option<String>,
    /// The home of whose history it is an item.
    #[sea_orm(belongs_to, from = "(tenant, home)", to = "(tenant, number)")]
    pub owner: BelongsTo<customer::Entity>,
    /// The identity through which it came.
    #[sea_orm(belongs_to, from = "(tenant, identity)", to = "(tenant, id)")]
    pub through: BelongsTo<Option<identity::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
