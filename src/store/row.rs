//! Cells of a row, each type read in one place.

use sea_orm::QueryResult;
use sea_orm::sqlx::{Decode, Postgres, Row, Sqlite, Type};

use crate::error::{Error, Result};

/// A cell by its place, read straight from the driver's row: SeaORM looks at its type first, and makes an error, with its
/// text, for each that is empty.
pub fn get<T>(row: &QueryResult, at: usize) -> Result<T>
where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
{
    let value = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => row.try_get_unchecked(at),
        (_, Some(row)) => row.try_get_unchecked(at),
        (None, None) => return Err(Error::Internal("a row of an unknown store".into())),
    };
    value.map_err(|error| Error::Internal(format!("a cell that cannot be read: {error}")))
}

/// A cell that may be empty.
pub fn maybe<T>(row: &QueryResult, at: usize) -> Result<Option<T>>
where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
{
    get(row, at)
}

/// A number of a closed vocabulary.
pub fn kind<T>(number: i32, from: fn(i16) -> Option<T>) -> Result<T> {
    i16::try_from(number)
        .ok()
        .and_then(from)
        .ok_or_else(|| Error::Internal(format!("the store holds an unknown kind {number}")))
}
