//! What is known of a person; one row for each contact that ever was a primary.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;

use crate::entity::kinds::{CustomerStatus, LifecycleStage};
use crate::ids::{CustomerId, Micros, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: CustomerId,
    pub name: Option<String>,
    /// The name folded for ordering.
    pub name_key: Option<String>,
    /// When the name was said.
    pub name_at: Option<Micros>,
    pub status: CustomerStatus,
    pub stage: LifecycleStage,
    /// JSON list of words.
    pub tags: String,
    /// JSON object.
    pub traits: String,
    /// JSON object: when each trait was said.
    pub trait_times: String,
    pub created_at: Micros,
    pub updated_at: Micros,
    /// JSON object: what was said of the home itself, where the row shows something else. A survivor's row shows the
    /// person, that of a merged home nothing.
    pub own: Option<String>,
    /// JSON object: the name that a channel said last, and when, while the row shows one that the staff set.
    pub called: Option<String>,
    /// The stage of the company's own, by its number in the settings.
    pub stage_id: Option<i16>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
