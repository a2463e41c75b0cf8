//! A page of a history: which items are asked for, and how the rows of several homes become one page.

use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::item_line::Line;
use crate::error::Result;
use crate::ids::{ItemId, Micros};
use crate::store::lines::selected_lines;

/// Where an item stands in the order of a history: where a page begins.
pub type ItemPlace = (Micros, ItemId);

/// Which page of which items.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PageRequest {
    pub filter: HistoryFilter,
    pub limit: u64,
    /// Older than this.
    pub after: Option<ItemPlace>,
    /// Newer than this.
    pub before: Option<ItemPlace>,
    /// The last of the range instead of the first.
    pub backwards: bool,
    /// What of each item is read.
    pub columns: Columns,
}

/// A page, newest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    pub items: Vec<Arc<Item>>,
    /// More in the direction of paging.
    pub more: bool,
}

impl Page {
    /// One page out of the rows of several homes.
    pub(super) fn of(mut items: Vec<Arc<Item>>, request: &PageRequest) -> Page {
        let place = |item: &Arc<Item>| -> ItemPlace { (item.occurred_at, item.id) };
        if request.backwards {
            items.sort_unstable_by_key(|item| place(item));
        } else {
            items.sort_unstable_by_key(|item| std::cmp::Reverse(place(item)));
        }
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        if request.backwards {
            items.reverse();
        }
        Page { items, more }
    }

    /// The page that [`column`](crate::domain::history::page_sql::column) brought.
    pub(crate) fn read(row: &QueryResult, at: usize, request: &PageRequest) -> Result<Page> {
        Ok(Page::of(read_items(row, at, request.columns)?, request))
    }
}

/// The items of a statement's lines.
pub(super) fn read_items(row: &QueryResult, at: usize, columns: Columns) -> Result<Vec<Arc<Item>>> {
    let lines: Vec<Line> = selected_lines(row, at, columns.selected())?;
    lines.into_iter().map(|line| Item::try_from(line).map(Arc::new)).collect()
}
