//! Kept events go after 30 days, and what they say of an erased person at once.

use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::Micros;
use crate::store::row::get;
use crate::store::sql::{CellType, Sql};
use crate::store::{Ending, Transaction, Work};

/// How long an event is kept.
const KEPT: i64 = 30 * 24 * 3_600 * 1_000_000;
/// Events deleted in one transaction.
const BATCH: u64 = 1_000;

impl Rapport {
    /// Deletes kept events that are too old, and the payloads of those who were erased while they were being kept; how
    /// many events went.
    pub async fn expire_kept_events(&self) -> Result<u64> {
        let before = Micros(self.clock.now().0 - KEPT);
        let mut gone = 0;
        loop {
            let some = self.store.transact(Ending::Commit, &Expire { before }).await?;
            gone += some;
            if some < BATCH {
                return Ok(gone);
            }
        }
    }
}

/// Deletes what is older, of all tenants.
struct Expire {
    before: Micros,
}

impl Work for Expire {
    type Done = u64;

    async fn run(&self, tx: &Transaction) -> Result<u64> {
        let mut sql = tx.sql();
        sql.push("SELECT tenant, id FROM source_event WHERE at < ").bind(self.before);
        sql.push(" ORDER BY at LIMIT ").add(BATCH).push(tx.dialect.for_update_skip_locked());
        let rows = tx.all(sql).await?;
        let old: Vec<Vec<sea_orm::Value>> = rows
            .iter()
            .map(|row| Ok(vec![get::<i64>(row, 0)?.into(), get::<i64>(row, 1)?.into()]))
            .collect::<Result<_>>()?;
        if !old.is_empty() {
            for (table, column) in [("source_event", "id"), ("source_event_mark", "event")] {
                tx.run(delete(tx.sql(), table, column, &old)).await?;
            }
        }
        let mut sql = tx.sql();
        sql.push("UPDATE source_event SET payload = NULL, external_id = NULL WHERE payload IS NOT NULL ")
            .push("AND EXISTS (SELECT 1 FROM source_event_mark m JOIN erased_key e ON e.tenant = m.tenant ")
            .push("AND e.hash = m.hash WHERE m.tenant = source_event.tenant AND m.event = source_event.id)");
        tx.run(sql).await?;
        Ok(old.len() as u64)
    }
}

fn delete(mut sql: Sql, table: &str, column: &str, rows: &[Vec<sea_orm::Value>]) -> Sql {
    sql.push("DELETE FROM ").push(table).push(" WHERE (tenant, ").push(column);
    sql.push(") IN (SELECT column1, column2 FROM ").rows(&[CellType::Big; 2], rows).push(" AS w)");
    sql
}
