//! A customer's newest items as one row that was prepared, and what its log added since.
//!
//! Items lie scattered over their tables in the order in which they were recorded: a page of them is fifty places, the
//! prepared row one. It tells the log position up to which it knows what happened; what was added after that, the log
//! names. Whatever else happens to a customer's items takes the row away, in the same transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sea_orm::{QueryResult, Value};

use crate::domain::history::page::{Page, PageRequest};
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::item_line::unpack;
use crate::domain::rapport::Rapport;
use crate::domain::write::prepared_rows::Prepared;
use crate::entity::kinds::ChangeKind;
use crate::entity::newest_items;
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, TenantId};
use crate::store::row::{get, maybe};
use crate::store::sql::{CellType, Sql};

/// How many items a row holds: a page of fifty, and one that tells whether there are more.
pub(super) const ITEMS: u64 = 51;
/// How many of them stand by themselves, for lists that show five.
pub(super) const FIRST: usize = 6;
/// A row that is further behind is not read: fifty places would cost less than what was added since.
const BEHIND: i64 = 40;

impl PageRequest {
    /// Whether the prepared row holds it.
    pub(crate) fn is_newest(&self) -> bool {
        self.filter.is_open()
            && self.after.is_none()
            && self.before.is_none()
            && !self.backwards
            && self.limit < ITEMS
    }
}

/// A row that was prepared.
pub(crate) struct Newest {
    /// The log position up to which it knows what happened.
    pub position: i64,
    items: Vec<Arc<Item>>,
}

/// Adds the join to the row `r` of the survivor `s`, as far as it can be relied on.
pub(crate) fn join(sql: &mut Sql) {
    sql.push(" LEFT JOIN newest_items r ON r.tenant = s.tenant AND r.customer = s.number AND r.position >= s.floor AND r.position >= s.position - ");
    sql.add(BEHIND);
}

/// How many columns the row takes: [`columns`].
pub(crate) const WIDTH: usize = 3;

/// Adds the columns for [`read`]. Not put together: PostgreSQL takes longer for that than to send them.
pub(crate) fn columns(sql: &mut Sql, request: &PageRequest) {
    sql.push("r.position, r.newest, ");
    sql.push(if request.limit < FIRST as u64 { "NULL" } else { "r.further" });
}

/// The row of [`columns`]; nothing where there is none to rely on.
pub(crate) fn read(row: &QueryResult, at: usize, columns: Columns) -> Result<Option<Newest>> {
    let Some(position) = maybe(row, at)? else { return Ok(None) };
    let mut items = Vec::new();
    for at in [at + 1, at + 2] {
        if let Some(packed) = maybe::<Vec<u8>>(row, at)? {
            unpack(&packed, columns, &mut items)?;
        }
    }
    Ok(Some(Newest { position, items }))
}

/// Items that were added to customers.
pub(crate) type Added = HashMap<CustomerId, Vec<Arc<Item>>>;

impl Newest {
    /// How many items were read of it.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The page, with what was added since.
    pub fn page(self, added: Option<Vec<Arc<Item>>>, request: &PageRequest) -> Page {
        let mut items = self.items;
        for item in added.into_iter().flatten() {
            if items.iter().all(|known| known.id != item.id) {
                items.push(item);
            }
        }
        Page::of(items, request)
    }
}

impl Rapport {
    /// What was added to customers after these positions of their logs. Those are left out to whom something else happened
    /// in between.
    pub(crate) async fn added_after(
        &self,
        tenant: TenantId,
        positions: &[(CustomerId, i64)],
    ) -> Result<Added> {
        if positions.is_empty() {
            return Ok(Added::new());
        }
        let rows: Vec<Vec<Value>> = positions
            .iter()
            .map(|(customer, position)| vec![customer.0.into(), (*position).into()])
            .collect();
        let mut sql = self.store.sql();
        sql.push("SELECT d.customer, d.kind, d.item, d.position - v.column2 FROM ")
            .rows(&[CellType::Big; 2], &rows);
        sql.push(" AS v CROSS JOIN change d WHERE d.customer = v.column1 AND d.position > v.column2 AND d.tenant = ")
            .bind(tenant);
        let mut ids: HashMap<ItemId, CustomerId> = HashMap::new();
        let (mut spoiled, mut followed) = (HashSet::new(), HashSet::new());
        for row in self.store.all(sql).await? {
            let (customer, kind) = (get(&row, 0)?, get::<ChangeKind>(&row, 1)?);
            if newest_items::Entity::is_spoiled_by(kind, None) {
                spoiled.insert(customer);
            }
            // The log may have been pruned since the row was read: then its next entry is gone.
            if get::<i64>(&row, 3)? == 1 {
                followed.insert(customer);
            }
            if kind == ChangeKind::ItemAdded {
                ids.extend(maybe::<i64>(&row, 2)?.map(|id| (ItemId(id), customer)));
            }
        }
        let whole = positions
            .iter()
            .filter(|(customer, _)| followed.contains(customer) && !spoiled.contains(customer));
        let mut added: Added = whole.map(|(customer, _)| (*customer, Vec::new())).collect();
        let wanted: Vec<ItemId> = ids.keys().copied().collect();
        for item in self.items(tenant, &wanted).await? {
            if let Some(items) = ids.get(&item.id).and_then(|customer| added.get_mut(customer)) {
                items.push(item);
            }
        }
        Ok(added)
    }
}
