//! Several statements as one: PostgreSQL's data-modifying WITH.

use crate::error::Error;
use crate::store::dialect::Dialect;
use crate::store::sql::Sql;
use crate::store::sql_state::sql_state;

/// An update that must touch so many rows: where one of them is not any more what it was when it was looked at, nothing of
/// what comes with the update is done either, and the transaction is tried again.
#[derive(Clone, Debug)]
pub struct Held {
    pub update: Sql,
    /// What the others may read of each row, on PostgreSQL: of the relation `held`.
    pub returning: &'static str,
    pub rows: u64,
}

/// What PostgreSQL says in its log where [`Held`] fails: it is no number.
const MOVED: &str = "somebody else wrote to a customer meanwhile: rapport tries again";

/// What stands in the last SELECT is done first, the statements that it does not name after it: where `held` does not touch
/// all of its rows, nothing else is done.
pub(super) fn together(dialect: Dialect, held: Option<Held>, statements: Vec<Sql>) -> Sql {
    let mut all = Sql::new(dialect);
    let mut rows = None;
    if let Some(held) = held {
        all.push("WITH held AS (").push(&held.update.text);
        all.push(" RETURNING ").push(held.returning).push(")");
        all.values = held.update.values;
        rows = Some(i64::try_from(held.rows).unwrap_or(i64::MAX));
    }
    for (n, statement) in statements.into_iter().enumerate() {
        all.push(if all.text.is_empty() { "WITH w" } else { ", w" });
        all.push(&n.to_string()).push(" AS (");
        let shifted = shift(&statement.text, all.values.len());
        all.push(&shifted).push(")");
        all.values.extend(statement.values);
    }
    match rows {
        None => all.push(" SELECT 1"),
        Some(rows) => all
            .push(" SELECT CAST(CASE WHEN (SELECT COUNT(*) FROM held) = ")
            .bind(rows)
            .push(" THEN '1' ELSE '")
            .push(MOVED)
            .push("' END AS BIGINT)"),
    };
    all
}

/// The error where an update did not hold all of its rows.
pub(super) fn moved(error: Error, holds: bool) -> Error {
    match &error {
        Error::Store(store) if holds && sql_state(store).as_deref() == Some("22P02") => {
            Error::Retry
        }
        _ => error,
    }
}

/// Parameter numbers moved up. Our own texts hold `$` only before parameters.
fn shift(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: usize = rest[..digits].parse().unwrap_or(0);
        out.push_str(&(number + by).to_string());
        rest = &rest[digits..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::store::together::shift;

    #[test]
    fn parameters_are_moved_up_by_number() {
        assert_eq!(shift("a = $1 AND b = $12 OR c = $2", 3), "a = $4 AND b = $15 OR c = $5");
    }
}
