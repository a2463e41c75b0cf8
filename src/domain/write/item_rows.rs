//! Rows of history items: inserted, read by their ids, and changed.

use std::sync::Arc;

use crate::domain::model::item::{Body, Data, Item};
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::domain::text::{fts_text_sqlite, fts_words};
use crate::domain::write::search_rows::scope_word;
use crate::entity::kinds::HistoryKind;
use crate::entity::{engagement, page_view};
use crate::error::Result;
use crate::ids::{ItemId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql, insert_cells, insert_with_words};

/// The statement that inserts engagements, without its conflict clause.
pub fn engagements(dialect: Dialect, tenant: TenantId, items: &[&Item]) -> Sql {
    let items: Vec<&Item> =
        items.iter().copied().filter(|item| item.engagement().is_some()).collect();
    let rows: Vec<_> = items.iter().filter_map(|item| engagement_row(tenant, item)).collect();
    insert_with_words::<engagement::Entity>(dialect, &rows, |n| joined_words(items[n]))
}

fn engagement_row(tenant: TenantId, item: &Item) -> Option<engagement::Model> {
    let body = item.engagement()?;
    Some(engagement::Model {
        tenant,
        id: item.id,
        home: item.home,
        occurred_at: item.occurred_at,
        recorded_at: item.recorded_at,
        kind: item.kind,
        channel: item.channel,
        direction: item.direction,
        identity: item.identity,
        source: item.source.clone(),
        source_id: item.source_id.clone(),
        record_type: body.record_type.clone(),
        state: body.state,
        state_at: body.state_at,
        duration: body.duration,
        text: body.text.clone(),
        data: data_json(&body.data),
    })
}

/// The statement that inserts page views, without its conflict clause.
pub fn page_views(dialect: Dialect, tenant: TenantId, items: &[&Item]) -> Sql {
    let items: Vec<&Item> = items.iter().copied().filter(|item| item.is_page_view()).collect();
    let rows: Vec<_> = items.iter().filter_map(|item| page_view_row(tenant, item)).collect();
    insert_with_words::<page_view::Entity>(dialect, &rows, |n| joined_words(items[n]))
}

fn page_view_row(tenant: TenantId, item: &Item) -> Option<page_view::Model> {
    let Body::PageView(page) = &item.body else { return None };
    Some(page_view::Model {
        tenant,
        id: item.id,
        home: item.home,
        occurred_at: item.occurred_at,
        recorded_at: item.recorded_at,
        channel: item.channel,
        direction: item.direction,
        identity: item.identity,
        source: item.source.clone(),
        source_id: item.source_id.clone(),
        url: page.url.clone(),
        title: page.title.clone(),
        category: page.category.clone(),
        object_id: page.object_id.clone(),
        session_id: page.session_id.clone(),
        description: page.description.clone(),
    })
}

/// SQLite's full-text rows; PostgreSQL keeps the words in the item's own row.
pub fn words(dialect: Dialect, tenant: TenantId, items: &[&Item]) -> Option<Sql> {
    if dialect.is_postgres() {
        return None;
    }
    let names = [("rowid", CellType::Big), ("words", CellType::Text), ("scope", CellType::Text)];
    let rows: Vec<_> = items
        .iter()
        .filter_map(|item| {
            let words = fts_text_sqlite(&joined_words(item)?);
            Some(vec![item.id.0.into(), words.into(), scope_word(tenant).into()])
        })
        .collect();
    (!rows.is_empty()).then(|| insert_cells(dialect, "item_words", &names, rows))
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

/// The statements that store an engagement's later state.
pub(crate) fn update_item(dialect: Dialect, tenant: TenantId, item: &Item) -> Vec<Sql> {
    let Some(engagement) = item.engagement() else { return Vec::new() };
    let mut sql = Sql::new(dialect);
    sql.push("UPDATE engagement SET state = ").bind(engagement.state);
    sql.push(", state_at = ").bind(engagement.state_at);
    sql.push(", duration = ").bind(engagement.duration);
    sql.push(", text = ").bind(engagement.text.clone());
    sql.push(", data = ").bind(data_json(&engagement.data));
    if dialect.is_postgres() {
        sql.push(", words = array_to_tsvector(string_to_array(")
            .bind(joined_words(item))
            .push(", ' '))");
    }
    sql.push(" WHERE tenant = ").bind(tenant).push(" AND id = ").bind(item.id);
    let mut statements = vec![sql];
    statements.extend(words_anew(dialect, tenant, &[item]));
    statements
}

/// The statements that put the words of today for those that SQLite's full-text index has of these items, one after the
/// other. None on PostgreSQL, which keeps the words in the item's own row.
pub(super) fn words_anew(dialect: Dialect, tenant: TenantId, items: &[&Item]) -> Vec<Sql> {
    if dialect.is_postgres() {
        return Vec::new();
    }
    let mut gone = Sql::new(dialect);
    gone.push("DELETE FROM item_words WHERE rowid").among(items.iter().map(|item| item.id.0));
    std::iter::once(gone).chain(words(dialect, tenant, items)).collect()
}

impl Rapport {
    /// Items by id, whatever their table.
    pub async fn items(&self, tenant: TenantId, ids: &[ItemId]) -> Result<Vec<Arc<Item>>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.store.sql();
        for (n, (table, columns)) in Columns::ALL.of_tables().into_iter().enumerate() {
            sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " })
                .add(columns)
                .push(" FROM ")
                .push(table);
            sql.push(" WHERE tenant = ")
                .bind(tenant)
                .push(" AND id")
                .among(ids.iter().map(|id| id.0));
        }
        self.store.all(sql).await?.iter().map(|row| Item::read(row, 0).map(Arc::new)).collect()
    }
}
