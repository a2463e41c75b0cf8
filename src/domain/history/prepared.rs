//! A customer's newest items as one row that was prepared, and what its log added since.
//!
//! Items lie scattered over their tables in the order in which they were recorded: a page of them is fifty places, the
//! prepared row one. Writers do not keep it. It tells the log position up to which it knows what happened; what was added
//! after that, the log names. Whatever else happens to a customer's items takes the row away, in the same transaction.

use sea_orm::QueryResult;

use crate::domain::history::page::{Page, PageRequest};
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::model::item_line::Line;
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result};
use crate::store::row::maybe;
use crate::store::sql::Sql;

/// How many items a row holds: a page of fifty, and one that tells whether there are more.
pub(super) const ITEMS: u64 = 51;
/// How many of them stand by themselves, for lists that show five.
pub(super) const FIRST: u64 = 6;
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

/// The row of the survivor `s`, as far as it can be relied on.
const ROW: &str = "FROM newest_items r WHERE r.tenant = s.tenant AND r.customer = s.number AND r.position >= s.floor AND s.position - r.position <= ";

/// Adds one column for [`read`]: nothing where no row can be relied on.
pub(super) fn column(sql: &mut Sql, request: &PageRequest) {
    sql.push("(SELECT r.position || ':[' || r.newest");
    if request.limit >= FIRST {
        sql.push(" || r.further");
    }
    sql.push(" || CASE WHEN r.position < s.position THEN COALESCE(',' || ");
    sql.listed_lines(Columns::ALL.places(), |sql| {
        let tenant = sql.dialect.tenant_beside_ids();
        for (n, (table, columns)) in Columns::ALL.of_tables().into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " }).add(columns);
            sql.push(&format!(" FROM {table} WHERE {tenant} = s.tenant AND id IN "));
            sql.push("(SELECT d.item FROM change d WHERE d.tenant = s.tenant AND d.customer = s.number AND d.position > r.position AND d.kind = ");
            sql.add(ChangeKind::ItemAdded.number()).push(")");
        }
    });
    sql.push(", '') ELSE '' END || ']' ").push(ROW).add(BEHIND).push(")");
}

/// Adds the condition that [`column`] tells nothing.
pub(super) fn missing(sql: &mut Sql) {
    sql.push("NOT EXISTS (SELECT 1 ").push(ROW).add(BEHIND).push(")");
}

/// The page of [`column`], and the position of the row.
pub(crate) fn read(
    row: &QueryResult,
    at: usize,
    request: &PageRequest,
) -> Result<Option<(Page, i64)>> {
    let Some(cell) = maybe::<String>(row, at)? else { return Ok(None) };
    let unreadable = |why: &str| Error::Internal(format!("newest_items: {why}"));
    let (position, lines) = cell.split_once(':').ok_or_else(|| unreadable("no position"))?;
    let position = position.parse().map_err(|_| unreadable("no position"))?;
    let lines: Vec<Line> =
        serde_json::from_str(lines).map_err(|error| unreadable(&error.to_string()))?;
    let items = lines.into_iter().map(|line| Item::try_from(line).map(Into::into));
    Ok(Some((Page::of(items.collect::<Result<_>>()?, request), position)))
}
