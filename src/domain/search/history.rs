//! Words of the history, newest first.

use std::borrow::Cow;

use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item::{Body, Item, Part};
use crate::domain::model::item_columns::{Columns, WIDTH};
use crate::domain::rapport::Rapport;
use crate::domain::search::MOST_HITS;
use crate::domain::search::by_words::ByWords;
use crate::domain::search::matches::Match;
use crate::domain::search::ranges::survivor;
use crate::domain::text::{SearchQuery, fts_query_postgres, highlight, places, readable};
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

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
        let mut sql = self.store.sql();
        if first == 0 || fts_query_postgres(&query.asked).is_none() {
            return Ok(Vec::new());
        }
        let wanted = ByWords {
            tenant,
            words: &query.asked,
            homes: None,
            filter: &HistoryFilter::default(),
            after: after.map(|key| (key.occurred_at, key.id)),
            before: None,
            backwards: false,
            limit: first as u64,
        };
        if sql.is_postgres() {
            self.settle_words(&wanted).await;
            wanted.page(&mut sql);
            items(&mut sql, tenant, &|sql, n| {
                sql.push(&format!("IN (SELECT id FROM page WHERE kind = {n})"));
            });
        } else {
            let ids = self.ids_by_words(&wanted).await?;
            items(&mut sql, tenant, &|sql, _| _ = sql.among(ids.iter().map(|id| id.0)));
        }
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

/// The items with these ids, and their survivors.
fn items(sql: &mut Sql, tenant: TenantId, ids: &dyn Fn(&mut Sql, usize)) {
    for (n, (table, columns)) in Columns::ALL.of_tables().into_iter().enumerate() {
        sql.push(&format!("{} SELECT {columns}, ", if n == 0 { "" } else { " UNION ALL" }));
        survivor(sql, tenant, &format!("{table}.home"));
        sql.push(&format!(" FROM {table} WHERE {} = ", sql.dialect.tenant_beside_ids()))
            .bind(tenant);
        sql.push(" AND id ");
        ids(sql, n);
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
