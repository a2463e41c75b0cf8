//! One history: engagements and page views of a customer in one order, newest first, read over its homes.
//!
//! For each home the newest n+1 after the cursor come from its index; they are merged and cut. What a page costs depends
//! on the page and on the number of homes, not on how long the history is.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::domain::index::scope_word;
use crate::domain::item::{COLUMNS, ENGAGEMENT_COLUMNS, Item, Line, PAGE_VIEW_COLUMNS, get, maybe};
use crate::domain::rapport::Rapport;
use crate::domain::sql::Sql;
use crate::domain::words::{fts_query_postgres, fts_query_sqlite, fts_words};
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, ItemId, Micros, TenantId};

/// The most homes of one customer whose rows SQLite merges in one statement.
const ARMS: usize = 100;

/// Where a page begins: the place of an item in the order.
pub type Place = (Micros, ItemId);

/// Which items.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct HistoryFilter {
    pub kinds: Vec<HistoryKind>,
    pub record_types: Vec<String>,
    pub channels: Vec<Channel>,
    pub direction: Option<Direction>,
    pub since: Option<Micros>,
    pub until: Option<Micros>,
    pub text: Option<String>,
    /// Page views of one category.
    pub category: Option<String>,
}

/// Which page of them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PageRequest {
    pub filter: HistoryFilter,
    pub limit: u64,
    /// Older than this.
    pub after: Option<Place>,
    /// Newer than this.
    pub before: Option<Place>,
    /// The last of the range instead of the first.
    pub backwards: bool,
}

/// A page, newest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    pub items: Vec<Arc<Item>>,
    /// More in the direction of paging.
    pub more: bool,
}

impl HistoryFilter {
    pub fn is_open(&self) -> bool {
        *self == HistoryFilter::default()
    }

    /// Whether kept counts answer it.
    pub fn is_counted(&self) -> bool {
        HistoryFilter { kinds: Vec::new(), record_types: Vec::new(), ..self.clone() }.is_open()
    }

    /// The same question, asked of an item at hand.
    pub fn admits(&self, item: &Item) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&item.kind))
            && (self.record_types.is_empty()
                || item.record_type().is_some_and(|name| self.record_types.iter().any(|wanted| wanted == name)))
            && (self.channels.is_empty() || self.channels.contains(&item.channel))
            && (self.direction.is_none() || self.direction == item.direction)
            && self.since.is_none_or(|since| item.occurred_at >= since)
            && self.until.is_none_or(|until| item.occurred_at < until)
            && self.category.as_ref().is_none_or(
                |wanted| matches!(&item.body, crate::domain::item::Body::PageView(page) if page.category.as_ref() == Some(wanted)),
            )
            && self.text.as_ref().is_none_or(|text| {
                let words = fts_words(&item.text_for_search());
                let mut wanted = fts_words(text);
                let last = wanted.pop();
                wanted.iter().all(|word| words.contains(word)) && last.is_none_or(|last| words.iter().any(|word| word.starts_with(&last)))
            })
    }

    fn engagements(&self) -> bool {
        self.category.is_none()
            && (self.kinds.is_empty()
                || self.kinds.iter().any(|kind| *kind != HistoryKind::PageView))
    }

    fn page_views(&self) -> bool {
        self.record_types.is_empty()
            && (self.kinds.is_empty() || self.kinds.contains(&HistoryKind::PageView))
    }
}

/// The conditions of a filter on one of the two tables.
fn conditions(sql: &mut Sql, tenant: TenantId, filter: &HistoryFilter, pages: bool) {
    if !pages {
        if !filter.kinds.is_empty() {
            sql.push(" AND kind").among(filter.kinds.iter().map(|kind| i64::from(kind.number())));
        }
        if !filter.record_types.is_empty() {
            sql.push(" AND record_type")
                .among_texts(filter.record_types.iter().map(String::as_str));
        }
    }
    if let (true, Some(category)) = (pages, &filter.category) {
        sql.push(" AND category = ").bind(category.clone());
    }
    if !filter.channels.is_empty() {
        sql.push(" AND channel")
            .among(filter.channels.iter().map(|channel| i64::from(channel.number())));
    }
    if let Some(direction) = filter.direction {
        sql.push(" AND direction = ").bind(direction.number());
    }
    if let Some(since) = filter.since {
        sql.push(" AND occurred_at >= ").bind(since);
    }
    if let Some(until) = filter.until {
        sql.push(" AND occurred_at < ").bind(until);
    }
    if let Some(text) = &filter.text {
        let words = fts_words(text);
        if sql.is_postgres() {
            if let Some(query) = fts_query_postgres(&words) {
                sql.push(" AND words @@ ").bind(query).push("::tsquery");
            }
        } else if let Some(query) = fts_query_sqlite(&words) {
            let query = format!("scope : {} AND words : ({query})", scope_word(tenant));
            sql.push(" AND id IN (SELECT rowid FROM item_words WHERE item_words MATCH ")
                .bind(query)
                .push(")");
        }
    }
}

/// Whether each table's part of a page ends by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Each {
    /// No: what is around it puts the parts in one order and ends that.
    Open,
    /// After as many rows as the page takes.
    Limited,
}

/// One table's part of a page: everything but the home's condition is bound here.
fn arm(
    sql: &mut Sql,
    tenant: TenantId,
    request: &PageRequest,
    pages: bool,
    each: Each,
    home: impl FnOnce(&mut Sql),
) {
    let (table, columns) =
        if pages { ("page_view", PAGE_VIEW_COLUMNS) } else { ("engagement", ENGAGEMENT_COLUMNS) };
    sql.push(if each == Each::Limited { "SELECT * FROM (SELECT " } else { "SELECT " });
    sql.push(columns).push(" FROM ").push(table).push(" WHERE tenant = ").bind(tenant);
    home(sql);
    for (place, sign) in [(request.after, "<"), (request.before, ">")] {
        if let Some((at, id)) = place {
            sql.push(" AND (occurred_at, id) ")
                .push(sign)
                .push(" (")
                .bind(at)
                .push(", ")
                .bind(id)
                .push(")");
        }
    }
    conditions(sql, tenant, &request.filter, pages);
    if each == Each::Limited {
        first_rows(sql, request);
        sql.push(if pages { ") AS v" } else { ") AS e" });
    }
}

/// Both tables' parts; nothing where the filter admits neither.
fn arms(
    sql: &mut Sql,
    tenant: TenantId,
    request: &PageRequest,
    each: Each,
    home: &dyn Fn(&mut Sql),
) {
    let tables: Vec<bool> =
        [(false, request.filter.engagements()), (true, request.filter.page_views())]
            .into_iter()
            .filter(|(_, wanted)| *wanted)
            .map(|(pages, _)| pages)
            .collect();
    for (n, pages) in tables.iter().enumerate() {
        if n > 0 {
            sql.push(" UNION ALL ");
        }
        arm(sql, tenant, request, *pages, each, home);
    }
    if tables.is_empty() {
        arm(sql, tenant, request, true, each, |sql| {
            sql.push(" AND 1 = 0");
        });
    }
}

/// The order of the page, no further than it goes.
fn first_rows(sql: &mut Sql, request: &PageRequest) {
    sql.push(if request.backwards {
        " ORDER BY occurred_at ASC, id ASC"
    } else {
        " ORDER BY occurred_at DESC, id DESC"
    });
    sql.push(" LIMIT ").bind((request.limit + 1) as i64);
}

/// SQLite: adds one column, a page of the history of the home `s`, for [`parse`]; empty where other homes were merged into it.
pub(super) fn column(sql: &mut Sql, tenant: TenantId, request: &PageRequest) {
    sql.push("CASE WHEN NOT EXISTS (SELECT 1 FROM customer_head m WHERE m.tenant = s.tenant AND m.merged_into = s.number) THEN '[' || ");
    sql.lines(COLUMNS, |sql| {
        merged(sql, tenant, request, &|sql| {
            sql.push(" AND home = s.number");
        });
    });
    sql.push(" || ']' END");
}

pub(super) fn parse(lines: Option<&str>, request: &PageRequest) -> Result<Page> {
    Ok(cut(read_lines(lines)?.iter(), request))
}

fn read_lines(lines: Option<&str>) -> Result<Vec<Arc<Item>>> {
    let Some(lines) = lines else { return Ok(Vec::new()) };
    let lines: Vec<Line> = serde_json::from_str(lines)
        .map_err(|error| Error::Internal(format!("history: {error}")))?;
    lines.into_iter().map(|line| Item::try_from(line).map(Arc::new)).collect()
}

/// Both parts in one order, no further than the page goes: the two indexes are then read side by side, and no further.
/// PostgreSQL does so where the columns of both have the same types and each part is limited, SQLite where neither is:
/// otherwise the whole page, or the whole history, would be fetched from each and sorted.
fn merged(sql: &mut Sql, tenant: TenantId, request: &PageRequest, home: &dyn Fn(&mut Sql)) {
    arms(sql, tenant, request, if sql.is_postgres() { Each::Limited } else { Each::Open }, home);
    first_rows(sql, request);
}

impl Rapport {
    /// A page of each customer's history, in the order of the customers; each with all its homes.
    pub async fn histories(
        &self,
        tenant: TenantId,
        customers: &[Vec<CustomerId>],
        request: &PageRequest,
    ) -> Result<Vec<Page>> {
        let homes: BTreeSet<CustomerId> = customers.iter().flatten().copied().collect();
        let homes: Vec<CustomerId> = homes.into_iter().collect();
        let mut by_home: HashMap<CustomerId, Vec<Arc<Item>>> = HashMap::new();
        let statements = match (self.store.is_postgres(), customers.len()) {
            (true, count) => vec![self.lateral(tenant, &homes, count == 1, request)],
            (false, 1) => {
                homes.chunks(ARMS).map(|homes| self.side_by_side(tenant, homes, request)).collect()
            }
            (false, _) => vec![self.home_by_home(tenant, &homes, request)],
        };
        for statement in statements {
            for item in self.items_of(statement).await? {
                by_home.entry(item.home).or_default().push(item);
            }
        }
        Ok(customers
            .iter()
            .map(|homes| cut(homes.iter().filter_map(|home| by_home.get(home)).flatten(), request))
            .collect())
    }

    /// The items that a statement of this module brings: rows on PostgreSQL, [`Sql::lines`] on SQLite.
    async fn items_of(&self, sql: Sql) -> Result<Vec<Arc<Item>>> {
        let rows = self.store.all(sql).await?;
        if self.store.is_postgres() {
            return rows.iter().map(|row| Item::read(row, 0).map(Arc::new)).collect();
        }
        let mut items = Vec::new();
        for row in &rows {
            items.extend(read_lines(maybe::<String>(row, 0)?.as_deref())?);
        }
        Ok(items)
    }

    /// The planner expects the average customer; read home by home, it has no choice but the index's order.
    fn lateral(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
        of_one: bool,
        request: &PageRequest,
    ) -> Sql {
        let mut sql = self.store.sql();
        if let [home] = homes {
            merged(&mut sql, tenant, request, &|sql| {
                sql.push(" AND home = ").bind(*home);
            });
            return sql;
        }
        sql.push("SELECT x.* FROM ").rows(
            &[crate::domain::sql::Column::Big],
            &homes.iter().map(|home| vec![home.0.into()]).collect::<Vec<_>>(),
        );
        sql.push(" AS h CROSS JOIN LATERAL (");
        merged(&mut sql, tenant, request, &|sql| {
            sql.push(" AND home = h.column1");
        });
        sql.push(") AS x");
        // Of one customer no more rows are wanted than the page has, however many homes there are.
        if of_one {
            first_rows(&mut sql, request);
        }
        sql
    }

    /// SQLite: the page of one customer, from the indexes of all homes side by side.
    fn side_by_side(&self, tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
        let mut sql = self.store.sql();
        sql.push("SELECT '[' || ");
        sql.lines(COLUMNS, |sql| {
            for (n, home) in homes.iter().enumerate() {
                if n > 0 {
                    sql.push(" UNION ALL ");
                }
                arms(sql, tenant, request, Each::Open, &|sql| {
                    sql.push(" AND home = ").bind(*home);
                });
            }
            first_rows(sql, request);
        });
        sql.push(" || ']'");
        sql
    }

    /// SQLite: a page of each home.
    fn home_by_home(&self, tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
        let mut sql = self.store.sql();
        sql.push("SELECT '[' || group_concat(page) || ']' FROM (SELECT ");
        sql.lines(COLUMNS, |sql| {
            merged(sql, tenant, request, &|sql| {
                sql.push(" AND home = h.value");
            });
        });
        let homes = serde_json::Value::from_iter(homes.iter().map(|home| home.0)).to_string();
        sql.push(" AS page FROM json_each(").bind(homes).push(") AS h)");
        sql
    }

    /// The tenant's latest.
    pub async fn latest(&self, tenant: TenantId, request: &PageRequest) -> Result<Page> {
        let mut sql = self.store.sql();
        if self.store.is_postgres() {
            merged(&mut sql, tenant, request, &|_| ());
        } else {
            sql.push("SELECT '[' || ");
            sql.lines(COLUMNS, |sql| merged(sql, tenant, request, &|_| ()));
            sql.push(" || ']'");
        }
        Ok(cut(self.items_of(sql).await?.iter(), request))
    }

    /// How many there are, counted no further than `most`.
    pub async fn count_history(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
        filter: &HistoryFilter,
        most: u64,
    ) -> Result<u64> {
        let request = PageRequest { filter: filter.clone(), limit: most, ..PageRequest::default() };
        let mut sql = self.store.sql();
        sql.push("SELECT COUNT(*) FROM (");
        arms(&mut sql, tenant, &request, Each::Limited, &|sql| {
            sql.push(" AND home").among(homes.iter().map(|home| home.0));
        });
        sql.push(") AS counted");
        let row = self.store.one(sql).await?;
        Ok(row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// How many the tenant has, counted no further than `most`.
    pub async fn count_latest(
        &self,
        tenant: TenantId,
        filter: &HistoryFilter,
        most: u64,
    ) -> Result<u64> {
        let request = PageRequest { filter: filter.clone(), limit: most, ..PageRequest::default() };
        let mut sql = self.store.sql();
        sql.push("SELECT COUNT(*) FROM (");
        arms(&mut sql, tenant, &request, Each::Limited, &|_| ());
        sql.push(") AS counted");
        let row = self.store.one(sql).await?;
        Ok(row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// Items by id, whatever their table.
    pub async fn items(&self, tenant: TenantId, ids: &[ItemId]) -> Result<Vec<Arc<Item>>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = self.store.sql();
        for (n, (table, columns)) in
            [("engagement", ENGAGEMENT_COLUMNS), ("page_view", PAGE_VIEW_COLUMNS)]
                .into_iter()
                .enumerate()
        {
            sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " })
                .push(columns)
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

/// The pages of several homes become one.
fn cut<'a>(items: impl Iterator<Item = &'a Arc<Item>>, request: &PageRequest) -> Page {
    let mut items: Vec<Arc<Item>> = items.cloned().collect();
    let place = |item: &Arc<Item>| (item.occurred_at, item.id);
    if request.backwards {
        items.sort_unstable_by_key(|item| place(item));
    } else {
        items.sort_unstable_by_key(|item| std::cmp::Reverse(place(item)));
    }
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    if request.backwards {
        items.reverse();
    }
    Page { items, more }
}
