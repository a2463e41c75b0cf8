//! The store's own row: its epoch and secret, made by whoever comes first. It belongs to no tenant.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Insert, IntoActiveModel, UpdateMany};

use crate::ids::Micros;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Part of every live cursor: cursors of another store are told apart.
    pub epoch: i64,
    /// Hexadecimal; keys the tags of cursors and the hashes of erased identities.
    pub secret: String,
    pub created_at: Micros,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The row; there is one.
    #[expect(clippy::disallowed_methods, reason = "the one row belongs to no tenant")]
    pub fn row() -> Select<Entity> {
        Entity::find()
    }

    /// Gives the row another epoch.
    #[expect(clippy::disallowed_methods, reason = "the one row belongs to no tenant")]
    pub fn renew(epoch: i64) -> UpdateMany<Entity> {
        Entity::update_many().col_expr(Column::Epoch, epoch.into())
    }

    /// Inserts the row, unless it is there.
    pub fn insert_first(row: Model) -> Insert<ActiveModel> {
        Insert::one(row.into_active_model())
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
    }
}
