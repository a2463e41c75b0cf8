//! A source: a door through which a provider delivers.

use sea_orm::entity::prelude::*;

use crate::entity::kinds::SourceKind;
use crate::entity::table::table;
use crate::ids::{Micros, SourceId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SourceId,
    pub kind: SourceKind,
    /// `source` of its items.
    pub name: String,
    /// Its part of the address to which the provider delivers.
    pub key: String,
    /// JSON of its secrets, sealed; nothing where it has none.
    pub secrets: Option<String>,
    pub verify_token: Option<String>,
    pub answer: Option<String>,
    /// JSON list of texts.
    pub addresses: String,
    pub enabled: bool,
    pub created_at: Micros,
    pub received: i64,
    pub recorded: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub unknown: i64,
    pub refused: i64,
    pub last_received_at: Option<Micros>,
    pub last_refusal_at: Option<Micros>,
    pub last_refusal: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
