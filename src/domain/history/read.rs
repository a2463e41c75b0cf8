//! One history: engagements and page views of a customer in one order, newest first, read over its homes.
//!
//! For each home the newest n+1 after the cursor come from its index; they are merged and cut. What a page costs depends
//! on the page and on the number of homes, not on how long the history is.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::domain::history::page::{Page, PageRequest, read_items};
use crate::domain::history::page_sql;
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

impl Rapport {
    /// A page of each customer's history, in the order of the customers; each with all its homes.
    pub async fn histories(
        &self,
        tenant: TenantId,
        customers: &[Vec<CustomerId>],
        request: &PageRequest,
    ) -> Result<Vec<Page>> {
        let homes: BTreeSet<CustomerId> = customers.iter().flatten().copied().collect();
        let homes: Vec<CustomerId> = homes.into_iter().collect();
        let of_one = customers.len() == 1;
        let indexed = of_one && self.store.dialect.is_postgres();
        if let (true, Some(words)) = (indexed, request.words()) {
            let wanted = request.by_words(tenant, Some(&homes), &words);
            return Ok(vec![self.page_by_words(&wanted, request).await?]);
        }
        let mut items = Vec::new();
        for sql in page_sql::pages(self.store.dialect, tenant, &homes, of_one, request) {
            items.extend(self.items_of(sql, request.columns).await?);
        }
        if of_one {
            return Ok(vec![Page::of(items, request)]);
        }
        let mut by_home: HashMap<CustomerId, Vec<Arc<Item>>> = HashMap::new();
        for item in items {
            by_home.entry(item.home).or_default().push(item);
        }
        let page = |homes: &Vec<CustomerId>| {
            let items = homes.iter().filter_map(|home| by_home.get(home)).flatten();
            Page::of(items.cloned().collect(), request)
        };
        Ok(customers.iter().map(page).collect())
    }

    /// The tenant's latest.
    pub async fn latest(&self, tenant: TenantId, request: &PageRequest) -> Result<Page> {
        if let Some(words) = request.words() {
            return self.page_by_words(&request.by_words(tenant, None, &words), request).await;
        }
        let sql = page_sql::latest(self.store.dialect, tenant, request);
        Ok(Page::of(self.items_of(sql, request.columns).await?, request))
    }

    /// The items that a page's statement brings.
    async fn items_of(&self, sql: Sql, columns: Columns) -> Result<Vec<Arc<Item>>> {
        let row = self.store.one(sql).await?;
        row.map_or_else(|| Ok(Vec::new()), |row| read_items(&row, 0, columns))
    }

    /// How many there are, counted no further than `most`.
    pub async fn count_history(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
        filter: &HistoryFilter,
        most: u64,
    ) -> Result<u64> {
        self.count_items(tenant, Some(homes), filter, most).await
    }

    /// How many the tenant has, counted no further than `most`.
    pub async fn count_latest(
        &self,
        tenant: TenantId,
        filter: &HistoryFilter,
        most: u64,
    ) -> Result<u64> {
        self.count_items(tenant, None, filter, most).await
    }

    async fn count_items(
        &self,
        tenant: TenantId,
        homes: Option<&[CustomerId]>,
        filter: &HistoryFilter,
        most: u64,
    ) -> Result<u64> {
        // A page is asked for one row more than it has, and here each of the two tables is.
        let (filter, limit) = (filter.clone(), most.saturating_sub(1));
        let columns = Columns::KEY;
        let request = PageRequest { filter, limit, columns, ..PageRequest::default() };
        // SQLite counts one customer's items as it reads them.
        let indexed = homes.is_none() || self.store.dialect.is_postgres();
        if let (true, Some(words)) = (indexed, request.words()) {
            return self.count_by_words(&request.by_words(tenant, homes, &words)).await;
        }
        let row =
            self.store.one(page_sql::count(self.store.dialect, tenant, homes, &request)).await?;
        let found = row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs();
        Ok(found.min(most))
    }
}
