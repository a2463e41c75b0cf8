//! A link that a guard held back, for a person to decide.

use sea_orm::entity::prelude::*;

use crate::entity::kinds::ReviewState;
use crate::entity::table::table;
use crate::ids::{Micros, ReviewId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub state: ReviewState,
    /// The name of the guard.
    pub rule: String,
    pub message: String,
    /// JSON list of the homes in question.
    pub homes: String,
    /// JSON list of the identities of the request.
    pub identities: String,
    /// The homes as one text: the same held link is queued once.
    pub pair: String,
    pub source: String,
    pub actor: Option<String>,
    pub at: Micros,
    pub decided_at: Option<Micros>,
    pub decided_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
