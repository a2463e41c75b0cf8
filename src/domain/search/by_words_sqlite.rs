//! SQLite: the newest items that hold words, in the order of the history.
//!
//! The full-text index gives items in the order of their ids, which is mostly that of their times. Of a rare word all are
//! read. Of a common one the newest ids are; then the index of times tells whether an older id, such as one of an item whose
//! time was corrected, lies among them, or an item that was recorded long after its time.
//!
//! Of the beginning of a word the index gathers all items, each time. So the newest items are read one by one first, which is
//! enough for a common one.

use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::domain::search::by_words::ByWords;
use crate::domain::text::fts_query_sqlite;
use crate::domain::write::item_rows::joined_words;
use crate::domain::write::search_rows::scope_word;
use crate::error::Result;
use crate::ids::{ItemId, Micros};
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// A word that fewer items have is rare.
const RARE: u64 = 5_000;
/// The newest ids of a common word that are looked at.
const NEWEST: u64 = 1_000;
/// The newest items that are read for a beginning, and the most that are wanted of them.
const SCANNED: usize = 1_000;
const FEW: u64 = 100;
/// The most items that are asked for their words one by one.
const ONE_BY_ONE: u64 = 100;

/// Which part of what the index finds.
#[derive(Clone, Copy, Default)]
struct Part {
    /// From this id on, in the order; from the first one, where there is none.
    from: Option<ItemId>,
    most: Option<u64>,
    /// Only the tenant's, by the index itself, which takes longer.
    scoped: bool,
}

type Place = (Micros, ItemId);

impl Rapport {
    /// The first items in the order.
    pub(crate) async fn ids_by_words(&self, wanted: &ByWords<'_>) -> Result<Vec<ItemId>> {
        let mut places = self.places_by_words(wanted).await?;
        places.sort_unstable();
        if !wanted.backwards {
            places.reverse();
        }
        places.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
        Ok(places.into_iter().map(|(_, id)| id).collect())
    }

    async fn places_by_words(&self, wanted: &ByWords<'_>) -> Result<Vec<Place>> {
        if wanted.limit <= FEW && wanted.words.iter().any(|word| word.begins) {
            let places = self.newest_that_hold(wanted).await?;
            if places.len() as u64 >= wanted.limit {
                return Ok(places);
            }
        }
        let rare = Part { most: Some(RARE), ..Part::default() };
        if self.found_by_words(wanted, rare).await?.0 < RARE {
            return self.places_of(wanted, rare).await;
        }
        let cursor = if wanted.backwards { wanted.before } else { wanted.after };
        let from = cursor.map(|(_, id)| id);
        let most = NEWEST.max(wanted.limit.saturating_mul(4));
        let newest = Part { from, most: Some(most), scoped: false };
        let mut places = self.places_of(wanted, newest).await?;
        if let (true, Some(last)) = (places.len() as u64 == wanted.limit, places.last()) {
            let (found, end) = self.found_by_words(wanted, newest).await?;
            let end = end.filter(|_| found == most);
            let others = self.others_before(wanted, *last, from, end).await?;
            if others.len() as u64 <= ONE_BY_ONE {
                places.extend(self.that_hold(wanted, &others).await?);
                return Ok(places);
            }
        }
        self.places_of(wanted, Part { scoped: true, ..Part::default() }).await
    }

    /// Those of the newest items that hold the words.
    async fn newest_that_hold(&self, wanted: &ByWords<'_>) -> Result<Vec<Place>> {
        let mut sql = self.store.sql();
        let columns = Columns::ALL.of_tables();
        for (at, (n, table)) in wanted.tables().enumerate() {
            sql.push(if at > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
            sql.push(&format!("SELECT {} FROM {table} WHERE tenant = ", columns[n].1));
            sql.bind(wanted.tenant);
            wanted.range(&mut sql);
            wanted.conditions(&mut sql, n);
            sql.push(&format!(" ORDER BY {} LIMIT {SCANNED})", wanted.order()));
        }
        let rows = self.store.search(sql).await?;
        let mut items = rows.iter().map(|row| Item::read(row, 0)).collect::<Result<Vec<Item>>>()?;
        items.sort_by_key(|item| (item.occurred_at, item.id));
        if !wanted.backwards {
            items.reverse();
        }
        let held = items.iter().take(SCANNED).filter(|item| wanted.are_in(item));
        Ok(held.map(|item| (item.occurred_at, item.id)).collect())
    }

    /// How many the index finds, and the last of them.
    async fn found_by_words(
        &self,
        wanted: &ByWords<'_>,
        part: Part,
    ) -> Result<(u64, Option<ItemId>)> {
        let mut sql = self.store.sql();
        let last = if wanted.backwards { "MAX" } else { "MIN" };
        sql.push(&format!("SELECT COUNT(*), {last}(item) FROM ("));
        wanted.found(&mut sql, part);
        sql.push(")");
        let rows = self.store.search(sql).await?;
        let Some(row) = rows.first() else { return Ok((0, None)) };
        Ok((get::<i64>(row, 0)?.unsigned_abs(), maybe(row, 1)?))
    }

    /// The first of what the index finds that are looked for, in the order.
    async fn places_of(&self, wanted: &ByWords<'_>, part: Part) -> Result<Vec<Place>> {
        let mut sql = self.store.sql();
        sql.push("WITH found AS MATERIALIZED (");
        wanted.found(&mut sql, part);
        sql.push(") SELECT occurred_at, id FROM (");
        for (at, (n, table)) in wanted.tables().enumerate() {
            sql.push(if at > 0 { " UNION ALL " } else { "" });
            sql.push(&format!(
                "SELECT occurred_at, id FROM found CROSS JOIN {table} WHERE id = item AND tenant = "
            ));
            sql.bind(wanted.tenant);
            wanted.range(&mut sql);
            wanted.conditions(&mut sql, n);
        }
        sql.push(&format!(") ORDER BY {} LIMIT ", wanted.order()));
        wanted.limit(&mut sql);
        self.store.search(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    /// Items before the last place, in the order, whose ids lie outside of what was looked at.
    async fn others_before(
        &self,
        wanted: &ByWords<'_>,
        last: Place,
        from: Option<ItemId>,
        end: Option<ItemId>,
    ) -> Result<Vec<Place>> {
        let (before, after) = if wanted.backwards { ("<", ">") } else { (">", "<") };
        let outside = [(from, before), (end, after)];
        let outside: Vec<_> =
            outside.iter().filter_map(|(id, sign)| Some(((*id)?, sign))).collect();
        if outside.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT * FROM (");
        for (at, (n, table)) in wanted.tables().enumerate() {
            sql.push(if at > 0 { " UNION ALL " } else { "" });
            sql.push(&format!("SELECT occurred_at, id FROM {table} WHERE tenant = "));
            sql.bind(wanted.tenant);
            wanted.range(&mut sql);
            sql.push(&format!(" AND (occurred_at, id) {before} ("));
            sql.bind(last.0).push(", ").bind(last.1).push(") AND (");
            for (n, (id, sign)) in outside.iter().enumerate() {
                sql.push(&format!("{}id {sign} ", if n > 0 { " OR " } else { "" })).bind(*id);
            }
            sql.push(")");
            wanted.conditions(&mut sql, n);
        }
        sql.push(") LIMIT ").bind(ONE_BY_ONE.cast_signed() + 1);
        self.store.search(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    /// Those of a few items that hold the words.
    async fn that_hold(&self, wanted: &ByWords<'_>, places: &[Place]) -> Result<Vec<Place>> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT rowid FROM item_words WHERE item_words MATCH ");
        sql.bind(wanted.matching(true)).push(" AND rowid");
        sql.among(places.iter().map(|(_, id)| id.0));
        let rows = self.store.search(sql).await?;
        let ids = rows.iter().map(|row| get(row, 0)).collect::<Result<Vec<ItemId>>>()?;
        Ok(places.iter().copied().filter(|(_, id)| ids.contains(id)).collect())
    }
}

impl ByWords<'_> {
    /// Whether an item is one that the index would find.
    fn are_in(&self, item: &Item) -> bool {
        joined_words(item).is_some_and(|text| {
            let held: Vec<&str> = text.split(' ').collect();
            self.words.iter().all(|asked| held.iter().any(|word| asked.is(word)))
        })
    }

    /// A select of what the index finds, whosever it is if it is not scoped.
    fn found(&self, sql: &mut Sql, part: Part) {
        sql.push("SELECT rowid AS item FROM item_words WHERE item_words MATCH ");
        sql.bind(self.matching(part.scoped));
        let (sign, order) = if self.backwards { (">=", "ASC") } else { ("<=", "DESC") };
        if let Some(from) = part.from {
            sql.push(&format!(" AND rowid {sign} ")).bind(from);
        }
        if let Some(most) = part.most {
            sql.push(&format!(" ORDER BY rowid {order} LIMIT ")).bind(most.cast_signed());
        }
    }

    fn matching(&self, scoped: bool) -> String {
        let scope = if scoped {
            format!("scope : {} AND ", scope_word(self.tenant))
        } else {
            String::new()
        };
        format!("{scope}words : ({})", fts_query_sqlite(self.words).unwrap_or_default())
    }
}
