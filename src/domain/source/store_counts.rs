//! Counts of what comes through sources, added to the store once a second, so that deliveries do not wait for each other.
//! What a killed server had not yet added is not counted; nothing but the counts depends on it.

use sea_orm::Value;

use crate::domain::rapport::Rapport;
use crate::domain::source::counts::{BySource, Counted, Tally};
use crate::error::Result;
use crate::ids::{SourceId, TenantId};
use crate::store::sql::{CellType, Sql};
use crate::store::{Ending, Transaction, Work};

impl Rapport {
    /// Adds to the store what was counted since the last time.
    pub async fn store_source_counts(&self) -> Result<()> {
        let counted = self.doors.counts.take();
        if counted.is_empty() {
            return Ok(());
        }
        let stored = self.store.transact(Ending::Commit, &AddCounts(&counted)).await;
        if stored.is_err() {
            self.doors.counts.add(counted);
        }
        stored
    }
}

struct AddCounts<'a>(&'a BySource);

impl Work for AddCounts<'_> {
    type Done = ();

    async fn run(&self, tx: &Transaction) -> Result<()> {
        let mut rows: Vec<_> = self.0.iter().collect();
        // In one order on all servers.
        rows.sort_unstable_by_key(|(source, _)| **source);
        let rows: Vec<Vec<Value>> = rows.into_iter().map(row).collect();
        tx.run(add_counts(tx.sql(), &rows)).await.map(drop)
    }
}

fn row(((tenant, source), counted): (&(TenantId, SourceId), &Counted)) -> Vec<Value> {
    let Tally { received, recorded, duplicates, rejected, unknown } = counted.tally;
    let (at, reason) = counted.last_refusal.clone().unzip();
    vec![
        (*tenant).into(),
        (*source).into(),
        received.into(),
        recorded.into(),
        duplicates.into(),
        rejected.into(),
        unknown.into(),
        counted.refused.into(),
        counted.last_received_at.into(),
        at.into(),
        reason.into(),
    ]
}

fn add_counts(mut sql: Sql, rows: &[Vec<Value>]) -> Sql {
    use CellType::{Big, BigOrNull, TextOrNull};
    let types = [Big, Big, Big, Big, Big, Big, Big, Big, BigOrNull, BigOrNull, TextOrNull];
    sql.push("UPDATE source SET ");
    for (n, name) in ["received", "recorded", "duplicates", "rejected", "unknown", "refused"]
        .into_iter()
        .enumerate()
    {
        sql.add(format_args!("{name} = {name} + c.column{}, ", n + 3));
    }
    sql.push("last_received_at = COALESCE(c.column9, last_received_at), ")
        .push("last_refusal_at = COALESCE(c.column10, last_refusal_at), ")
        .push("last_refusal = COALESCE(c.column11, last_refusal) FROM ")
        .rows(&types, rows)
        .push(" AS c WHERE source.tenant = c.column1 AND source.id = c.column2");
    sql
}
