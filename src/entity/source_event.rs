//! An event that a source kept because it could not be recorded.

use sea_orm::entity::prelude::*;

use crate::entity::kinds::SourceEventOutcome;
use crate::entity::table::table;
use crate::ids::{Micros, SourceEventId, SourceId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SourceEventId,
    pub source: SourceId,
    pub outcome: SourceEventOutcome,
    /// The provider's word for it.
    pub kind: String,
    pub external_id: Option<String>,
    /// The same for an event that comes again.
    pub digest: String,
    /// JSON list of what is wrong with it.
    pub errors: String,
    /// JSON; nothing where it spoke of an erased person.
    pub payload: Option<String>,
    pub at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
