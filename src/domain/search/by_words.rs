//! The newest items that hold words, in the order of the history; here, by PostgreSQL.
//!
//! An index of words knows no order, and asked for a common word it gives all of its items. So the newest items are read one
//! by one first, which is enough for a common word. Then the index is asked for one stretch of time after the other, newest
//! first, and for more of them at once the less they hold. Each word stands in the index behind its tenant and its stretch,
//! so that of the beginning of a word, too, only what lies in these stretches is gathered.

use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::rapport::Rapport;
use crate::domain::search::item_conditions::{conditions, range};
use crate::domain::text::{AskedWord, fts_query_behind, fts_query_postgres};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};
use crate::store::sql::{CellType, Sql};

/// The newest items that are read one by one.
const NEWEST: usize = 2_000;
/// The same of one customer: the index, whose items are everybody's, helps only who has more.
const NEWEST_OF_ONE: usize = 4_000;
/// A stretch of time: 2^36 µs, or 19 hours.
const STRETCH: u32 = 36;
/// An item's words as the index has them.
const INDEXED: &str = "CAST(replace(' ' || CAST(words AS TEXT), ' ''', ' ''' || to_hex(tenant) || '.' || to_hex(occurred_at >> 36) || '.') AS TSVECTOR)";
/// Stands in what the index is asked for where tenant and stretch go; no word holds it.
const BEHIND: &str = "~";
/// How many times more stretches are asked for at once where there were not enough, and how many at most: to look one up costs
/// microseconds, and a statement that asks for hundreds more than each by itself.
const MORE: usize = 4;
const MOST: usize = 64;
/// The most words that the index is asked for, the longest; the rows are asked for all.
const ASKED: usize = 4;

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
        self.limit(sql.push("hit LIMIT "));
        // Where the scan ended without enough of them, if there may be more.
        sql.push("), rest AS MATERIALIZED (SELECT occurred_at, id FROM scanned WHERE (SELECT COUNT(*) FROM near) < ");
        self.limit(sql);
        sql.push(&format!(
            " AND (SELECT COUNT(*) FROM scanned) = {} ORDER BY {} LIMIT 1)",
            self.newest(),
            order_of(!self.backwards)
        ));
        self.walk(sql);
        sql.push(
            ", page AS MATERIALIZED (SELECT id, kind FROM (SELECT id, occurred_at, kind FROM near \
             UNION ALL SELECT found.id, found.at, found.kind FROM walk CROSS JOIN LATERAL unnest(walk.times, walk.ids, walk.kinds) AS found (at, id, kind)",
        );
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
        self.query(sql.push("(words @@ "));
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

    /// Stretches that have items, until there are enough.
    fn walk(&self, sql: &mut Sql) {
        let (outermost, inward, later) =
            if self.backwards { ("LEAST", "-", "+") } else { ("GREATEST", "+", "-") };
        sql.push(&format!(", walk AS (SELECT 1 AS width, (occurred_at >> {STRETCH}) {inward} 1 AS stretch, (SELECT COUNT(*) FROM near) AS hits, CAST(NULL AS BIGINT[]) AS times, CAST(NULL AS BIGINT[]) AS ids, CAST(NULL AS INT[]) AS kinds FROM rest UNION ALL SELECT LEAST(walk.width * {MORE}, {MOST}), next.stretch {later} (walk.width - 1), walk.hits + found.hits, found.times, found.ids, found.kinds FROM walk CROSS JOIN LATERAL (SELECT {outermost}("));
        for (n, (_, table)) in self.tables().enumerate() {
            sql.push(if n > 0 { ", " } else { "" });
            sql.push(&format!("(SELECT occurred_at FROM {table} WHERE tenant = "));
            sql.bind(self.tenant).push(&if self.backwards {
                format!(" AND occurred_at >= (walk.stretch + 1) << {STRETCH}")
            } else {
                format!(" AND occurred_at < walk.stretch << {STRETCH}")
            });
            range(sql, self.filter, None, None);
            sql.push(&format!(" ORDER BY {} LIMIT 1)", self.order()));
        }
        sql.push(&format!(") >> {STRETCH} AS stretch OFFSET 0) AS next CROSS JOIN LATERAL (SELECT CAST(string_agg('(' || replace("));
        self.asked(sql);
        sql.push(&format!(", '{BEHIND}', ")).bind(format!("{:x}.", self.tenant.0));
        sql.push(&format!(" || to_hex(next.stretch {later} s) || '.') || ')', ' | ') AS TSQUERY) AS query FROM generate_series(0, walk.width - 1) AS s OFFSET 0) AS asked CROSS JOIN LATERAL (SELECT COUNT(*) AS hits, array_agg(occurred_at) AS times, array_agg(id) AS ids, array_agg(kind) AS kinds FROM (SELECT * FROM ("));
        self.both(sql, |sql, n, table| self.indexed(sql, n, table));
        self.limit(sql.push(&format!(") AS items ORDER BY {} LIMIT ", self.order())));
        self.limit(sql.push(") AS hits) AS found WHERE next.stretch IS NOT NULL AND walk.hits < "));
        sql.push(")");
    }

    /// What the index of words finds of one table behind the scan. Nothing around it may lead the planner to another way: it
    /// expects too much of a limit.
    fn indexed(&self, sql: &mut Sql, n: usize, table: &str) {
        sql.push(&format!("SELECT id, occurred_at, kind FROM (SELECT tenant, home, id, occurred_at, {n} AS kind, words FROM {table} WHERE words IS NOT NULL AND {INDEXED} @@ asked.query"));
        self.conditions(sql, n);
        sql.push(&format!(" OFFSET 0) AS indexed{n} WHERE tenant = ")).bind(self.tenant);
        if let Some(homes) = self.homes {
            sql.push(" AND home").among(homes.iter().map(|home| home.0));
        }
        self.range(sql);
        sql.push(&format!(
            " AND (occurred_at, id) {} (SELECT occurred_at, id FROM rest)",
            if self.backwards { ">" } else { "<" }
        ));
        if self.words.len() > ASKED {
            self.query(sql.push(" AND words @@ "));
        }
    }

    /// What the index is asked for in a stretch.
    fn asked(&self, sql: &mut Sql) {
        let mut longest = self.words.to_vec();
        longest.sort_by_key(|asked| std::cmp::Reverse(asked.word.chars().count()));
        longest.truncate(ASKED);
        sql.bind(fts_query_behind(BEHIND, &longest).unwrap_or_default());
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
