//! Rows of history items: inserted, read by their ids, and changed.

use std::sync::Arc;

use crate::domain::model::item::{Body, Item};
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::domain::text::{fts_text_sqlite, fts_words};
use crate::domain::write::search_rows::scope_word;
use crate::entity::kinds::HistoryKind;
use crate::entity::table::Table;
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
        data: body.data.to_json(),
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
        correction: page.correction_json(),
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

/// The statements that store an engagement's later state.
pub(crate) fn update_item(dialect: Dialect, tenant: TenantId, item: &Item) -> Vec<Sql> {
    let Some(engagement) = item.engagement() else { return Vec::new() };
    let mut sql = Sql::new(dialect);
    sql.push("UPDATE engagement SET state = ").bind(engagement.state);
    sql.push(", state_at = ").bind(engagement.state_at);
    sql.push(", duration = ").bind(engagement.duration);
    sql.push(", text = ").bind(engagement.text.clone());
    sql.push(", data = ").bind(engagement.data.to_json());
    with_words(sql, tenant, item)
}

/// The statements that store what the staff corrected of an item.
pub(crate) fn rewrite_item(dialect: Dialect, tenant: TenantId, item: &Item) -> Vec<Sql> {
    let mut sql = Sql::new(dialect);
    match &item.body {
        Body::Engagement(engagement) => {
            sql.push("UPDATE engagement SET occurred_at = ").bind(item.occurred_at);
            sql.push(", text = ").bind(engagement.text.clone());
            sql.push(", data = ").bind(engagement.data.to_json());
        }
        Body::PageView(page) => {
            sql.push("UPDATE page_view SET occurred_at = ").bind(item.occurred_at);
            sql.push(", title = ").bind(page.title.clone());
            sql.push(", description = ").bind(page.description.clone());
            sql.push(", correction = ").bind(page.correction_json());
        }
    }
    with_words(sql, tenant, item)
}

/// An update of an item, with its words as they are now.
fn with_words(mut sql: Sql, tenant: TenantId, item: &Item) -> Vec<Sql> {
    let dialect = sql.dialect;
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

/// A condition of the statements that insert items: not those that the staff deleted.
pub(crate) fn unless_deleted(sql: &mut Sql, page_views: bool) {
    fn place<E: Table>(column: &str) -> String {
        let columns = &E::shape().columns;
        let at = columns.iter().position(|(_, name, _)| *name == column);
        format!("r.column{}", at.expect("a column of items") + 1)
    }
    let place = if page_views { place::<page_view::Entity> } else { place::<engagement::Entity> };
    sql.push(" AND NOT EXISTS (SELECT 1 FROM deleted_item d WHERE d.tenant = ");
    sql.push(&place("tenant")).push(" AND d.source = ").push(&place("source"));
    sql.push(" AND d.source_id = ").push(&place("source_id"));
    sql.push(if page_views { " AND d.page_view)" } else { " AND NOT d.page_view)" });
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
            sql.push(&format!(" WHERE {} = ", self.store.dialect.tenant_beside_ids()))
                .bind(tenant)
                .push(" AND id")
                .among(ids.iter().map(|id| id.0));
        }
        self.store.all(sql).await?.iter().map(|row| Item::read(row, 0).map(Arc::new)).collect()
    }
}
