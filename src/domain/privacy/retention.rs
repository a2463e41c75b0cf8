//! Retention: items older than the tenant keeps them leave the history as if nobody had recorded them, with their
//! counts, words, comments and files, and live readers are told.

use std::collections::BTreeSet;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::scope::Scope;
use crate::domain::privacy::items::{lock_homes_of_items, take_items};
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Settings;
use crate::domain::write::locks::newest;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::Ending;
use crate::store::row::get;

/// Items of each table in one transaction.
const ROWS: i64 = 100;
const DAY: i64 = 86_400_000_000;
const TABLES: [&str; 2] = ["engagement", "page_view"];

impl Rapport {
    /// Tenants that do not keep their history for ever, with the time before which it goes.
    pub(crate) async fn tenants_that_forget(&self) -> Result<Vec<(TenantId, Micros)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT id, settings FROM tenant WHERE settings <> '{}'");
        let mut tenants = Vec::new();
        for row in self.store.all(sql).await? {
            if let Some(days) = Settings::read(&get::<String>(&row, 1)?)?.history_days {
                tenants.push((get(&row, 0)?, Micros(self.clock.now().0 - i64::from(days) * DAY)));
            }
        }
        Ok(tenants)
    }

    /// Removes the oldest items that happened before `before`; how many, at most 200.
    pub async fn expire_items(&self, tenant: TenantId, before: Micros) -> Result<u64> {
        let mut any = self.store.sql();
        for (n, table) in TABLES.into_iter().enumerate() {
            any.push(if n == 0 {
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM "
            } else {
                " OR EXISTS (SELECT 1 FROM "
            })
            .push(table)
            .push(" WHERE tenant = ")
            .bind(tenant)
            .push(" AND occurred_at < ")
            .bind(before)
            .push(")");
        }
        if self.store.one(any).await?.is_none() {
            return Ok(0);
        }
        let scope = Scope::of_the_worker(tenant);
        let (expired, objects) =
            self.write(&scope, Ending::Commit, &ExpireItems { before }).await?;
        self.remove_objects(tenant, objects).await;
        Ok(expired)
    }
}

/// Removes the oldest items that happened before this time; how many.
struct ExpireItems {
    before: Micros,
}

impl Write for ExpireItems {
    /// How many, and the objects of the files that went with them.
    type Done = (u64, Vec<String>);
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        let found = self.oldest(unit).await?;
        if found.is_empty() {
            return Ok((0, Vec::new()));
        }
        let homes: BTreeSet<CustomerId> = found.iter().map(|item| item.home).collect();
        let locked = lock_homes_of_items(unit, &homes).await?;
        // Until the homes were locked, others could move the items or take them away.
        let items = self.oldest(unit).await?;
        if items.is_empty() {
            return Ok((0, Vec::new()));
        }
        if items.iter().any(|item| !unit.changes.holds(item.home)) {
            return Err(Error::Retry);
        }
        for item in &items {
            unit.changes.tally(item, -1)?;
            let survivor = unit.changes.survivor(item.home)?;
            unit.changes.log(survivor, ChangeKind::ItemRemoved, Some((item.id, item.kind)))?;
        }
        for home in homes {
            let head = unit.changes.head_mut(home)?;
            if head.counts.0.is_empty() {
                (head.last_seen, head.last_inbound, head.last_outbound) = (None, None, None);
            }
        }
        for (survivor, homes) in &locked.sides {
            let newest = newest(unit, homes).await?;
            unit.changes.head_mut(*survivor)?.list_seen = newest;
        }
        let objects = take_items(unit, &items).await?;
        Ok((items.len() as u64, objects))
    }
}

impl ExpireItems {
    async fn oldest(&self, unit: &UnitOfWork<'_>) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for (table, columns) in Columns::ALL.of_tables() {
            let mut sql = unit.sql();
            sql.push("SELECT ")
                .add(columns)
                .push(" FROM ")
                .push(table)
                .push(" WHERE tenant = ")
                .bind(unit.tenant())
                .push(" AND occurred_at < ")
                .bind(self.before)
                .push(" ORDER BY occurred_at, id LIMIT ")
                .bind(ROWS);
            for row in unit.all(sql).await? {
                items.push(Item::read(&row, 0)?);
            }
        }
        Ok(items)
    }
}
