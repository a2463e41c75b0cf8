//! Everything held about a person, as one document, and an entry in the audit log that says so.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::audit::detail_with_ids;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::{
    Channel, CustomerStatus, Direction, HistoryKind, IdentityKind, LifecycleStage, LinkPrecedence,
    LinkRule, ReviewState, Verification,
};
use crate::entity::table::Table;
use crate::entity::{
    audit, comment, contact, customer, engagement, identity, keep_apart, link_evidence,
    link_review, merge_edge, page_view,
};
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, IdKind, Micros, TenantId, opaque_id, opaque_ids};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::Sql;

/// A table's part of the document: its key, the table with its columns, and how its rows are found.
struct Part {
    key: &'static str,
    table: fn() -> Columns,
    by: FoundBy,
}

/// A table's name and columns.
type Columns = (&'static str, Vec<&'static str>);

enum FoundBy {
    /// A column that holds one of the homes.
    Home(&'static str),
    /// Two columns, one of which holds one of the homes.
    Homes(&'static str, &'static str),
    /// The two ends of a piece of evidence.
    Identities,
    /// A JSON list of homes.
    List(&'static str),
}

/// What the document leaves out: whose it is, and what is derived from other columns.
const LEFT_OUT: [&str; 4] = ["tenant", "name_key", "match_key", "pair"];

const PARTS: &[Part] = &[
    Part { key: "customers", table: columns::<customer::Entity>, by: FoundBy::Home("number") },
    Part { key: "contacts", table: columns::<contact::Entity>, by: FoundBy::Home("home") },
    Part { key: "identities", table: columns::<identity::Entity>, by: FoundBy::Home("home") },
    Part { key: "evidence", table: columns::<link_evidence::Entity>, by: FoundBy::Identities },
    Part { key: "merges", table: columns::<merge_edge::Entity>, by: FoundBy::Homes("a", "b") },
    Part { key: "keptApart", table: columns::<keep_apart::Entity>, by: FoundBy::Homes("a", "b") },
    Part { key: "reviews", table: columns::<link_review::Entity>, by: FoundBy::List("homes") },
    Part { key: "engagements", table: columns::<engagement::Entity>, by: FoundBy::Home("home") },
    Part { key: "pageViews", table: columns::<page_view::Entity>, by: FoundBy::Home("home") },
    Part { key: "comments", table: columns::<comment::Entity>, by: FoundBy::Home("home") },
    Part { key: "audit", table: columns::<audit::Entity>, by: FoundBy::Home("customer") },
];

fn columns<E: Table>() -> Columns {
    let shape = E::shape();
    let columns = shape.columns.iter().map(|(_, name, _)| *name);
    (shape.table, columns.filter(|name| !LEFT_OUT.contains(name)).collect())
}

impl Rapport {
    /// Everything held about a customer, with all its homes. The audit log says so first. Each table is read by itself:
    /// what is written meanwhile may be in one and not in another. Ids are those that the API knows things by.
    pub async fn export_customer(&self, scope: &Scope, customer: CustomerId) -> Result<Json> {
        let tenant = scope.tenant;
        let homes: BTreeSet<CustomerId> =
            self.homes_of(tenant, customer).await?.into_iter().collect();
        let Some(survivor) = homes.first() else {
            return Err(UserError::not_found("no such customer").into());
        };
        self.write(scope, Ending::Commit, &NoteExport { homes: &homes }).await?;
        let id = |home: &CustomerId| json!(opaque_id(IdKind::Customer, tenant, home.0));
        let mut document = Map::new();
        document.insert("customer".into(), id(survivor));
        document.insert("homes".into(), homes.iter().map(id).collect());
        document.insert("exportedAt".into(), time(self.clock.now()));
        for part in PARTS {
            let (table, columns) = (part.table)();
            let select = part.by.select(self.store.sql(), tenant, &homes, table, &columns);
            let row = |row| -> Result<Json> {
                let cells: Vec<Json> = serde_json::from_str(&get::<String>(row, 0)?)
                    .map_err(|error| Error::Internal(format!("export: {error}")))?;
                let cells = columns.iter().zip(cells);
                let fields = cells.map(|(column, cell)| {
                    (key(column), with_ids(tenant, table, column, plain(table, column, cell)))
                });
                Ok(fields.collect::<Map<_, _>>().into())
            };
            let rows: Vec<Json> =
                self.store.all(select).await?.iter().map(row).collect::<Result<_>>()?;
            document.insert(part.key.into(), rows.into());
        }
        Ok(document.into())
    }
}

/// Says in the audit log that everything held about the customer of these homes is handed out.
struct NoteExport<'a> {
    homes: &'a BTreeSet<CustomerId>,
}

impl Write for NoteExport<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = Some(AuditAction::Export);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let detail = json!({ "homes": self.homes });
        unit.audit(AuditAction::Export, self.homes.first().copied(), &detail);
        Ok(())
    }
}

impl FoundBy {
    /// Each row as one JSON list of these columns, in the order of the first two: they hold the rest of the primary key.
    fn select(
        &self,
        mut sql: Sql,
        tenant: TenantId,
        homes: &BTreeSet<CustomerId>,
        table: &str,
        columns: &[&str],
    ) -> Sql {
        let dialect = sql.dialect;
        let list = || homes.iter().map(|home| home.0);
        sql.push("SELECT ")
            .push(&dialect.json_list(&columns.join(", ")))
            .push(" FROM ")
            .push(table)
            .push(" WHERE tenant = ")
            .bind(tenant)
            .push(" AND (");
        match self {
            FoundBy::Home(column) => sql.push(column).among(list()),
            FoundBy::Homes(a, b) => sql.push(a).among(list()).push(" OR ").push(b).among(list()),
            FoundBy::Identities => {
                for (n, end) in ["a", "b"].into_iter().enumerate() {
                    sql.push(if n == 0 { "" } else { " OR " })
                        .push(end)
                        .push(" IN (SELECT id FROM identity WHERE tenant = ")
                        .bind(tenant);
                    sql.push(" AND home").among(list()).push(")");
                }
                &mut sql
            }
            FoundBy::List(column) => sql
                .push("EXISTS (SELECT 1 FROM ")
                .push(&dialect.json_numbers(&format!("{table}.{column}")))
                .push(" AS j WHERE j.value")
                .among(list())
                .push(")"),
        };
        sql.push(") ORDER BY ").push(columns[0]).push(", ").push(columns[1]);
        sql
    }
}

/// A cell as people read it: times as times, names for numbers, JSON as JSON.
fn plain(table: &str, column: &str, cell: Json) -> Json {
    match (column, cell.as_i64()) {
        ("at" | "first_seen" | "last_seen", Some(n)) => time(Micros(n)),
        (column, Some(n)) if column.ends_with("_at") => time(Micros(n)),
        ("kind", Some(n)) if table == "identity" => name(n, IdentityKind::from_number),
        ("kind", Some(n)) => name(n, HistoryKind::from_number),
        ("channel", Some(n)) => name(n, Channel::from_number),
        ("direction", Some(n)) => name(n, Direction::from_number),
        ("rule", Some(n)) => name(n, LinkRule::from_number),
        ("verification", Some(n)) => name(n, Verification::from_number),
        ("link_precedence", Some(n)) => name(n, LinkPrecedence::from_number),
        ("stage", Some(n)) => name(n, LifecycleStage::from_number),
        ("status", Some(n)) => name(n, CustomerStatus::from_number),
        ("state", Some(n)) if table == "link_review" => name(n, ReviewState::from_number),
        // SQLite has no truth values of its own.
        ("active" | "shared", Some(n)) => json!(n != 0),
        (
            "tags" | "traits" | "trait_times" | "own" | "called" | "data" | "homes" | "identities"
            | "detail",
            None,
        ) => match &cell {
            Json::String(text) => serde_json::from_str(text).unwrap_or(cell),
            _ => cell,
        },
        _ => cell,
    }
}

/// What the ids of a column are of.
fn id_kind(table: &str, column: &str) -> Option<IdKind> {
    Some(match (table, column) {
        ("contact", "number" | "linked_id") | ("identity", "contact") => IdKind::Contact,
        ("link_evidence", "a" | "b")
        | ("identity", "id")
        | (_, "identity" | "from_identity" | "to_identity")
        | ("link_review", "identities") => IdKind::Identity,
        ("customer", "number") | (_, "home" | "homes" | "customer" | "a" | "b") => IdKind::Customer,
        ("merge_edge", "id") => IdKind::Merge,
        ("keep_apart", "id") => IdKind::KeepApart,
        ("link_review", "id") => IdKind::Review,
        ("engagement" | "page_view", "id") | ("comment", "item") => IdKind::Item,
        ("comment", "id") => IdKind::Comment,
        ("audit", "id") => IdKind::Audit,
        _ => return None,
    })
}

/// A plain cell with the API's ids for the store's numbers.
fn with_ids(tenant: TenantId, table: &str, column: &str, mut cell: Json) -> Json {
    match (table, column) {
        ("audit", "detail") => return detail_with_ids(tenant, cell),
        // A change of identity; what else stands in the data is of those who sent it.
        ("engagement", "data") => {
            for (of, kind) in [
                ("other", IdKind::Customer),
                ("merge", IdKind::Merge),
                ("identities", IdKind::Identity),
            ] {
                if let Some(ids) = cell.get_mut("change").and_then(|change| change.get_mut(of)) {
                    *ids = opaque_ids(kind, tenant, ids.take());
                }
            }
        }
        _ => {
            if let Some(kind) = id_kind(table, column) {
                return opaque_ids(kind, tenant, cell);
            }
        }
    }
    cell
}

fn name<T: serde::Serialize>(number: i64, from: fn(i16) -> Option<T>) -> Json {
    i16::try_from(number).ok().and_then(from).map_or(json!(number), |kind| json!(kind))
}

fn time(at: Micros) -> Json {
    match chrono::DateTime::from_timestamp_micros(at.0) {
        Some(time) => json!(time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        None => json!(at),
    }
}

/// A column's name as the document writes it. What a thing is known by is its `id`.
fn key(column: &str) -> String {
    if column == "number" {
        return "id".into();
    }
    let mut name = String::new();
    for (n, part) in column.split('_').enumerate() {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if n > 0 => name.extend(first.to_uppercase()),
            Some(first) => name.push(first),
            None => {}
        }
        name.extend(letters);
    }
    name
}
