//! Everything held about a person, as one document.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::domain::item::get;
use crate::domain::rapport::Rapport;
use crate::domain::sql::Sql;
use crate::entity::kinds::{
    Channel, CustomerStatus, Direction, HistoryKind, IdentityKind, LifecycleStage, LinkPrecedence,
    LinkRule, ReviewState, Verification,
};
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, Micros, TenantId};

/// A table's part of the document: its key, the table, its columns, and how its rows are found.
struct Part {
    key: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    by: By,
}

enum By {
    /// A column that holds one of the homes.
    Home(&'static str),
    /// Two columns, one of which holds one of the homes.
    Homes(&'static str, &'static str),
    /// The two ends of a piece of evidence.
    Identities,
    /// A JSON list of homes.
    List(&'static str),
}

const PARTS: &[Part] = &[
    Part {
        key: "customers",
        table: "customer",
        columns: &[
            "number",
            "name",
            "name_at",
            "status",
            "stage",
            "tags",
            "traits",
            "trait_times",
            "created_at",
            "updated_at",
        ],
        by: By::Home("number"),
    },
    Part {
        key: "contacts",
        table: "contact",
        columns: &[
            "number",
            "home",
            "customer",
            "email",
            "phone_number",
            "linked_id",
            "link_precedence",
            "created_at",
            "updated_at",
            "deleted_at",
        ],
        by: By::Home("home"),
    },
    Part {
        key: "identities",
        table: "identity",
        columns: &[
            "id",
            "home",
            "contact",
            "kind",
            "namespace",
            "value",
            "raw_value",
            "verification",
            "shared",
            "source",
            "actor",
            "first_seen",
            "last_seen",
        ],
        by: By::Home("home"),
    },
    Part {
        key: "evidence",
        table: "link_evidence",
        columns: &["a", "b", "rule", "source", "actor", "at"],
        by: By::Identities,
    },
    Part {
        key: "merges",
        table: "merge_edge",
        columns: &[
            "id",
            "a",
            "b",
            "active",
            "rule",
            "from_identity",
            "to_identity",
            "source",
            "actor",
            "reason",
            "at",
            "undone_at",
            "undone_by",
        ],
        by: By::Homes("a", "b"),
    },
    Part {
        key: "keptApart",
        table: "keep_apart",
        columns: &["id", "a", "b", "actor", "at", "lifted_at", "lifted_by"],
        by: By::Homes("a", "b"),
    },
    Part {
        key: "reviews",
        table: "link_review",
        columns: &[
            "id",
            "state",
            "rule",
            "message",
            "homes",
            "identities",
            "source",
            "actor",
            "at",
            "decided_at",
            "decided_by",
        ],
        by: By::List("homes"),
    },
    Part {
        key: "engagements",
        table: "engagement",
        columns: &[
            "id",
            "home",
            "occurred_at",
            "recorded_at",
            "kind",
            "channel",
            "direction",
            "identity",
            "source",
            "source_id",
            "record_type",
            "state",
            "state_at",
            "duration",
            "text",
            "data",
        ],
        by: By::Home("home"),
    },
    Part {
        key: "pageViews",
        table: "page_view",
        columns: &[
            "id",
            "home",
            "occurred_at",
            "recorded_at",
            "channel",
            "direction",
            "identity",
            "source",
            "source_id",
            "url",
            "title",
            "category",
            "object_id",
            "session_id",
            "description",
        ],
        by: By::Home("home"),
    },
    Part {
        key: "comments",
        table: "comment",
        columns: &["id", "item", "home", "text", "author", "created_at"],
        by: By::Home("home"),
    },
    Part {
        key: "audit",
        table: "audit",
        columns: &["id", "at", "actor", "action", "customer", "request_id", "detail"],
        by: By::Home("customer"),
    },
];

impl Rapport {
    /// Everything held about a customer, with all its homes. Each table is read by itself: what is written meanwhile may
    /// be in one and not in another.
    pub async fn export_customer(&self, tenant: TenantId, customer: CustomerId) -> Result<Json> {
        let homes: BTreeSet<CustomerId> =
            self.homes_of(tenant, customer).await?.into_iter().collect();
        let Some(survivor) = homes.first() else {
            return Err(UserError::not_found("no such customer").into());
        };
        let mut document = Map::new();
        document.insert("customer".into(), json!(survivor));
        document.insert("homes".into(), json!(homes));
        document.insert("exportedAt".into(), time(self.clock.now()));
        for part in PARTS {
            let rows = self.store.all(part.select(self.store.sql(), tenant, &homes)).await?;
            let read = |row| -> Result<Json> {
                let text: String = get(row, 0)?;
                let cells: Vec<Json> = serde_json::from_str(&text)
                    .map_err(|error| Error::Internal(format!("export: {error}")))?;
                Ok(part
                    .columns
                    .iter()
                    .zip(cells)
                    .map(|(column, cell)| (camel(column), part.plain(column, cell)))
                    .collect::<Map<_, _>>()
                    .into())
            };
            document.insert(
                part.key.into(),
                rows.iter().map(read).collect::<Result<Vec<Json>>>()?.into(),
            );
        }
        Ok(document.into())
    }
}

impl Part {
    fn select(&self, mut sql: Sql, tenant: TenantId, homes: &BTreeSet<CustomerId>) -> Sql {
        let postgres = sql.is_postgres();
        let list = || homes.iter().map(|home| home.0);
        sql.push(if postgres { "SELECT CAST(json_build_array(" } else { "SELECT json_array(" })
            .push(&self.columns.join(", "));
        sql.push(if postgres { ") AS TEXT) FROM " } else { ") FROM " })
            .push(self.table)
            .push(" WHERE tenant = ")
            .bind(tenant)
            .push(" AND (");
        match self.by {
            By::Home(column) => sql.push(column).among(list()),
            By::Homes(a, b) => sql.push(a).among(list()).push(" OR ").push(b).among(list()),
            By::Identities => {
                for (n, end) in ["a", "b"].into_iter().enumerate() {
                    sql.push(if n == 0 { "" } else { " OR " })
                        .push(end)
                        .push(" IN (SELECT id FROM identity WHERE tenant = ")
                        .bind(tenant);
                    sql.push(" AND home").among(list()).push(")");
                }
                &mut sql
            }
            By::List(column) if postgres => {
                sql.push("EXISTS (SELECT 1 FROM json_array_elements_text(")
                    .push(column)
                    .push("::json) AS j(value) WHERE CAST(j.value AS BIGINT)");
                sql.among(list()).push(")")
            }
            By::List(column) => sql
                .push("EXISTS (SELECT 1 FROM json_each(")
                .push(self.table)
                .push(".")
                .push(column)
                .push(") AS j WHERE j.value")
                .among(list())
                .push(")"),
        };
        sql.push(") ORDER BY ").push(self.columns[0]).push(", ").push(self.columns[1]);
        sql
    }

    /// A cell as people read it: times as times, names for numbers, JSON as JSON.
    fn plain(&self, column: &str, cell: Json) -> Json {
        let number = cell.as_i64();
        fn name<T: serde::Serialize>(number: i64, from: fn(i16) -> Option<T>) -> Json {
            i16::try_from(number).ok().and_then(from).map_or(json!(number), |kind| json!(kind))
        }
        match (column, number) {
            ("at" | "first_seen" | "last_seen", Some(n)) => time(Micros(n)),
            (column, Some(n)) if column.ends_with("_at") => time(Micros(n)),
            ("kind", Some(n)) if self.table == "identity" => name(n, IdentityKind::from_number),
            ("kind", Some(n)) => name(n, HistoryKind::from_number),
            ("channel", Some(n)) => name(n, Channel::from_number),
            ("direction", Some(n)) => name(n, Direction::from_number),
            ("rule", Some(n)) => name(n, LinkRule::from_number),
            ("verification", Some(n)) => name(n, Verification::from_number),
            ("link_precedence", Some(n)) => name(n, LinkPrecedence::from_number),
            ("stage", Some(n)) => name(n, LifecycleStage::from_number),
            ("status", Some(n)) => name(n, CustomerStatus::from_number),
            ("state", Some(n)) if self.table == "link_review" => name(n, ReviewState::from_number),
            // SQLite has no truth values of its own.
            ("active" | "shared", Some(n)) => json!(n != 0),
            (
                "tags" | "traits" | "trait_times" | "data" | "homes" | "identities" | "detail",
                None,
            ) => match &cell {
                Json::String(text) => serde_json::from_str(text).unwrap_or(cell),
                _ => cell,
            },
            _ => cell,
        }
    }
}

fn time(at: Micros) -> Json {
    match chrono::DateTime::from_timestamp_micros(at.0) {
        Some(time) => json!(time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        None => json!(at),
    }
}

fn camel(column: &str) -> String {
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
