//! Everything held about a person, as one document, and an entry in the audit log that says so.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::privacy::export_cells::{as_told, key, time};
use crate::domain::rapport::Rapport;
use crate::domain::write::unit_of_work::{UnitOfWork, Write, to_its_end};
use crate::entity::table::Table;
use crate::entity::{
    audit, comment, contact, customer, deleted_item, engagement, file, identity, keep_apart,
    link_evidence, link_review, merge_edge, page_view, removed_identity,
};
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, IdKind, TenantId, opaque_id};
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
    /// The item to which it belongs.
    Items,
    /// A JSON list of homes.
    List(&'static str),
}

/// What the document leaves out: whose it is, and what is derived from other columns.
const LEFT_OUT: [&str; 4] = ["tenant", "name_key", "match_key", "pair"];

const PARTS: &[Part] = &[
    Part { key: "customers", table: columns::<customer::Entity>, by: FoundBy::Home("number") },
    Part { key: "contacts", table: columns::<contact::Entity>, by: FoundBy::Home("customer") },
    Part { key: "identities", table: columns::<identity::Entity>, by: FoundBy::Home("home") },
    Part {
        key: "removedIdentities",
        table: columns::<removed_identity::Entity>,
        by: FoundBy::Home("home"),
    },
    Part { key: "evidence", table: columns::<link_evidence::Entity>, by: FoundBy::Identities },
    Part { key: "merges", table: columns::<merge_edge::Entity>, by: FoundBy::Homes("a", "b") },
    Part { key: "keptApart", table: columns::<keep_apart::Entity>, by: FoundBy::Homes("a", "b") },
    Part { key: "reviews", table: columns::<link_review::Entity>, by: FoundBy::List("homes") },
    Part { key: "engagements", table: columns::<engagement::Entity>, by: FoundBy::Home("home") },
    Part { key: "pageViews", table: columns::<page_view::Entity>, by: FoundBy::Home("home") },
    Part { key: "deletedItems", table: columns::<deleted_item::Entity>, by: FoundBy::Home("home") },
    Part { key: "comments", table: columns::<comment::Entity>, by: FoundBy::Home("home") },
    Part { key: "files", table: columns::<file::Entity>, by: FoundBy::Items },
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
            return Err(UserError::not_found("there is no such customer").at(["customer"]).into());
        };
        let (rapport, scope, note) =
            (self.clone(), scope.clone(), NoteExport { homes: homes.clone() });
        // A query ends where its caller goes away.
        to_its_end(async move { rapport.write(&scope, Ending::Commit, &note).await }).await?;
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
                let fields =
                    cells.map(|(column, cell)| (key(column), as_told(tenant, table, column, cell)));
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
struct NoteExport {
    homes: BTreeSet<CustomerId>,
}

impl Write for NoteExport {
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
                    sql.push(" AND home").among(list());
                    sql.push(" UNION ALL SELECT id FROM removed_identity WHERE tenant = ");
                    sql.bind(tenant).push(" AND home").among(list()).push(")");
                }
                &mut sql
            }
            FoundBy::Items => sql
                .push("item IN (SELECT id FROM engagement WHERE tenant = ")
                .bind(tenant)
                .push(" AND home")
                .among(list())
                .push(")"),
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
