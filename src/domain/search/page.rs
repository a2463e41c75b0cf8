//! The ordinary search for people: one statement, by ranges.

use std::collections::BTreeMap;

use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::hit_rows;
use crate::domain::search::place::{PersonKey, ROWS, rank_sql};
use crate::domain::search::placed::{self, Shown};
use crate::domain::search::ranges::{Scan, WHOLE_POINTS, over_terms_of, points_of_words};
use crate::domain::search::rank::{
    BEGUN_SCORE, EXACT_SCORE, FOUND_SCORE, Keys, NAME_SCORE, UNTITLED, Way,
};
use crate::domain::text::{SearchField, SearchQuery, TermRange, Weight};
use crate::ids::TenantId;
use crate::store::sql::Sql;

/// Which part of all hits is asked for.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub first: usize,
    pub after: Option<PersonKey>,
    pub shown: Shown,
}

/// Rows for [`Rapport::hits`](crate::domain::rapport::Rapport).
///
/// `g (part, points, person, age)` are the rows of all scans. One word needs no more, and traits only where others do not fill
/// the page. Of several words, names (or addresses) that begin with them are looked at first; where these do not fill the page, the word
/// with the fewest rows leads: its people's own terms tell whether the other words are theirs too, so that a common word
/// beside it costs nothing.
pub(super) fn statement(mut sql: Sql, tenant: TenantId, way: &Way, page: Page) -> Sql {
    let materialized = sql.dialect.materialized();
    let words = way.query.parts();
    let (mut traits, mut others): (Vec<Scan>, Vec<Scan>) =
        Scan::all(&way.query).into_iter().partition(|scan| words == 1 && scan.of_traits());
    sql.push("WITH ");
    let in_a_row = way.query.in_a_row.first();
    let gate = in_a_row.map(|range| in_a_row_first(&mut sql, tenant, range, page));
    sql.push("g AS ").push(materialized).push("(");
    scan_all(&mut sql, tenant, &mut others, gate.as_deref().unwrap_or_default());
    whole_identities(&mut sql, tenant, &way.keys);
    let named = whole_names(&mut sql, tenant, &way.query);
    sql.push(")");
    if words > 1 {
        those_with_all_words(&mut sql, tenant, &others, words);
    }
    // The best score, and the age of the terms that have it: others may be looked at for one page and not for the next.
    let rank = match way.weight {
        Weight::Full => rank_sql("score", "age"),
        Weight::Untitled => rank_sql(&format!("(score * {UNTITLED} / 1000)"), "age"),
    };
    let most = EXACT_SCORE - FOUND_SCORE;
    sql.push(&format!(
        ", best AS (SELECT person, MAX({rank}) AS rank FROM (SELECT person, age, \
         CASE {named}WHEN part < 0 THEN {WHOLE_SCORE} ELSE {FOUND_SCORE} + {} * points END AS score FROM ",
        most / WHOLE_POINTS
    ));
    if traits.is_empty() {
        sql.push("g");
    } else {
        sql.push("(SELECT * FROM g UNION ALL ");
        let gate = full("g", page);
        scan_all(&mut sql, tenant, &mut traits, &gate);
        sql.push(") AS g");
    }
    if words > 1 {
        let each = format!("{FOUND_SCORE} + {most} * points / {}", WHOLE_POINTS * count(words));
        sql.push(" WHERE part < 1 UNION ALL SELECT person, age, ").push(&each);
        sql.push(" FROM told WHERE points IS NOT NULL");
    }
    if gate.is_some() {
        sql.push(" UNION ALL SELECT person, age, score FROM named");
    }
    sql.push(") AS scored GROUP BY person)");
    places(&mut sql, tenant, page);
    placed::select(&mut sql, tenant, page.shown);
    sql
}

fn count(words: usize) -> i32 {
    i32::try_from(words).unwrap_or(i32::MAX / WHOLE_POINTS)
}

/// Adds the rows of these scans, each under a condition.
fn scan_all(sql: &mut Sql, tenant: TenantId, scans: &mut [Scan], condition: &str) {
    for (n, scan) in scans.iter_mut().enumerate() {
        sql.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        scan.bind(sql);
        scan.select(sql, tenant);
        sql.push(&format!(") AS g{n}{condition}"));
    }
}

/// The condition that these people do not fill a first page. Who stood on a page before is not known here.
fn full(people: &str, page: Page) -> String {
    match page.after {
        None => format!(" WHERE (SELECT COUNT(DISTINCT person) FROM {people}) < {}", page.first),
        Some(_) => " WHERE true".to_owned(),
    }
}

/// `named (person, age, score)`: those whose names or addresses are the words in a row, or begin with them; the condition under which the
/// words are looked for elsewhere.
fn in_a_row_first(sql: &mut Sql, tenant: TenantId, range: &TermRange, page: Page) -> String {
    let (lower, upper) = (&range.lower, &range.upper);
    let materialized = sql.dialect.materialized();
    sql.push("named AS ").push(materialized).push("(SELECT person, age, CASE WHEN term = ");
    sql.bind(lower.clone()).push(&format!(
        " THEN {NAME_SCORE} ELSE {BEGUN_SCORE} END AS score FROM search_term WHERE tenant = "
    ));
    sql.bind(tenant).push(" AND term >= ").bind(lower.clone()).push(" AND term < ");
    sql.bind(upper.clone()).push(&format!(" ORDER BY term, age, person LIMIT {ROWS}), "));
    full("named", page)
}

/// `told (person, age, points)`: of several words, the people of the rarest one, by whether their own terms hold the others.
fn those_with_all_words(sql: &mut Sql, tenant: TenantId, scans: &[Scan], words: usize) {
    let materialized = sql.dialect.materialized();
    sql.push(", lead AS (SELECT part FROM g WHERE part > 0 GROUP BY part ORDER BY COUNT(*), part LIMIT 1)");
    sql.push(", led AS ").push(materialized);
    sql.push("(SELECT person, MIN(age) AS age FROM g WHERE part = (SELECT part FROM lead) AND (SELECT COUNT(DISTINCT part) FROM g WHERE part > 0) = ");
    sql.push(&words.to_string()).push(" GROUP BY person)");
    let points = points_of_words(scans, words);
    let all: Vec<String> = points.iter().map(|points| format!("{points} > 0")).collect();
    let what = format!("CASE WHEN {} THEN {} END", all.join(" AND "), points.join(" + "));
    sql.push(", told AS ").push(materialized).push("(SELECT person, age, ");
    over_terms_of(sql, tenant, &what, "led.person", scans);
    sql.push(" AS points FROM led)");
}

/// The people of whole identities, as further rows of `g`.
fn whole_identities(sql: &mut Sql, tenant: TenantId, keys: &Keys) {
    // Of most texts all kinds have the same key: one look into the index takes their namespaces at once.
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (namespace, key) in keys {
        by_key.entry(key).or_default().push(namespace);
    }
    for (key, namespaces) in by_key {
        sql.push(" UNION ALL SELECT -1, 0, COALESCE(h.merged_into, h.number), 0 FROM identity i CROSS JOIN customer_head h WHERE i.tenant = ")
            .bind(tenant);
        // As a text that no index holds: PostgreSQL would go down the index once for each namespace.
        sql.push(" AND i.match_key = ").bind(key).push(" AND i.namespace || ''");
        sql.among_texts(namespaces);
        sql.push(" AND h.tenant = ").bind(tenant).push(" AND h.number = i.home");
    }
}

/// The people whose name is the text, as further rows of `g`; how their score is told.
fn whole_names(sql: &mut Sql, tenant: TenantId, query: &SearchQuery) -> String {
    let Some(name) = &query.name else { return String::new() };
    sql.push(" UNION ALL SELECT * FROM (SELECT -2, 0, t.person, t.age FROM search_term t WHERE t.tenant = ")
        .bind(tenant);
    sql.push(" AND t.term = ").bind(name.clone());
    let field = SearchField::Name.number();
    sql.push(&format!(" AND t.field = {field} ORDER BY t.age, t.person LIMIT {ROWS}) AS called"));
    format!("WHEN part = -2 THEN {NAME_SCORE} ")
}

/// `page`: the best, and, where they are wanted, what their heads tell.
fn places(sql: &mut Sql, tenant: TenantId, Page { first, after, shown }: Page) {
    let materialized = sql.dialect.materialized();
    sql.push(", page AS ").push(materialized).push("(SELECT best.* ");
    if shown == Shown::All {
        sql.push(&format!(", {}", hit_rows::HEAD));
    }
    sql.push(" FROM (SELECT * FROM best");
    if let Some(after) = after {
        sql.push(" WHERE (rank, person) < (").bind(after.rank).push(", ").bind(after.customer);
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY rank DESC, person DESC LIMIT {first}) AS best"));
    if shown == Shown::All {
        sql.push(" CROSS JOIN customer_head h WHERE h.tenant = ").bind(tenant);
        sql.push(" AND h.number = best.person");
    }
    sql.push(") ");
}
