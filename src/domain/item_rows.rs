//! History items on their way into the store.

use sea_orm::Value;

use crate::domain::index::scope_word;
use crate::domain::item::{Body, Data, Item};
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::domain::words::fts_words;
use crate::entity::kinds::HistoryKind;
use crate::ids::TenantId;

/// The statement that inserts engagements, without its conflict clause.
pub fn engagements(tx: &Tx, tenant: TenantId, items: &[&Item]) -> Sql {
    let rows: Vec<Vec<Value>> = items
        .iter()
        .filter_map(|item| {
            let body = item.engagement()?;
            let mut row = common(tenant, item);
            row.insert(5, item.kind.number().into());
            row.extend([
                body.record_type.clone().into(),
                Value::SmallInt(body.state),
                body.state_at.0.into(),
                Value::BigInt(body.duration),
                body.text.clone().into(),
                data_json(&body.data).into(),
                words_cell(item),
            ]);
            Some(row)
        })
        .collect();
    insert(tx.backend, "engagement", ENGAGEMENT, &rows)
}

/// The statement that inserts page views, without its conflict clause.
pub fn page_views(tx: &Tx, tenant: TenantId, items: &[&Item]) -> Sql {
    let rows: Vec<Vec<Value>> = items
        .iter()
        .filter_map(|item| {
            let Body::PageView(page) = &item.body else { return None };
            let mut row = common(tenant, item);
            row.extend([
                page.url.clone().into(),
                page.title.clone().into(),
                page.category.clone().into(),
                page.object_id.clone().into(),
                page.session_id.clone().into(),
                page.description.clone().into(),
                words_cell(item),
            ]);
            Some(row)
        })
        .collect();
    insert(tx.backend, "page_view", PAGE_VIEW, &rows)
}

/// SQLite's full-text rows; PostgreSQL keeps the words in the item's own row.
pub fn words(tx: &Tx, tenant: TenantId, items: &[&Item]) -> Option<Sql> {
    if tx.is_postgres() {
        return None;
    }
    let rows: Vec<Vec<Value>> = items
        .iter()
        .filter_map(|item| {
            joined_words(item)
                .map(|words| vec![item.id.0.into(), words.into(), scope_word(tenant).into()])
        })
        .collect();
    (!rows.is_empty()).then(|| {
        insert(
            tx.backend,
            "item_words",
            &[("rowid", Column::Big), ("words", Column::Text), ("scope", Column::Text)],
            &rows,
        )
    })
}

/// The item's words as one text; nothing where it has none. Changes of identity are not searched.
pub fn joined_words(item: &Item) -> Option<String> {
    if item.kind == HistoryKind::Identity {
        return None;
    }
    let words = fts_words(&item.text_for_search());
    (!words.is_empty()).then(|| words.join(" "))
}

pub fn data_json(data: &Data) -> Option<String> {
    (*data != Data::default()).then(|| serde_json::to_string(data).expect("item data is JSON"))
}

fn words_cell(item: &Item) -> Value {
    Value::from(joined_words(item))
}

fn common(tenant: TenantId, item: &Item) -> Vec<Value> {
    vec![
        tenant.0.into(),
        item.id.0.into(),
        item.home.0.into(),
        item.occurred_at.0.into(),
        item.recorded_at.0.into(),
        item.channel.number().into(),
        Value::SmallInt(item.direction.map(|direction| direction.number())),
        Value::BigInt(item.identity.map(|id| id.0)),
        item.source.clone().into(),
        item.source_id.clone().into(),
    ]
}

const ENGAGEMENT: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("home", Column::Big),
    ("occurred_at", Column::Big),
    ("recorded_at", Column::Big),
    ("kind", Column::Small),
    ("channel", Column::Small),
    ("direction", Column::SmallOrNull),
    ("identity", Column::BigOrNull),
    ("source", Column::Text),
    ("source_id", Column::TextOrNull),
    ("record_type", Column::TextOrNull),
    ("state", Column::SmallOrNull),
    ("state_at", Column::Big),
    ("duration", Column::BigOrNull),
    ("text", Column::TextOrNull),
    ("data", Column::TextOrNull),
    ("words", Column::Words),
];

const PAGE_VIEW: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("home", Column::Big),
    ("occurred_at", Column::Big),
    ("recorded_at", Column::Big),
    ("channel", Column::Small),
    ("direction", Column::SmallOrNull),
    ("identity", Column::BigOrNull),
    ("source", Column::Text),
    ("source_id", Column::TextOrNull),
    ("url", Column::Text),
    ("title", Column::TextOrNull),
    ("category", Column::TextOrNull),
    ("object_id", Column::TextOrNull),
    ("session_id", Column::TextOrNull),
    ("description", Column::TextOrNull),
    ("words", Column::Words),
];
