//! An email by its Message-ID, and the thread in which it stands.

use sea_orm::entity::prelude::*;

use crate::entity::table::table;
use crate::ids::{ItemId, TenantId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_thread")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: ItemId,
    pub thread_id: String,
}

impl ActiveModelBehavior for ActiveModel {}

table!(tenant: Tenant);
