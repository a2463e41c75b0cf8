//! What a write owes to readers and to the audit: checked before it commits, in every build. A write that leaves one of
//! them out altogether fails and leaves nothing behind; that it logs the right customer is for its own tests to show.

use std::collections::BTreeSet;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::write::customer_changes::CustomerChanges;
use crate::error::{Error, Result};
use crate::store::sql::Sql;

/// Tables whose rows a customer's page shows: whoever writes them takes a new position of that customer.
const LOGGED: &[&str] =
    &["comment", "contact", "customer", "engagement", "merge_edge", "page_view"];
/// Tables by which search finds people: new rows bring their search rows.
const SEARCHED: &[&str] = &["identity"];

/// What a statement does to a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Verb {
    Insert,
    Update,
    Delete,
}

/// What a unit of work has written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    tables: BTreeSet<(Verb, String)>,
    search_rows: bool,
}

impl Written {
    /// Notes the table that a statement writes; one that only reads says nothing.
    pub(super) fn note(&mut self, text: &str) {
        self.tables.extend(target(text).map(|(verb, table)| (verb, table.to_string())));
    }

    /// Notes rows that a statement with `RETURNING` turned out to have inserted.
    pub(super) fn note_inserted(&mut self, table: &str) {
        self.tables.insert((Verb::Insert, table.to_string()));
    }

    /// Notes whether search rows were gathered.
    pub(super) fn note_search_rows(&mut self, any: bool) {
        self.search_rows |= any;
    }

    pub(super) fn check(
        &self,
        audit: Option<AuditAction>,
        changes: &CustomerChanges,
    ) -> Result<()> {
        let forgotten = |what: &str| Err(Error::Internal(format!("a write forgot {what}")));
        for (_, table) in &self.tables {
            if LOGGED.contains(&table.as_str()) && !changes.logged() {
                return forgotten(&format!("the change log: it wrote {table}"));
            }
        }
        for (verb, table) in &self.tables {
            if *verb == Verb::Insert && SEARCHED.contains(&table.as_str()) && !self.search_rows {
                return forgotten(&format!("the search rows: it inserted {table}"));
            }
        }
        let wrote = changes.logged() || !self.tables.is_empty();
        let audited = self.tables.contains(&(Verb::Insert, "audit".to_string()));
        match audit {
            Some(action) if wrote && !audited => {
                forgotten(&format!("the audit log: {}", action.name()))
            }
            None if audited => forgotten("to declare what it audits"),
            _ => Ok(()),
        }
    }
}

/// Refuses a statement that writes where only reads are noted.
pub(super) fn only_reads(sql: &Sql) -> Result<()> {
    match target(&sql.text) {
        None => Ok(()),
        Some((_, table)) => Err(Error::Internal(format!("{table} is written by a read"))),
    }
}

/// The table that a statement of ours writes.
///
/// None of ours begins with `WITH` and writes: what runs together is joined below the unit of work.
fn target(text: &str) -> Option<(Verb, &str)> {
    let verbs =
        [(Verb::Insert, "INSERT INTO "), (Verb::Update, "UPDATE "), (Verb::Delete, "DELETE FROM ")];
    let (verb, rest) =
        verbs.iter().find_map(|(verb, word)| Some((*verb, text.strip_prefix(word)?)))?;
    let rest = rest.trim_start_matches('"');
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some((verb, &rest[..end]))
}

#[cfg(test)]
mod tests {
    use crate::domain::write::obligations::{Verb, target};

    #[test]
    fn the_table_that_a_statement_writes_is_read_off_its_text() {
        let cases = [
            ("INSERT INTO comment (tenant) SELECT 1", Some((Verb::Insert, "comment"))),
            (
                "INSERT INTO \"page_view\" (\"tenant\") VALUES ($1)",
                Some((Verb::Insert, "page_view")),
            ),
            ("UPDATE customer SET name = $1", Some((Verb::Update, "customer"))),
            ("DELETE FROM search_term WHERE tenant = $1", Some((Verb::Delete, "search_term"))),
            ("SELECT 1 FROM comment", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(target(text), wanted, "{text}");
        }
    }
}
