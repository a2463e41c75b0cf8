//! Forgetting: the change log beyond its time, kept answers after a day, and what tenants no longer want to keep.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::Value;
use tokio_util::sync::CancellationToken;

use crate::domain::idempotency;
use crate::domain::item::get;
use crate::domain::jobs::{Figures, add, pause};
use crate::domain::rapport::Rapport;
use crate::domain::sql::Column;
use crate::domain::store::Tx;
use crate::error::Result;
use crate::ids::{CustomerId, Micros, TenantId};

/// Rows of one transaction: writers wait for no more than that.
const ROWS: i64 = 500;
/// Between two rounds.
const ROUND: Duration = Duration::from_secs(600);
/// Between two looks at the feed's horizon.
const LOOK: Duration = Duration::from_secs(15);

/// Any number of servers may do this side by side: a tenant that another one is at is left to it.
pub(super) async fn keep_pruning(
    rapport: Rapport,
    change_log: Duration,
    figures: Arc<Figures>,
    stop: CancellationToken,
) {
    // Servers that start together do not prune together.
    let mut wait = Duration::from_secs(rand::random_range(20..60));
    loop {
        if !pause(&stop, wait.min(LOOK)).await {
            return;
        }
        look_at_horizon(&rapport, &figures).await;
        wait = wait.saturating_sub(LOOK);
        if !wait.is_zero() {
            continue;
        }
        wait = ROUND;
        let before = |age: Duration| {
            Micros(rapport.clock.now().0 - i64::try_from(age.as_micros()).unwrap_or(i64::MAX))
        };
        if let Err(error) =
            round(&rapport, before(change_log), before(idempotency::KEPT), &figures, &stop).await
        {
            tracing::warn!(error = error.detail(), "pruning stopped half-way; trying again later");
        }
    }
}

async fn round(
    rapport: &Rapport,
    log: Micros,
    answers: Micros,
    figures: &Figures,
    stop: &CancellationToken,
) -> Result<()> {
    for tenant in rapport.tenants_to_prune(log).await? {
        while !stop.is_cancelled() {
            let pruned = rapport.prune_log(tenant, log).await?;
            add(&figures.pruned, pruned);
            if pruned == 0 {
                break;
            }
        }
    }
    while !stop.is_cancelled() && rapport.prune_answers(answers).await? > 0 {}
    for (tenant, before) in rapport.tenants_that_forget().await? {
        while !stop.is_cancelled() {
            let expired = rapport.expire_items(tenant, before).await?;
            add(&figures.expired, expired);
            if expired == 0 {
                break;
            }
        }
    }
    Ok(())
}

async fn look_at_horizon(rapport: &Rapport, figures: &Figures) {
    if !rapport.store.is_postgres() {
        return;
    }
    let mut sql = rapport.store.sql();
    sql.push("SELECT pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() AS s");
    if let Ok(Some(row)) = rapport.store.one(sql).await
        && let Ok(behind) = get::<i64>(&row, 0)
    {
        figures.horizon.store(behind, Ordering::Relaxed);
    }
}

impl Rapport {
    /// Tenants whose log reaches back beyond the cutoff.
    async fn tenants_to_prune(&self, cutoff: Micros) -> Result<Vec<TenantId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT t.id FROM tenant t WHERE (SELECT c.at FROM change c WHERE c.tenant = t.id ORDER BY c.xid, c.seq LIMIT 1) < ")
            .bind(cutoff);
        self.store.all(sql).await?.iter().map(|row| get(row, 0)).collect()
    }

    /// Deletes the oldest entries of a tenant's log, as far as they were written before `cutoff`; how many, at most 500.
    /// Nothing while another server is at it. How far the log was pruned is written in the same transaction: readers
    /// whose cursor is older are told so, and no others.
    pub async fn prune_log(&self, tenant: TenantId, cutoff: Micros) -> Result<u64> {
        self.store.transact(move |tx| Box::pin(prune(tx, tenant, cutoff))).await
    }

    /// Deletes answers kept under an Idempotency-Key since before `cutoff`; how many, at most 500.
    pub async fn prune_answers(&self, cutoff: Micros) -> Result<u64> {
        let mut sql = self.store.sql();
        sql.push("SELECT 1 FROM idempotency WHERE at < ").bind(cutoff).push(" LIMIT 1");
        if self.store.one(sql).await?.is_none() {
            return Ok(0);
        }
        self.store
            .transact(move |tx| {
                Box::pin(async move {
                    let mut sql = tx.sql();
                    sql.push(
                        "DELETE FROM idempotency WHERE (tenant, subject, key) IN (SELECT tenant, subject, key FROM idempotency WHERE at < ",
                    );
                    sql.bind(cutoff).push(" ORDER BY at LIMIT ").bind(ROWS);
                    // Rows that another server is deleting are left to it.
                    sql.push(if tx.is_postgres() { " FOR UPDATE SKIP LOCKED)" } else { ")" });
                    tx.run(sql).await
                })
            })
            .await
    }
}

async fn prune(tx: &Tx, tenant: TenantId, cutoff: Micros) -> Result<u64> {
    let mut sql = tx.sql();
    sql.push("SELECT id FROM tenant WHERE id = ").bind(tenant);
    if tx.is_postgres() {
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    if tx.one(sql).await?.is_none() {
        return Ok(0);
    }
    let mut sql = tx.sql();
    sql.push("SELECT xid, seq, customer, position, at FROM change WHERE tenant = ").bind(tenant);
    if tx.is_postgres() {
        // What is still being written may come before what is there.
        sql.push(" AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
    }
    sql.push(" ORDER BY xid, seq LIMIT ").bind(ROWS);
    let mut end = None;
    let mut floors: BTreeMap<CustomerId, i64> = BTreeMap::new();
    for row in tx.all(sql).await? {
        if get::<Micros>(&row, 4)? >= cutoff {
            break;
        }
        end = Some((get::<i64>(&row, 0)?, get::<i64>(&row, 1)?));
        let floor = floors.entry(get(&row, 2)?).or_default();
        *floor = get::<i64>(&row, 3)?.max(*floor);
    }
    let Some((xid, seq)) = end else { return Ok(0) };
    raise_floors(tx, tenant, &floors).await?;
    let mut sql = tx.sql();
    sql.push("UPDATE tenant SET floor_xid = ")
        .bind(xid)
        .push(", floor_seq = ")
        .bind(seq)
        .push(" WHERE id = ")
        .bind(tenant);
    tx.run(sql).await?;
    let mut sql = tx.sql();
    sql.push("DELETE FROM change WHERE tenant = ")
        .bind(tenant)
        .push(" AND (xid, seq) <= (")
        .bind(xid)
        .push(", ")
        .bind(seq)
        .push(")");
    tx.run(sql).await
}

/// Heads of erased customers are gone, and nobody asks for their floor.
async fn raise_floors(tx: &Tx, tenant: TenantId, floors: &BTreeMap<CustomerId, i64>) -> Result<()> {
    if tx.is_postgres() {
        // In the order in which all writers lock them.
        let mut sql = tx.sql();
        sql.push("SELECT number FROM customer_head WHERE tenant = ")
            .bind(tenant)
            .push(" AND number");
        sql.among(floors.keys().map(|customer| customer.0)).push(" ORDER BY number FOR UPDATE");
        tx.all(sql).await?;
    }
    let rows: Vec<Vec<Value>> =
        floors.iter().map(|(customer, floor)| vec![customer.0.into(), (*floor).into()]).collect();
    let mut sql = tx.sql();
    sql.push("UPDATE customer_head SET floor = v.column2 FROM ").rows(&[Column::Big; 2], &rows);
    sql.push(" AS v WHERE customer_head.tenant = ")
        .bind(tenant)
        .push(" AND customer_head.number = v.column1 AND customer_head.floor < v.column2");
    tx.run(sql).await?;
    Ok(())
}
