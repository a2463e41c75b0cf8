//! How a person's export tells what stands in a cell: times as times, names for numbers, the API's ids.

use serde_json::{Value as Json, json};

use crate::domain::write::audit::detail_with_ids;
use crate::entity::kinds::{
    Channel, CustomerStatus, Direction, HistoryKind, IdentityKind, LifecycleStage, LinkPrecedence,
    LinkRule, ReviewState, Verification,
};
use crate::ids::{IdKind, Micros, TenantId, opaque_ids};

/// A cell as people read it: times as times, names for numbers, JSON as JSON.
fn plain(table: &str, column: &str, cell: Json) -> Json {
    match (column, cell.as_i64()) {
        ("at" | "first_seen" | "last_seen", Some(n)) => time(Micros(n)),
        (column, Some(n)) if column.ends_with("_at") => time(Micros(n)),
        ("kind", Some(n)) if table.ends_with("identity") => name(n, IdentityKind::from_number),
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
        ("active" | "shared" | "page_view" | "rejected", Some(n)) => json!(n != 0),
        (
            "tags" | "traits" | "trait_times" | "own" | "called" | "data" | "correction" | "homes"
            | "identities" | "detail",
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
        ("contact", "number" | "linked_id") | ("identity" | "removed_identity", "contact") => {
            IdKind::Contact
        }
        ("link_evidence", "a" | "b")
        | ("identity" | "removed_identity", "id")
        | (_, "identity" | "from_identity" | "to_identity")
        | ("link_review", "identities") => IdKind::Identity,
        ("customer", "number") | (_, "home" | "homes" | "customer" | "a" | "b") => IdKind::Customer,
        ("merge_edge", "id") => IdKind::Merge,
        ("keep_apart", "id") => IdKind::KeepApart,
        ("link_review", "id") => IdKind::Review,
        ("engagement" | "page_view", "id") | ("comment" | "file" | "deleted_item", "item") => {
            IdKind::Item
        }
        ("file", "id") => IdKind::File,
        ("file", "source") => IdKind::Source,
        ("comment", "id") => IdKind::Comment,
        ("audit", "id") => IdKind::Audit,
        _ => return None,
    })
}

/// Times and ids inside of the JSON of a column, and where they stand in it. What else stands there is of those who sent it.
enum Inside {
    /// One, or an object of them.
    Time,
    /// One, or a list of them.
    Id(IdKind),
}

/// Table, column, and the keys that lead there.
const INSIDE: [(&str, &str, &[&str], Inside); 14] = [
    ("customer", "trait_times", &[], Inside::Time),
    ("customer", "called", &["at"], Inside::Time),
    ("customer", "own", &["name_at"], Inside::Time),
    ("customer", "own", &["called", "at"], Inside::Time),
    ("customer", "own", &["trait_times"], Inside::Time),
    ("customer", "own", &["stage_over"], Inside::Id(IdKind::Customer)),
    ("customer", "own", &["tags_over"], Inside::Id(IdKind::Customer)),
    ("engagement", "data", &["edits", "at"], Inside::Time),
    ("engagement", "data", &["edits", "said_at"], Inside::Time),
    ("engagement", "data", &["correction", "at"], Inside::Time),
    ("page_view", "correction", &["at"], Inside::Time),
    ("engagement", "data", &["change", "other"], Inside::Id(IdKind::Customer)),
    ("engagement", "data", &["change", "merge"], Inside::Id(IdKind::Merge)),
    ("engagement", "data", &["change", "identities"], Inside::Id(IdKind::Identity)),
];

/// A cell as the API tells it: times as text, and its ids for the store's numbers.
pub(super) fn as_told(tenant: TenantId, table: &str, column: &str, cell: Json) -> Json {
    let mut cell = plain(table, column, cell);
    if (table, column) == ("audit", "detail") {
        return detail_with_ids(tenant, cell);
    }
    if let Some(kind) = id_kind(table, column) {
        return opaque_ids(kind, tenant, cell);
    }
    for (_, _, path, what) in INSIDE.iter().filter(|(t, c, ..)| (*t, *c) == (table, column)) {
        let found = path.iter().try_fold(&mut cell, |cell, key| cell.get_mut(key));
        if let Some(found) = found {
            *found = match what {
                Inside::Time => times(found.take()),
                Inside::Id(kind) => opaque_ids(*kind, tenant, found.take()),
            };
        }
    }
    cell
}

fn times(cell: Json) -> Json {
    match cell {
        Json::Object(all) => all.into_iter().map(|(key, cell)| (key, times(cell))).collect(),
        other => other.as_i64().map_or(other, |at| time(Micros(at))),
    }
}

fn name<T: serde::Serialize>(number: i64, from: fn(i16) -> Option<T>) -> Json {
    i16::try_from(number).ok().and_then(from).map_or(json!(number), |kind| json!(kind))
}

pub(super) fn time(at: Micros) -> Json {
    match chrono::DateTime::from_timestamp_micros(at.0) {
        Some(time) => json!(time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        None => json!(at),
    }
}

/// A column's name as the document writes it. What a thing is known by is its `id`.
pub(super) fn key(column: &str) -> String {
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
