//! Counts of what comes through sources: gathered in memory and added to the store once a second, so that deliveries do
//! not wait for each other. What a killed server had not yet added is not counted; nothing but the counts depends on it.

use std::collections::HashMap;

use parking_lot::Mutex;
use sea_orm::Value;

use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{Micros, SourceId, TenantId};
use crate::store::sql::{CellType, Sql};
use crate::store::{Ending, Transaction, Work};

/// How many events of a delivery became what.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    pub received: i64,
    pub recorded: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub unknown: i64,
}

#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Counted {
    tally: Tally,
    refused: i64,
    last_received_at: Option<Micros>,
    last_refusal: Option<(Micros, String)>,
}

impl Counted {
    fn add(&mut self, other: &Counted) {
        let (own, more) = (&mut self.tally, &other.tally);
        own.received += more.received;
        own.recorded += more.recorded;
        own.duplicates += more.duplicates;
        own.rejected += more.rejected;
        own.unknown += more.unknown;
        self.refused += other.refused;
        self.last_received_at = self.last_received_at.max(other.last_received_at);
        if other.last_refusal > self.last_refusal {
            self.last_refusal.clone_from(&other.last_refusal);
        }
    }
}

type BySource = HashMap<(TenantId, SourceId), Counted>;

/// What was counted since it was last stored.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<BySource>);

impl Counts {
    pub(super) fn received(&self, tenant: TenantId, source: SourceId, tally: Tally, at: Micros) {
        let counted = Counted { tally, last_received_at: Some(at), ..Counted::default() };
        self.0.lock().entry((tenant, source)).or_default().add(&counted);
    }

    pub(super) fn refused(&self, tenant: TenantId, source: SourceId, at: Micros, reason: String) {
        let last_refusal = Some((at, reason));
        let counted = Counted { refused: 1, last_refusal, ..Counted::default() };
        self.0.lock().entry((tenant, source)).or_default().add(&counted);
    }

    fn add(&self, counted: BySource) {
        let mut own = self.0.lock();
        for (source, counted) in counted {
            own.entry(source).or_default().add(&counted);
        }
    }
}

impl Rapport {
    /// Adds to the store what was counted since the last time.
    pub async fn store_source_counts(&self) -> Result<()> {
        let counted = std::mem::take(&mut *self.doors.counts.0.lock());
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
