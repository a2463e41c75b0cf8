//! Many rows in one cell: what [`Sql::lines`](crate::store::sql::Sql::lines) selects, read by serde from a JSON list of
//! lists (SQLite) or from an array of records (PostgreSQL). A driver's row costs more than what is in it.

use sea_orm::QueryResult;
use sea_orm::sqlx::{Row, ValueRef};
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::store::records;
pub use crate::store::records::Selected;
use crate::store::row::maybe;

/// All of them.
const ALL: Selected = Selected::MAX;

/// The lines in a cell; none where it is empty.
pub fn lines<T: DeserializeOwned>(row: &QueryResult, at: usize) -> Result<Vec<T>> {
    selected_lines(row, at, ALL)
}

/// The same where not all columns were selected.
pub fn selected_lines<T: DeserializeOwned>(
    row: &QueryResult,
    at: usize,
    selected: Selected,
) -> Result<Vec<T>> {
    let unreadable = |why: &dyn std::fmt::Display| Error::Internal(format!("lines: {why}"));
    let Some(row) = row.try_as_pg_row() else {
        return match maybe::<String>(row, at)? {
            Some(json) => serde_json::from_str(&json).map_err(|error| unreadable(&error)),
            None => Ok(Vec::new()),
        };
    };
    let cell = row.try_get_raw(at).map_err(|error| unreadable(&error))?;
    if cell.is_null() {
        return Ok(Vec::new());
    }
    let bytes = cell.as_bytes().map_err(|error| unreadable(&error))?;
    records::read(bytes, selected).map_err(|error| unreadable(&error))
}

/// The lines of several rows that have them in their first cell.
pub fn all_lines<T: DeserializeOwned>(rows: &[QueryResult]) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for row in rows {
        all.extend(lines(row, 0)?);
    }
    Ok(all)
}
