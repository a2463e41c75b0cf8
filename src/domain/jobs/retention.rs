//! Items older than the tenant keeps them leave the history as if nobody had recorded them: counts, words, comments and
//! all, and live readers are told.

use std::collections::BTreeSet;

use crate::domain::item::{ENGAGEMENT_COLUMNS, Item, PAGE_VIEW_COLUMNS, get};
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, newest};
use crate::domain::rapport::Rapport;
use crate::domain::settings::Settings;
use crate::domain::sql::Sql;
use crate::domain::store::Tx;
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};

/// Items of each table in one transaction.
const ROWS: i64 = 100;
const DAY: i64 = 86_400_000_000;
const TABLES: [(&str, &str); 2] =
    [("engagement", ENGAGEMENT_COLUMNS), ("page_view", PAGE_VIEW_COLUMNS)];

impl Rapport {
    /// Tenants that do not keep their history for ever, with the time before which it goes.
    pub(super) async fn tenants_that_forget(&self) -> Result<Vec<(TenantId, Micros)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT id, settings FROM tenant WHERE settings <> '{}'");
        let mut tenants = Vec::new();
        for row in self.store.all(sql).await? {
            let settings: Settings = serde_json::from_str(&get::<String>(&row, 1)?)
                .map_err(|error| Error::Internal(format!("settings: {error}")))?;
            if let Some(days) = settings.history_days {
                tenants.push((get(&row, 0)?, Micros(self.clock.now().0 - i64::from(days) * DAY)));
            }
        }
        Ok(tenants)
    }

    /// Removes the oldest items that happened before `before`; how many, at most 200.
    pub async fn expire_items(&self, tenant: TenantId, before: Micros) -> Result<u64> {
        let mut any = self.store.sql();
        for (n, (table, _)) in TABLES.into_iter().enumerate() {
            any.push(if n == 0 {
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM "
            } else {
                " OR EXISTS (SELECT 1 FROM "
            })
            .push(table);
            any.push(" WHERE tenant = ")
                .bind(tenant)
                .push(" AND occurred_at < ")
                .bind(before)
                .push(")");
        }
        if self.store.one(any).await?.is_none() {
            return Ok(0);
        }
        let now = self.clock.now();
        let (count, ledger) =
            self.store.transact(move |tx| Box::pin(expire(tx, tenant, before, now))).await?;
        self.publish(tenant, &ledger);
        Ok(count)
    }
}

async fn expire(tx: &Tx, tenant: TenantId, before: Micros, now: Micros) -> Result<(u64, Ledger)> {
    let mut ledger = Ledger::new(tenant, now);
    let found = oldest(tx, tenant, before).await?;
    if found.is_empty() {
        return Ok((0, ledger));
    }
    let homes: Vec<CustomerId> =
        found.iter().map(|item| item.home).collect::<BTreeSet<_>>().into_iter().collect();
    let locked =
        Locked::read(tx, &mut ledger, tenant, &homes).await.map_err(|error| match error {
            // Erased since it was read.
            Error::User(_) => Error::Moved,
            error => error,
        })?;
    // Until the homes were locked, others could move the items or take them away.
    let items = oldest(tx, tenant, before).await?;
    if items.iter().any(|item| !ledger.holds(item.home)) {
        return Err(Error::Moved);
    }
    for item in &items {
        ledger.tally(item, -1)?;
        ledger.log(
            ledger.survivor(item.home)?,
            ChangeKind::ItemRemoved,
            Some((item.id, item.kind)),
        )?;
    }
    for home in homes {
        let head = ledger.head_mut(home)?;
        if head.counts.0.is_empty() {
            (head.last_seen, head.last_inbound, head.last_outbound) = (None, None, None);
        }
    }
    for (survivor, homes) in &locked.sides {
        // Nobody (a withheld number) is in no list.
        if survivor.0 != 0 {
            ledger.head_mut(*survivor)?.list_seen = newest(tx, &ledger, tenant, homes).await?;
        }
    }
    for statement in removals(tx, tenant, &items) {
        tx.run(statement).await?;
    }
    tx.run_together(ledger.flush(tx)).await?;
    Ok((items.len() as u64, ledger))
}

async fn oldest(tx: &Tx, tenant: TenantId, before: Micros) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for (table, columns) in TABLES {
        let mut sql = tx.sql();
        sql.push("SELECT ")
            .push(columns)
            .push(" FROM ")
            .push(table)
            .push(" WHERE tenant = ")
            .bind(tenant);
        sql.push(" AND occurred_at < ")
            .bind(before)
            .push(" ORDER BY occurred_at, id LIMIT ")
            .bind(ROWS);
        for row in tx.all(sql).await? {
            items.push(Item::read(&row, 0)?);
        }
    }
    Ok(items)
}

fn removals(tx: &Tx, tenant: TenantId, items: &[Item]) -> Vec<Sql> {
    let mut tables = vec![("comment", "item"), ("engagement", "id"), ("page_view", "id")];
    if !tx.is_postgres() {
        tables.push(("item_words", "rowid"));
    }
    tables
        .into_iter()
        .map(|(table, column)| {
            let mut sql = tx.sql();
            sql.push("DELETE FROM ").push(table).push(" WHERE ");
            if table != "item_words" {
                sql.push("tenant = ").bind(tenant).push(" AND ");
            }
            sql.push(column).among(items.iter().map(|item| item.id.0));
            sql
        })
        .collect()
}
