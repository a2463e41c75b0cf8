//! An entry of the change log, as its readers see it.

use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::model::item::Item;
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros};
use crate::store::row::get;

/// One entry, with the item it is about.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub xid: i64,
    pub seq: i64,
    pub customer: CustomerId,
    pub position: i64,
    pub kind: ChangeKind,
    pub item_id: Option<ItemId>,
    pub item_kind: Option<HistoryKind>,
    pub other: Option<(CustomerId, i64)>,
    pub homes: Vec<CustomerId>,
    /// When it was written.
    pub at: Micros,
    /// As it was when the entry was read; none where it is gone, or was not wanted.
    pub item: Option<Arc<Item>>,
}

/// The columns of an entry, of a `change` that the statement calls `c`.
pub(super) const COLUMNS: &str = "c.xid, c.seq, c.customer, c.position, c.kind, c.item, c.item_kind, c.other, c.other_position, c.detail, c.at";

impl Entry {
    /// Where a reader of this root goes on, if this entry moves it to another log. Both sides of a merge have an entry
    /// that names the same homes: the one in the log that the homes leave is the one to follow.
    pub(super) fn leads(&self, root: CustomerId) -> Option<(CustomerId, i64)> {
        let leaves = self.homes.contains(&self.customer) == (self.kind == ChangeKind::Merged);
        self.other.filter(|_| leaves && self.homes.contains(&root))
    }

    pub(super) fn read(row: &QueryResult, at: usize) -> Result<Entry> {
        let homes = match get::<Option<String>>(row, at + 9)? {
            Some(json) => serde_json::from_str(&json)
                .map_err(|error| Error::Internal(format!("change.detail: {error}")))?,
            None => Vec::new(),
        };
        Ok(Entry {
            xid: get(row, at)?,
            seq: get(row, at + 1)?,
            customer: get(row, at + 2)?,
            position: get(row, at + 3)?,
            kind: get(row, at + 4)?,
            item_id: get(row, at + 5)?,
            item_kind: get(row, at + 6)?,
            other: get::<Option<CustomerId>>(row, at + 7)?.zip(get(row, at + 8)?),
            homes,
            at: get(row, at + 10)?,
            item: None,
        })
    }
}
