//! Where the worker stands on its way through a tenant's numbers, in the tenant's own row.

use sea_orm::QuerySelect;

use crate::domain::tenant::rereading::Rereading;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::Result;
use crate::ids::{IdentityId, Micros};
use crate::store::sql::Sql;

/// A part of the way.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub server: &'a str,
    /// What the change of the region began: another one begins anew.
    pub started_at: Micros,
    /// Where the way stood.
    pub after: IdentityId,
    /// How many numbers this part passes.
    pub looked: i64,
}

impl Step<'_> {
    /// Locks the tenant's row; the state, where it is this server's turn and nobody has gone on meanwhile.
    pub async fn lock(&self, unit: &UnitOfWork<'_>) -> Result<Option<Rereading>> {
        let row = unit.find(tenant::Entity::of(unit.tenant()).lock_exclusive()).await?.pop();
        let Some(mut state) = row.as_ref().map(Rereading::read).transpose()?.flatten() else {
            return Ok(None);
        };
        let stands = state.started_at == self.started_at
            && state.after == self.after
            && state.finished_at.is_none();
        Ok((stands && state.take(self.server, unit.now)).then_some(state))
    }
}

/// Says how far the way has come.
pub(super) fn store(unit: &mut UnitOfWork<'_>, state: &Rereading) {
    let update = tenant::Entity::update_of(unit.tenant())
        .col_expr(tenant::Column::Rereading, state.json().into());
    unit.push(Sql::from_query(unit.dialect(), &update));
}
