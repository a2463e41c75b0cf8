//! Calls of nobody (a withheld number) that a later delivery names: they move to the person, with what was said of them.

use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::error::Result;
use crate::ids::Micros;
use crate::store::row::get;

/// A call that was of nobody, as the item of a person.
pub(super) struct Named(Item);

impl Named {
    pub(super) fn of(item: &Item) -> Named {
        Named(item.clone())
    }
}

/// Moves the calls, their comments and their counts to the homes that they have now. The heads are locked.
pub(super) async fn name_calls(unit: &mut UnitOfWork<'_>, named: &[Named]) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    // A call may have been inserted by this very transaction.
    unit.run_pushed().await?;
    for Named(item) in named {
        let tenant = unit.tenant();
        let mut sql = unit.sql();
        sql.push("UPDATE engagement SET home = ").bind(item.home);
        sql.push(", identity = ").bind(item.identity);
        sql.push(" WHERE tenant = ").bind(tenant).push(" AND id = ").bind(item.id);
        unit.run(sql).await?;
        let mut sql = unit.sql();
        sql.push("UPDATE comment SET home = ").bind(item.home);
        sql.push(" WHERE tenant = ").bind(tenant).push(" AND item = ").bind(item.id);
        unit.run(sql).await?;
        let what = Some((item.id, item.kind));
        unit.changes.log(NOBODY, ChangeKind::ItemRemoved, what)?;
        let of_nobody = Item { home: NOBODY, ..item.clone() };
        unit.changes.tally(&of_nobody, -1)?;
        unit.changes.add_item(item)?;
    }
    let newest = newest_of_nobody(unit).await?;
    let head = unit.changes.head_mut(NOBODY)?;
    if let (Some(newest), Some(calls)) = (newest, head.counts.0.get_mut(&(HistoryKind::Call, None)))
    {
        calls.1 = newest;
    }
    head.last_seen = newest;
    Ok(())
}

/// When nobody called last: all that nobody has are calls.
async fn newest_of_nobody(unit: &UnitOfWork<'_>) -> Result<Option<Micros>> {
    let mut sql = unit.sql();
    sql.push("SELECT MAX(occurred_at) FROM engagement WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND home = ").bind(NOBODY);
    unit.one(sql).await?.map_or(Ok(None), |row| get(&row, 0))
}
