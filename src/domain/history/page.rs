//! A page of a history: which items are asked for, and how the rows of several homes become one page.

use std::sync::Arc;

use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item::{Item, Line};
use crate::error::{Error, Result};
use crate::ids::{ItemId, Micros};

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
    pub(super) fn of<'a>(
        items: impl Iterator<Item = &'a Arc<Item>>,
        request: &PageRequest,
    ) -> Page {
        let mut items: Vec<Arc<Item>> = items.cloned().collect();
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
    pub(crate) fn parse(lines: Option<&str>, request: &PageRequest) -> Result<Page> {
        Ok(Page::of(parse_items(lines)?.iter(), request))
    }
}

/// Items from a JSON list of their columns.
pub(super) fn parse_items(lines: Option<&str>) -> Result<Vec<Arc<Item>>> {
    let Some(lines) = lines else { return Ok(Vec::new()) };
    let lines: Vec<Line> = serde_json::from_str(lines)
        .map_err(|error| Error::Internal(format!("history: {error}")))?;
    lines.into_iter().map(|line| Item::try_from(line).map(Arc::new)).collect()
}
