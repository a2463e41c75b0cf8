//! The newest items that hold words, in the order of the history; here, by PostgreSQL.
//!
//! An index of words knows no order, and asked for a common word it gives all of its items. So the newest items are read one
//! by one first, which is enough for a common word. Then the index is asked for one stretch of time after the other, newest
//! first: the stretch is a key of it beside the words. A word that few items of the newest stretches have is rare, and all
//! of its items are read at last.
//!
//! Of the beginning of a word the index gathers all items of all times, each time. Where the items that were read tell that
//! the whole words beside it are rare enough, it is asked for those alone, and their rows for the beginning.

use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::rapport::Rapport;
use crate::domain::search::item_conditions::{conditions, range};
use crate::domain::text::{AskedWord, fts_query_postgres};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::sql::{CellType, Sql};

/// The newest items that are read one by one.
const NEWEST: usize = 4_000;
/// The same of one customer: the index, whose items are everybody's, helps only who has more.
const NEWEST_OF_ONE: usize = 20_000;
/// An item's stretch of time, as the index has it: 2^38 µs, or 3.2 days.
const STRETCH: &str = "occurred_at >> 38";
/// How many stretches that have items the index is asked for, one by one.
const STRETCHES: usize = 6;

/// Which items are looked for.
pub(crate) struct ByWords<'a> {
    pub tenant: TenantId,
    pub words: &'a [AskedWord],
    /// Of one customer; of all, where there is nothing.
    pub homes: Option<&'a [CustomerId]>,
    pub filter: &'a HistoryFilter,
    /// Older than this.
    pub after: Option<(Micros, ItemId)>,
    /// Newer than this.
    pub before: Option<(Micros, ItemId)>,
    /// The oldest first.
    pub backwards: bool,
    pub limit: u64,
}

impl Rapport {
    /// Before [`ByWords::page`], which looks into the indexes of words for one stretch after the other.
    pub(crate) async fn settle_words(&self, wanted: &ByWords<'_>) {
        if wanted.homes.is_none() {
            self.store.settle(&["engagement_words", "page_view_words"]).await;
        }
    }
}

impl ByWords<'_> {
    /// Adds common tables, the last of which is `page (id, kind)`: the first items in the order, 1 being a page view.
    pub fn page(&self, sql: &mut Sql) {
        let order = self.order();
        sql.push("WITH RECURSIVE scanned AS MATERIALIZED (SELECT * FROM (");
        self.both(sql, |sql, n, table| self.scan(sql, n, table));
        sql.push(&format!(") AS items ORDER BY {order} LIMIT {})", self.newest()));
        sql.push(", near AS MATERIALIZED (SELECT id, occurred_at, kind FROM scanned WHERE ");
        sql.push(if self.parts().is_some() { "whole AND begun AND hit" } else { "hit" });
        self.limit(sql.push(" LIMIT "));
        // Where the scan ended without enough of them, if there may be more.
        sql.push("), rest AS MATERIALIZED (SELECT occurred_at, id FROM scanned WHERE (SELECT COUNT(*) FROM near) < ");
        self.limit(sql);
        sql.push(&format!(
            " AND (SELECT COUNT(*) FROM scanned) = {} ORDER BY {} LIMIT 1)",
            self.newest(),
            order_of(!self.backwards)
        ));
        self.way(sql);
        if self.homes.is_none() {
            self.walk(sql);
        }
        sql.push(
            ", page AS MATERIALIZED (SELECT id, kind FROM (SELECT id, occurred_at, kind FROM near",
        );
        if self.homes.is_none() {
            sql.push(" UNION ALL SELECT found.id, found.at, found.kind FROM walk CROSS JOIN LATERAL unnest(walk.times, walk.ids, walk.kinds) AS found (at, id, kind)");
        }
        sql.push(" UNION ALL ");
        self.both(sql, |sql, n, table| self.left_over(sql, n, table));
        self.limit(sql.push(&format!(") AS found ORDER BY {order} LIMIT ")));
        sql.push(")");
    }

    /// The newest of one table, with whether they are looked for.
    fn scan(&self, sql: &mut Sql, n: usize, table: &str) {
        if let None | Some([_]) = self.homes {
            sql.push("SELECT * FROM (");
        } else {
            let homes = self.homes.unwrap_or_default();
            let rows: Vec<_> = homes.iter().map(|home| vec![home.0.into()]).collect();
            sql.push(&format!("SELECT newest{n}.* FROM ")).rows(&[CellType::Big], &rows);
            sql.push(" AS h CROSS JOIN LATERAL (");
        }
        sql.push(&format!("SELECT id, occurred_at, {n} AS kind, "));
        if let Some((whole, begun)) = self.parts() {
            sql.push("words @@ CAST(").bind(whole).push(" AS tsquery) AS whole, words @@ CAST(");
            sql.bind(begun).push(" AS tsquery) AS begun, (words IS NOT NULL");
        } else {
            self.query(sql.push("(words @@ "));
        }
        self.conditions(sql, n);
        sql.push(&format!(") AS hit FROM {table} WHERE tenant = ")).bind(self.tenant);
        match self.homes {
            None => {}
            Some([home]) => _ = sql.push(" AND home = ").bind(*home),
            Some(_) => _ = sql.push(" AND home = h.column1"),
        }
        self.range(sql);
        sql.push(&format!(" ORDER BY {} LIMIT {}) AS newest{n}", self.order(), self.newest()));
    }

    /// What the index is asked for: what is left to the rows costs their reading, a beginning all of its items.
    fn way(&self, sql: &mut Sql) {
        let Some((whole, _)) = self.parts() else { return };
        sql.push(", way AS MATERIALIZED (SELECT ");
        for (name, condition) in
            [("stretch", "whole <= begun * 7"), ("left_over", "begun >= 10 AND whole * 5 <= begun")]
        {
            sql.push(&format!("CASE WHEN {condition} THEN CAST(")).bind(&*whole);
            self.query(sql.push(" AS tsquery) ELSE "));
            sql.push(&format!(" END AS {name}, "));
        }
        sql.push("whole, begun FROM (SELECT COUNT(*) FILTER (WHERE whole) AS whole, COUNT(*) FILTER (WHERE begun) AS begun FROM scanned) AS sample)");
    }

    /// Stretch by stretch, those that have items, until there are enough.
    fn walk(&self, sql: &mut Sql) {
        sql.push(&format!(", walk AS (SELECT 0 AS step, {STRETCH} AS stretch, (SELECT COUNT(*) FROM near) AS hits, CAST(NULL AS BIGINT[]) AS times, CAST(NULL AS BIGINT[]) AS ids, CAST(NULL AS INT[]) AS kinds FROM rest UNION ALL SELECT walk.step + 1, "));
        sql.push(if self.backwards { "LEAST(" } else { "GREATEST(" });
        for (n, (_, table)) in self.tables().enumerate() {
            sql.push(if n > 0 { ", " } else { "" });
            sql.push(&format!("(SELECT occurred_at FROM {table} WHERE tenant = "));
            sql.bind(self.tenant).push(if self.backwards {
                " AND occurred_at >= (walk.stretch + 1) << 38"
            } else {
                " AND occurred_at < walk.stretch << 38"
            });
            range(sql, self.filter, None, None);
            sql.push(&format!(" ORDER BY {} LIMIT 1)", self.order()));
        }
        sql.push(") >> 38, walk.hits + found.hits, found.times, found.ids, found.kinds FROM walk CROSS JOIN LATERAL (SELECT COUNT(*) AS hits, array_agg(occurred_at) AS times, array_agg(id) AS ids, array_agg(kind) AS kinds FROM (SELECT * FROM (");
        self.both(sql, |sql, n, table| {
            let at = format!(" AND {STRETCH} = walk.stretch");
            self.indexed(sql, n, table, "tenant", "stretch", &at);
        });
        self.limit(sql.push(&format!(") AS items ORDER BY {} LIMIT ", self.order())));
        sql.push(") AS hits) AS found WHERE walk.stretch IS NOT NULL AND walk.hits < ");
        self.limit(sql);
        sql.push(&format!(" AND walk.step < {STRETCHES}), older AS MATERIALIZED (SELECT stretch FROM walk WHERE step = {STRETCHES} AND stretch IS NOT NULL AND hits < "));
        self.limit(sql);
        sql.push(")");
    }

    /// All of one table that is left, in no order, where it is needed. A tenant who is alone in the store is not asked of the
    /// index, which would go through all of the tenant's items beside those of the words.
    fn left_over(&self, sql: &mut Sql, n: usize, table: &str) {
        if self.homes.is_some() {
            let needed = " AND (SELECT COUNT(*) FROM rest) > 0";
            return self.indexed(sql, n, table, "tenant", "left_over", needed);
        }
        for (tenant, many) in [("+tenant", "= 1"), ("tenant", "> 1")] {
            sql.push(if many == "= 1" { "" } else { " UNION ALL " });
            let needed = format!(
                " AND (SELECT COUNT(*) FROM older) > 0 AND (SELECT COUNT(*) FROM (SELECT 1 FROM tenant LIMIT 2) AS tenants) {many}"
            );
            self.indexed(sql, n, table, tenant, "left_over", &needed);
            sql.push(&format!(" AND {STRETCH} {}= (SELECT stretch FROM older)", self.sign()));
        }
    }

    /// What the index of words finds behind the scan. Nothing around it may lead the planner to another way: it expects too
    /// much of a limit.
    fn indexed(&self, sql: &mut Sql, n: usize, table: &str, tenant: &str, way: &str, more: &str) {
        sql.push(&format!("SELECT id, occurred_at, kind FROM (SELECT id, occurred_at, {n} AS kind, words FROM {table} WHERE {tenant} = "));
        sql.bind(self.tenant);
        if let Some(homes) = self.homes {
            sql.push(" AND home").among(homes.iter().map(|home| home.0));
        }
        sql.push(more).push(" AND words @@ ");
        if self.parts().is_some() {
            sql.push(&format!("(SELECT {way} FROM way)"));
        } else {
            self.query(sql);
        }
        self.conditions(sql, n);
        range(sql, self.filter, None, None);
        sql.push(&format!(
            " OFFSET 0) AS indexed{n} WHERE (occurred_at, id) {} (SELECT occurred_at, id FROM rest)",
            self.sign()
        ));
        if self.parts().is_some() {
            self.query(sql.push(" AND words @@ "));
        }
    }

    /// Whole words, and beginnings beside them, of all customers: a few items of one tell nothing of the index.
    fn parts(&self) -> Option<(String, String)> {
        let (begun, whole): (Vec<_>, Vec<_>) =
            self.words.iter().cloned().partition(|word| word.begins);
        fts_query_postgres(&whole).zip(fts_query_postgres(&begun)).filter(|_| self.homes.is_none())
    }

    /// All words.
    fn query(&self, sql: &mut Sql) {
        let words = fts_query_postgres(self.words).unwrap_or_default();
        sql.push("CAST(").bind(words).push(" AS tsquery)");
    }

    pub(super) fn conditions(&self, sql: &mut Sql, n: usize) {
        conditions(sql, self.filter, n == 1);
    }

    pub(super) fn range(&self, sql: &mut Sql) {
        range(sql, self.filter, self.after, self.before);
    }

    pub(super) fn order(&self) -> &'static str {
        order_of(self.backwards)
    }

    /// How what comes later in the order compares with what comes before.
    fn sign(&self) -> &'static str {
        if self.backwards { ">" } else { "<" }
    }

    pub(super) fn limit(&self, sql: &mut Sql) {
        sql.bind(i64::try_from(self.limit).unwrap_or(i64::MAX));
    }

    fn both(&self, sql: &mut Sql, part: impl Fn(&mut Sql, usize, &str)) {
        for (at, (n, table)) in self.tables().enumerate() {
            sql.push(if at > 0 { " UNION ALL " } else { "" });
            part(sql, n, table);
        }
    }

    /// Of each home of several as many are read as of all together: fewer, then.
    fn newest(&self) -> usize {
        self.homes.map_or(NEWEST, |homes| NEWEST_OF_ONE / homes.len().clamp(1, 10))
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let admitted = [self.filter.admits_engagements(), self.filter.admits_page_views()];
        let tables = ["engagement", "page_view"].into_iter().enumerate();
        tables.filter(move |(n, _)| admitted[*n])
    }
}

fn order_of(backwards: bool) -> &'static str {
    if backwards { "occurred_at ASC, id ASC" } else { "occurred_at DESC, id DESC" }
}
