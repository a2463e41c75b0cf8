//! The statements of history pages and counts: a measured path, so that their SQL is written by hand.

use crate::domain::history::page::PageRequest;
use crate::domain::history::prepared;
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item_columns::Columns;
use crate::domain::search::{conditions, range};
use crate::domain::text::{asked_words, fts_query_postgres, fts_query_sqlite};
use crate::ids::{CustomerId, TenantId};
use crate::store::Dialect;
use crate::store::sql::{CellType, Sql};

/// The most homes of one customer whose rows SQLite merges in one statement.
const MOST_HOMES: usize = 100;

/// The statements that read a page of each home; where all are homes of one customer, no more than its page. Each brings
/// lines.
pub(super) fn pages(
    dialect: Dialect,
    tenant: TenantId,
    homes: &[CustomerId],
    of_one: bool,
    request: &PageRequest,
) -> Vec<Sql> {
    if dialect.is_postgres() {
        let several = of_one && homes.len() > 1;
        let read = if several { of_several } else { lateral };
        return vec![read(tenant, homes, request)];
    }
    if of_one {
        homes.chunks(MOST_HOMES).map(|homes| side_by_side(tenant, homes, request)).collect()
    } else {
        vec![home_by_home(tenant, homes, request)]
    }
}

/// A select of lines.
fn selected(dialect: Dialect, request: &PageRequest, select: impl FnOnce(&mut Sql)) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT ").lines(request.columns.places(), select);
    sql
}

/// PostgreSQL: the planner expects the average customer; read home by home, it has no choice but the index's order.
fn lateral(tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
    selected(Dialect::Postgres, request, |sql| {
        if let [home] = homes {
            both_tables(sql, tenant, request, &|sql| {
                sql.push(" AND home = ").bind(*home);
            });
            return;
        }
        of_each(sql, homes);
        both_tables(sql, tenant, request, &|sql| {
            sql.push(" AND home = h.column1");
        });
        sql.push(") AS x");
    })
}

/// The same for several homes of one customer: the keys of a page of each, which their index has, and only then the rows
/// of those that are the page.
fn of_several(tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
    let mut sql = Sql::new(Dialect::Postgres);
    sql.push("WITH page AS MATERIALIZED (");
    of_each(&mut sql, homes);
    tables(&mut sql, tenant, request, PerTable::Keys, &|sql| {
        sql.push(" AND home = h.column1");
    });
    sql.push(") AS x");
    first_rows(&mut sql, request);
    sql.push(") SELECT ").lines(request.columns.places(), |sql| {
        of_page(sql, tenant, request.columns);
    });
    sql
}

fn of_each(sql: &mut Sql, homes: &[CustomerId]) {
    let rows: Vec<_> = homes.iter().map(|home| vec![home.0.into()]).collect();
    sql.push("SELECT x.* FROM ").rows(&[CellType::Big], &rows);
    sql.push(" AS h CROSS JOIN LATERAL (");
}

/// The items of `page (id, kind)`, 1 being a page view.
pub(super) fn of_page(sql: &mut Sql, tenant: TenantId, columns: Columns) {
    for (n, (table, columns)) in columns.of_tables().into_iter().enumerate() {
        sql.push(if n == 0 { "SELECT " } else { " UNION ALL SELECT " }).add(columns);
        sql.push(&format!(" FROM {table} WHERE tenant = ")).bind(tenant);
        sql.push(&format!(" AND id IN (SELECT id FROM page WHERE kind = {n})"));
    }
}

/// SQLite: the page of one customer, from the indexes of all homes side by side.
fn side_by_side(tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
    selected(Dialect::Sqlite, request, |sql| {
        for (n, home) in homes.iter().enumerate() {
            if n > 0 {
                sql.push(" UNION ALL ");
            }
            tables(sql, tenant, request, PerTable::Unlimited, &|sql| {
                sql.push(" AND home = ").bind(*home);
            });
        }
        first_rows(sql, request);
    })
}

/// SQLite: a page of each home.
fn home_by_home(tenant: TenantId, homes: &[CustomerId], request: &PageRequest) -> Sql {
    let mut sql = Sql::new(Dialect::Sqlite);
    sql.push("SELECT '[' || group_concat(page) || ']' FROM (SELECT ");
    sql.listed_lines(request.columns.places(), |sql| {
        both_tables(sql, tenant, request, &|sql| {
            sql.push(" AND home = h.value");
        });
    });
    let homes = homes.iter().map(|home| home.0).collect::<serde_json::Value>().to_string();
    sql.push(" AS page FROM json_each(").bind(homes).push(") AS h)");
    sql
}

/// A page of everything that the tenant has.
pub(super) fn latest(dialect: Dialect, tenant: TenantId, request: &PageRequest) -> Sql {
    selected(dialect, request, |sql| both_tables(sql, tenant, request, &|_| ()))
}

/// Adds the columns of the row that was prepared, where the page may be of one, and where there is none, one column with a page
/// of the history of the home `s`, for [`Page::read`](crate::domain::history::page::Page); empty where other homes were
/// merged into it.
pub(crate) fn columns(sql: &mut Sql, tenant: TenantId, request: &PageRequest) {
    if request.is_newest() {
        prepared::columns(sql, request);
        sql.push(", CASE WHEN r.position IS NULL AND ");
    } else {
        sql.push("CASE WHEN ");
    }
    // One at a time: of a NOT EXISTS in a list, PostgreSQL makes a table of all who were ever merged. Most never were.
    sql.push("(s.shape = 0 OR (SELECT m.number FROM customer_head m WHERE m.tenant = s.tenant AND m.merged_into = s.number LIMIT 1) IS NULL) THEN ");
    sql.lines(request.columns.places(), |sql| {
        both_tables(sql, tenant, request, &|sql| {
            sql.push(" AND home = s.number");
        });
    });
    sql.push(" END");
}

/// How many there are, in these homes or in all, counted in each table no further than one more than the page takes.
pub(super) fn count(
    dialect: Dialect,
    tenant: TenantId,
    homes: Option<&[CustomerId]>,
    request: &PageRequest,
) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT COUNT(*) FROM (");
    tables(&mut sql, tenant, request, PerTable::Limited, &|sql| {
        if let Some(homes) = homes {
            sql.push(" AND home").among(homes.iter().map(|home| home.0));
        }
    });
    sql.push(") AS counted");
    sql
}

/// Both parts in one order, no further than the page goes: the two indexes are then read side by side, and no further.
/// PostgreSQL does so where the columns of both have the same types and each part is limited, SQLite where neither is:
/// otherwise the whole page, or the whole history, would be fetched from each and sorted.
fn both_tables(sql: &mut Sql, tenant: TenantId, request: &PageRequest, home: &dyn Fn(&mut Sql)) {
    let limit = if sql.is_postgres() { PerTable::Limited } else { PerTable::Unlimited };
    tables(sql, tenant, request, limit, home);
    first_rows(sql, request);
}

/// Whether each table's part of a page ends by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PerTable {
    /// No: what is around it puts the parts in one order and ends that.
    Unlimited,
    /// After as many rows as the page takes.
    Limited,
    /// The same, with nothing but the keys and which table it is.
    Keys,
}

/// One table's part of a page: everything but the home's condition is bound here.
fn table(
    sql: &mut Sql,
    tenant: TenantId,
    request: &PageRequest,
    page_views: bool,
    limit: PerTable,
    home: impl FnOnce(&mut Sql),
) {
    let (table, columns) = if page_views {
        ("page_view", request.columns.of_page_view())
    } else {
        ("engagement", request.columns.of_engagement())
    };
    sql.push(if limit == PerTable::Unlimited { "SELECT " } else { "SELECT * FROM (SELECT " });
    if limit == PerTable::Keys {
        sql.push(&format!("id, occurred_at, {} AS kind", u8::from(page_views)));
    } else {
        sql.add(columns);
    }
    sql.push(" FROM ").push(table).push(" WHERE tenant = ").bind(tenant);
    home(sql);
    range(sql, &request.filter, request.after, request.before);
    conditions(sql, &request.filter, page_views);
    words(sql, &request.filter);
    if limit != PerTable::Unlimited {
        first_rows(sql, request);
        sql.push(if page_views { ") AS v" } else { ") AS e" });
    }
}

/// Both tables' parts; nothing where the filter admits neither.
fn tables(
    sql: &mut Sql,
    tenant: TenantId,
    request: &PageRequest,
    limit: PerTable,
    home: &dyn Fn(&mut Sql),
) {
    let wanted: Vec<bool> =
        [(false, request.filter.admits_engagements()), (true, request.filter.admits_page_views())]
            .into_iter()
            .filter(|(_, wanted)| *wanted)
            .map(|(page_views, _)| page_views)
            .collect();
    for (n, page_views) in wanted.iter().enumerate() {
        if n > 0 {
            sql.push(" UNION ALL ");
        }
        table(sql, tenant, request, *page_views, limit, home);
    }
    if wanted.is_empty() {
        table(sql, tenant, request, true, limit, |sql| {
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

fn words(sql: &mut Sql, filter: &HistoryFilter) {
    if let Some(text) = &filter.text {
        let words = asked_words(text);
        if sql.is_postgres() {
            if let Some(query) = fts_query_postgres(&words) {
                sql.push(" AND words @@ ").bind(query).push("::tsquery");
            }
        } else if let Some(query) = fts_query_sqlite(&words) {
            // Whose they are, the rows tell: the index would go through all of the tenant's.
            sql.push(" AND id IN (SELECT rowid FROM item_words WHERE item_words MATCH ")
                .bind(format!("words : ({query})"))
                .push(")");
        }
    }
}
