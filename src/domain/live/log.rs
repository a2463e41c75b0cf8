//! Reading the change log: of one customer by position, of a tenant in its one order.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::QuerySelect;

use crate::domain::live::FeedCursor;
use crate::domain::live::entry::{COLUMNS, Entry};
use crate::domain::model::item::Item;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, TenantId};
use crate::store::failpoints::failpoint;
use crate::store::row::get;
use crate::store::sql::Sql;

/// Entries read at once.
pub(crate) const BATCH: i64 = 500;

/// What the log of a customer says after a position.
pub(super) enum Read {
    /// The entries, and how far the log reaches.
    Entries(Vec<Entry>, i64),
    /// Some of it was pruned.
    Pruned,
    /// There is no such log (any more).
    Gone,
}

impl Rapport {
    /// Entries of a customer's log after a position, oldest first, at most [`BATCH`].
    pub(super) async fn log_after(
        &self,
        tenant: TenantId,
        customer: CustomerId,
        position: i64,
    ) -> Result<Read> {
        let mut sql = self.store.sql();
        sql.push("SELECT h.floor, h.position, ")
            .push(COLUMNS)
            .push(" FROM customer_head h LEFT JOIN change c ON c.tenant = h.tenant AND c.customer = h.number AND c.position > ");
        sql.bind(position)
            .push(" WHERE h.tenant = ")
            .bind(tenant)
            .push(" AND h.number = ")
            .bind(customer);
        sql.push(" ORDER BY c.position LIMIT ").bind(BATCH);
        let rows = self.store.all(sql).await?;
        let Some(first) = rows.first() else {
            return self.last_word(tenant, customer, position).await;
        };
        if get::<i64>(first, 0)? > position {
            return Ok(Read::Pruned);
        }
        let reach = get(first, 1)?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            if get::<Option<i64>>(row, 3)?.is_some() {
                entries.push(Entry::read(row, 2)?);
            }
        }
        self.fill(tenant, &mut entries, |_| true).await?;
        Ok(Read::Entries(entries, reach))
    }

    /// The head of an erased customer is gone, its log is not.
    async fn last_word(
        &self,
        tenant: TenantId,
        customer: CustomerId,
        position: i64,
    ) -> Result<Read> {
        let mut sql = self.store.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM change c WHERE c.tenant = ")
            .bind(tenant)
            .push(" AND c.customer = ")
            .bind(customer);
        sql.push(" AND c.position > ")
            .bind(position)
            .push(" ORDER BY c.position LIMIT ")
            .bind(BATCH);
        let entries: Vec<Entry> = self
            .store
            .all(sql)
            .await?
            .iter()
            .map(|row| Entry::read(row, 0))
            .collect::<Result<_>>()?;
        match entries.last().map(|entry| entry.position) {
            Some(reach) => Ok(Read::Entries(entries, reach)),
            None => Ok(Read::Gone),
        }
    }

    /// The relink entries of a log after a position.
    pub(super) async fn relinks_after(
        &self,
        tenant: TenantId,
        customer: CustomerId,
        position: i64,
    ) -> Result<Vec<Entry>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ")
            .push(COLUMNS)
            .push(" FROM change c WHERE c.tenant = ")
            .bind(tenant)
            .push(" AND c.customer = ")
            .bind(customer);
        sql.push(" AND c.position > ")
            .bind(position)
            .push(" AND c.other IS NOT NULL ORDER BY c.position");
        self.store.all(sql).await?.iter().map(|row| Entry::read(row, 0)).collect()
    }

    /// Entries of the tenant after a place in the one order, and whether later ones wait for a transaction to end.
    ///
    /// PostgreSQL: (transaction, number), read only below the oldest transaction that is still open, because one that
    /// began earlier may commit later. SQLite has one writer, so that the row number is the order.
    pub(crate) async fn feed_after(
        &self,
        tenant: TenantId,
        place: FeedCursor,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Result<(Vec<Entry>, bool)> {
        let mut sql = self.store.sql();
        sql.push("SELECT ");
        if failpoint("skip-late-commits") {
            sql.push("TRUE, ");
        } else {
            sql.push(&self.store.dialect.below_horizon("c.xid")).push(", ");
        }
        sql.push(COLUMNS).push(" FROM change c WHERE c.tenant = ").bind(tenant);
        sql.push(" AND (c.xid, c.seq) > (")
            .bind(place.xid)
            .push(", ")
            .bind(place.seq)
            .push(") ORDER BY c.xid, c.seq LIMIT ")
            .bind(BATCH);
        let mut entries = Vec::new();
        let mut waiting = false;
        for row in self.store.all(sql).await? {
            if !get::<bool>(&row, 0)? {
                waiting = true;
                break;
            }
            entries.push(Entry::read(&row, 1)?);
        }
        self.fill(tenant, &mut entries, wanted).await?;
        Ok((entries, waiting))
    }

    /// Where the one order stands now: everything after it is news. It is the place of a committed entry (or the floor),
    /// never a transaction's number that is still to be given: after a crash PostgreSQL may give that one again.
    pub async fn feed_cursor(&self, tenant: TenantId) -> Result<FeedCursor> {
        let mut sql = self.store.sql();
        sql.push("SELECT c.xid, c.seq FROM change c WHERE c.tenant = ").bind(tenant);
        sql.push(" AND ").push(&self.store.dialect.below_horizon("c.xid"));
        sql.push(" ORDER BY c.xid DESC, c.seq DESC LIMIT 1");
        let last = match self.store.one(sql).await? {
            Some(row) => (get(&row, 0)?, get(&row, 1)?),
            None => (0, 0),
        };
        let (xid, seq) = last.max(self.feed_floor(tenant).await?);
        Ok(FeedCursor { epoch: self.secret.epoch, xid, seq })
    }

    /// How far the tenant's log was pruned.
    pub(crate) async fn feed_floor(&self, tenant: TenantId) -> Result<(i64, i64)> {
        // Asked with every read of a feed: not the whole row, whose settings may be long.
        let floor = tenant::Entity::of(tenant)
            .select_only()
            .columns([tenant::Column::FloorXid, tenant::Column::FloorSeq]);
        let row = self.store.one(Sql::from_query(self.store.dialect, &floor)).await?;
        let row = row.ok_or_else(|| Error::Internal("no such tenant".into()))?;
        Ok((get(&row, 0)?, get(&row, 1)?))
    }

    /// Survivor and position of a home, if it is there.
    pub(super) async fn standing(
        &self,
        tenant: TenantId,
        home: CustomerId,
    ) -> Result<Option<(CustomerId, i64)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT s.number, s.position FROM customer_head h JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number)");
        sql.push(" WHERE h.tenant = ").bind(tenant).push(" AND h.number = ").bind(home);
        self.store.one(sql).await?.map(|row| Ok((get(&row, 0)?, get(&row, 1)?))).transpose()
    }

    async fn fill(
        &self,
        tenant: TenantId,
        entries: &mut [Entry],
        wanted: impl Fn(&Entry) -> bool,
    ) -> Result<()> {
        let shown = |entry: &Entry| {
            matches!(entry.kind, ChangeKind::ItemAdded | ChangeKind::ItemUpdated) && wanted(entry)
        };
        let ids: Vec<ItemId> =
            entries.iter().filter(|entry| shown(entry)).filter_map(|entry| entry.item_id).collect();
        let items: HashMap<ItemId, Arc<Item>> =
            self.items(tenant, &ids).await?.into_iter().map(|item| (item.id, item)).collect();
        for entry in entries {
            entry.item = entry.item_id.and_then(|id| items.get(&id).cloned());
        }
        Ok(())
    }
}
