//! Retention: items older than the tenant keeps them leave the history as if nobody had recorded them, with their
//! counts, words, comments and files, and live readers are told.

use std::collections::BTreeSet;

use sea_orm::QueryFilter;

use crate::domain::file::{FilesOf, TakenFiles, take_files};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Settings;
use crate::domain::write::locks::{LockedCustomers, newest};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::entity::{comment, engagement, page_view};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::{Sql, among};

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
        let locked = lock(unit, &homes).await?;
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
        let files = files(unit, &items).await?;
        delete(unit, &items);
        Ok((items.len() as u64, files.objects))
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

/// Locks the customers to whom these homes belong. Nobody (of withheld numbers) has a head, but is no customer.
async fn lock(unit: &mut UnitOfWork<'_>, homes: &BTreeSet<CustomerId>) -> Result<LockedCustomers> {
    if homes.contains(&NOBODY) {
        unit.lock([NOBODY]).await?;
    }
    let customers: Vec<CustomerId> = homes.iter().copied().filter(|home| *home != NOBODY).collect();
    LockedCustomers::read(unit, &customers).await.map_err(|error| match error {
        // Erased since it was read.
        Error::User(_) => Error::Retry,
        error => error,
    })
}

/// Takes the files of these items.
async fn files(unit: &mut UnitOfWork<'_>, items: &[Item]) -> Result<TakenFiles> {
    let has_parts = |item: &&Item| item.engagement().is_some_and(|it| !it.data.parts.is_empty());
    let items: Vec<ItemId> = items.iter().filter(has_parts).map(|item| item.id).collect();
    if items.is_empty() {
        return Ok(TakenFiles::default());
    }
    take_files(unit, FilesOf::Items(&items)).await
}

/// Deletes these items, their words and their comments.
fn delete(unit: &mut UnitOfWork<'_>, items: &[Item]) {
    let (dialect, tenant) = (unit.dialect(), unit.tenant());
    let ids = || items.iter().map(|item| item.id.0);
    let comments =
        comment::Entity::delete_of(tenant).filter(among(dialect, comment::Column::Item, ids()));
    let engagements =
        engagement::Entity::delete_of(tenant).filter(among(dialect, engagement::Column::Id, ids()));
    let page_views =
        page_view::Entity::delete_of(tenant).filter(among(dialect, page_view::Column::Id, ids()));
    let mut threads = unit.sql();
    threads.push("DELETE FROM mail_thread WHERE tenant = ").bind(tenant);
    threads.push(" AND item").among(ids());
    unit.push(threads);
    unit.push(Sql::from_query(dialect, &comments));
    unit.push(Sql::from_query(dialect, &engagements));
    unit.push(Sql::from_query(dialect, &page_views));
    if !dialect.is_postgres() {
        let mut words = unit.sql();
        words.push("DELETE FROM item_words WHERE rowid").among(ids());
        unit.push(words);
    }
}
