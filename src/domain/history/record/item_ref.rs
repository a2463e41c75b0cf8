//! How a caller names an item of the history: by its id, or by the source that recorded it and its own id there.

use crate::domain::history::record::details::Details;
use crate::domain::history::record::fields::{SHORT, SOURCE};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::HistoryKind;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, ItemId};
use crate::store::row::{get, kind};

/// Which item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ItemRef {
    Id(ItemId),
    Source { source: String, source_id: String },
}

impl ItemRef {
    /// The source and its id as recording keeps them.
    pub(super) fn as_recorded(&self) -> ItemRef {
        match self {
            ItemRef::Id(id) => ItemRef::Id(*id),
            ItemRef::Source { source, source_id } => {
                let mut details = Details::default();
                let mut key =
                    |text: &str, most| details.key(Some(text), most, &[]).unwrap_or_default();
                ItemRef::Source { source: key(source, SOURCE), source_id: key(source_id, SHORT) }
            }
        }
    }
}

/// Where an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FoundItem {
    pub id: ItemId,
    pub home: CustomerId,
    pub kind: HistoryKind,
}

/// The item that is named, whatever its table. One that is not there is an error without a path: the caller knows which of
/// its arguments named it.
pub(crate) async fn find_item(unit: &UnitOfWork<'_>, item: &ItemRef) -> Result<FoundItem> {
    let item = item.as_recorded();
    let mut sql = unit.sql();
    for (n, (columns, table)) in
        [("id, home, kind", "engagement"), ("id, home, CAST(4 AS SMALLINT)", "page_view")]
            .into_iter()
            .enumerate()
    {
        sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " }).push(columns);
        sql.push(" FROM ").push(table).push(" WHERE tenant = ").bind(unit.tenant());
        match &item {
            ItemRef::Id(id) => sql.push(" AND id = ").bind(*id),
            ItemRef::Source { source, source_id } => sql
                .push(" AND source = ")
                .bind(source.clone())
                .push(" AND source_id = ")
                .bind(source_id.clone()),
        };
    }
    let rows = unit.all(sql).await?;
    match &rows[..] {
        [] => Err(UserError::not_found("there is no such history item").into()),
        [row] => {
            let kind = kind(get::<i16>(row, 2)?.into(), HistoryKind::from_number)?;
            Ok(FoundItem { id: get(row, 0)?, home: get(row, 1)?, kind })
        }
        // Page views have a space of (source, sourceId) of their own.
        _ => Err(ambiguous().into()),
    }
}

fn ambiguous() -> UserError {
    let message = "this source and sourceId name a page view and another item: name it by its id";
    UserError::new(UserErrorCode::Conflict, message)
}
