//! Words of the history, newest first.

use std::borrow::Cow;

use crate::domain::model::item::{Body, Item, Part};
use crate::domain::model::item_columns::{Columns, WIDTH};
use crate::domain::rapport::Rapport;
use crate::domain::search::MOST_HITS;
use crate::domain::search::matches::Match;
use crate::domain::search::ranges::survivor;
use crate::domain::text::{
    SearchQuery, fts_query_postgres, fts_query_sqlite, highlight, places, readable,
};
use crate::domain::write::search_rows::scope_word;
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

/// The newest items of either table that are read one by one: a common word is among them, and its whole list never read.
const NEWEST: usize = 2_000;
/// The newest rows of SQLite's full-text index that are looked at.
const NEWEST_WORDS: usize = 5_000;
/// What a beginning is worth beside a whole word.
const BEGINNING: f64 = 0.8;

/// An item whose words a search found.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemHit {
    pub item: Item,
    /// The survivor.
    pub customer: CustomerId,
    /// 1 where all words stand whole.
    pub score: f64,
    pub matches: Vec<Match>,
}

/// The place of a hit in the history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ItemKey {
    pub occurred_at: Micros,
    pub id: ItemId,
}

impl Rapport {
    /// Items that hold all words, the last one as a beginning, newest first. At most [`MOST_HITS`].
    pub async fn search_history(
        &self,
        tenant: TenantId,
        typed: &str,
        first: usize,
        after: Option<ItemKey>,
    ) -> Result<Vec<ItemHit>> {
        let first = first.min(MOST_HITS);
        let query = SearchQuery::parse(typed, &self.rules(tenant).await?.identifiers);
        let sql = self.store.sql();
        let sql = match (sql.is_postgres(), first) {
            (_, 0) => None,
            (true, _) => fts_query_postgres(&query.asked)
                .map(|asked| on_postgres(sql, tenant, &asked, first, after)),
            (false, _) => fts_query_sqlite(&query.asked)
                .map(|asked| on_sqlite(sql, tenant, &asked, first, after)),
        };
        let Some(sql) = sql else { return Ok(Vec::new()) };
        let mut hits = Vec::new();
        for row in self.store.search(sql).await? {
            let item = Item::read(&row, 0)?;
            let (score, matches) = fit(&item, &query.runs);
            hits.push(ItemHit {
                customer: get::<Option<CustomerId>>(&row, WIDTH)?.unwrap_or(item.home),
                item,
                score,
                matches,
            });
        }
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.key()));
        Ok(hits)
    }
}

impl ItemHit {
    /// Where the page after this hit begins.
    pub fn key(&self) -> ItemKey {
        ItemKey { occurred_at: self.item.occurred_at, id: self.item.id }
    }
}

/// First the newest items one by one, which is enough for a common word; only when they do not fill the page the
/// full-text index, whose list of a rarer word is short. An index of words knows no order, so that asking it for a common
/// word would read and sort all of its items.
fn on_postgres(
    mut sql: Sql,
    tenant: TenantId,
    asked: &str,
    first: usize,
    after: Option<ItemKey>,
) -> Sql {
    for (n, table) in ["engagement", "page_view"].iter().enumerate() {
        sql.push(if n == 0 { "WITH " } else { ", " });
        sql.push(&format!(
            "new{n} AS MATERIALIZED (SELECT id, occurred_at FROM (SELECT id, occurred_at, words FROM {table} WHERE tenant = "
        ))
        .bind(tenant);
        before(&mut sql, after);
        sql.push(&format!(
            " ORDER BY occurred_at DESC, id DESC LIMIT {NEWEST}) AS newest WHERE words @@ CAST("
        ))
        .bind(asked);
        sql.push(&format!(" AS tsquery) LIMIT {first}), old{n} AS MATERIALIZED (SELECT id, occurred_at FROM {table} WHERE (SELECT COUNT(*) FROM new{n}) < {first} AND tenant = "));
        sql.bind(tenant).push(" AND words @@ CAST(").bind(asked).push(" AS tsquery)");
        before(&mut sql, after);
        sql.push(")");
    }
    sql.push(", page AS MATERIALIZED (SELECT id, kind FROM (");
    for n in 0..2 {
        sql.push(if n == 0 { "" } else { " UNION ALL " });
        sql.push(&format!("SELECT id, occurred_at, {n} AS kind FROM (SELECT id, occurred_at FROM new{n} UNION SELECT id, occurred_at FROM old{n}) AS both{n}"));
    }
    sql.push(&format!(") AS found ORDER BY occurred_at DESC, id DESC LIMIT {first})"));
    items(&mut sql, tenant);
    sql
}

/// The row number of the words is the item's id, which grows with time.
fn on_sqlite(
    mut sql: Sql,
    tenant: TenantId,
    asked: &str,
    first: usize,
    after: Option<ItemKey>,
) -> Sql {
    sql.push(
        "WITH found AS MATERIALIZED (SELECT rowid AS id FROM item_words WHERE item_words MATCH ",
    );
    sql.bind(format!("scope : \"{}\" AND words : ({asked})", scope_word(tenant)));
    sql.push(&format!(
        " ORDER BY rowid DESC LIMIT {NEWEST_WORDS}), page AS MATERIALIZED (SELECT id, kind FROM ("
    ));
    for (n, table) in ["engagement", "page_view"].iter().enumerate() {
        sql.push(if n == 0 { "" } else { " UNION ALL " });
        sql.push(&format!("SELECT i.id, occurred_at, {n} AS kind FROM found CROSS JOIN {table} i WHERE i.id = found.id AND tenant = "))
            .bind(tenant);
        if let Some(after) = after {
            sql.push(" AND (occurred_at, i.id) < (")
                .bind(after.occurred_at)
                .push(", ")
                .bind(after.id)
                .push(")");
        }
    }
    sql.push(&format!(") ORDER BY occurred_at DESC, id DESC LIMIT {first})"));
    items(&mut sql, tenant);
    sql
}

fn before(sql: &mut Sql, after: Option<ItemKey>) {
    if let Some(after) = after {
        sql.push(" AND (occurred_at, id) < (")
            .bind(after.occurred_at)
            .push(", ")
            .bind(after.id)
            .push(")");
    }
}

/// The items of `page (id, kind)` with their survivors.
fn items(sql: &mut Sql, tenant: TenantId) {
    for (n, (table, columns)) in Columns::ALL.of_tables().into_iter().enumerate() {
        sql.push(&format!("{} SELECT {columns}, ", if n == 0 { "" } else { " UNION ALL" }));
        survivor(sql, tenant, &format!("{table}.home"));
        sql.push(&format!(" FROM {table} WHERE tenant = ")).bind(tenant);
        sql.push(&format!(" AND id IN (SELECT id FROM page WHERE kind = {n})"));
    }
}

fn fit(item: &Item, words: &[String]) -> (f64, Vec<Match>) {
    let mut matches = Vec::new();
    let mut whole = vec![false; words.len()];
    for (field, text) in texts(item) {
        for found in places(&text, words) {
            whole[found.word] |= found.whole;
        }
        matches.extend(highlight(&text, words).into_iter().map(|found| Match {
            field: field.into(),
            fragment: found.text,
            ranges: found.ranges,
        }));
    }
    let begun = whole.iter().filter(|whole| !**whole).count();
    #[expect(clippy::cast_precision_loss, reason = "a search has at most eight words")]
    let score = 1.0 - (1.0 - BEGINNING) * begun as f64 / words.len().max(1) as f64;
    (score, matches)
}

/// What the full-text index knows of an item, by the names of its fields.
fn texts(item: &Item) -> Vec<(&'static str, Cow<'_, str>)> {
    let mut texts: Vec<(&'static str, Option<&str>)> = Vec::new();
    let mut url = None;
    match &item.body {
        Body::Engagement(engagement) => {
            texts.push(("subject", engagement.data.subject.as_deref()));
            texts.push(("text", engagement.text.as_deref()));
            for part in &engagement.data.parts {
                texts.push(match part {
                    Part::Text { text } => ("text", Some(text)),
                    Part::Image { alt, .. } => ("alt", alt.as_deref()),
                    Part::File { name, .. } => ("name", name.as_deref()),
                });
            }
            texts.push(("recordType", engagement.record_type.as_deref()));
            texts.push(("recordId", engagement.data.record_id.as_deref()));
            texts.push(("recordState", engagement.data.record_state.as_deref()));
        }
        Body::PageView(page) => {
            texts.push(("title", page.title.as_deref()));
            texts.push(("description", page.description.as_deref()));
            texts.push(("category", page.category.as_deref()));
            texts.push(("objectId", page.object_id.as_deref()));
            url = Some(("url", readable(&page.url)));
        }
    }
    let texts = texts.into_iter().filter_map(|(field, text)| Some((field, text?.into())));
    texts.chain(url).collect()
}
