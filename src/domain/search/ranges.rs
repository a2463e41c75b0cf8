//! A search as scans of the index of terms.

use crate::domain::search::place::ROWS;
use crate::domain::text::{SearchField, SearchQuery, TermRange};
use crate::ids::TenantId;
use crate::store::sql::Sql;

/// Terms that one part of a search asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Scan {
    /// 0: the text as a whole. From 1: the words.
    pub part: usize,
    pub lower: String,
    pub upper: String,
    field: SearchField,
    /// The parameters that hold the bounds.
    bounds: (usize, usize),
}

impl Scan {
    /// All scans of a search. Ranges with the same bounds are one scan.
    pub fn all(query: &SearchQuery) -> Vec<Scan> {
        let mut scans: Vec<Scan> = Vec::new();
        let words = query
            .word_ranges()
            .into_iter()
            .enumerate()
            .flat_map(|(n, ranges)| ranges.into_iter().map(move |range| (n + 1, range)));
        for (part, range) in words.chain(query.whole_ranges().into_iter().map(|range| (0, range))) {
            add(&mut scans, part, range, query.parts() == 1);
        }
        scans
    }

    pub fn bind(&mut self, sql: &mut Sql) {
        for bound in [&self.lower, &self.upper] {
            sql.values.push(bound.clone().into());
        }
        self.bounds = (sql.values.len() - 1, sql.values.len());
    }

    /// Whether it asks for traits, which are worth less than all others.
    pub fn of_traits(&self) -> bool {
        self.field == SearchField::Trait
    }

    /// The points of the whole term, and of its beginning.
    fn points(&self) -> (i32, i32) {
        (points_of(self.field, true), points_of(self.field, false))
    }

    /// Adds `SELECT part, points, person, age` of the scan. The whole terms come first, of each term those who were seen
    /// last.
    pub fn select(&self, sql: &mut Sql, tenant: TenantId) {
        let ((lower, upper), (whole, beginning)) = (self.bounds, self.points());
        sql.push(&format!(
            "SELECT {} AS part, CASE WHEN term = ${lower} THEN {whole} ELSE {beginning} END AS points, person, age FROM search_term WHERE tenant = ",
            self.part,
        ));
        sql.bind(tenant).push(&format!(
            " AND term >= ${lower} AND term < ${upper} ORDER BY term, age, person LIMIT {ROWS}"
        ));
    }

    /// Adds `SELECT person` of everybody with such a term, however many.
    pub fn select_people(&self, sql: &mut Sql, tenant: TenantId) {
        sql.push("SELECT person FROM search_term WHERE tenant = ").bind(tenant);
        sql.push(" AND term >= ").bind(self.lower.clone());
        sql.push(" AND term < ").bind(self.upper.clone());
    }

    /// A `WHEN` chain that gives a term `t` its points.
    fn whens(&self) -> String {
        let ((lower, upper), (whole, beginning)) = (self.bounds, self.points());
        format!(
            " WHEN t.term = ${lower} THEN {whole} WHEN t.term >= ${lower} AND t.term < ${upper} THEN {beginning}"
        )
    }
}

/// What a term tells of a word: the whole of it, or its beginning.
pub(super) const WHOLE_POINTS: i32 = 4;
pub(super) const BEGINNING_POINTS: i32 = 2;
/// Who lives in Berlin comes after all whose name it is.
const TRAIT_POINTS: i32 = 1;

/// The points of a term of a field.
pub(super) fn points_of(field: SearchField, whole: bool) -> i32 {
    match (field, whole) {
        (SearchField::Trait, _) => TRAIT_POINTS,
        (_, true) => WHOLE_POINTS,
        (_, false) => BEGINNING_POINTS,
    }
}

fn add(scans: &mut Vec<Scan>, part: usize, range: TermRange, one_word: bool) {
    // Of one word, the text as a whole is that word again.
    let same = |scan: &Scan| {
        (scan.part == part || (one_word && part == 0))
            && scan.lower == range.lower
            && scan.upper == range.upper
    };
    if !scans.iter().any(same) {
        let TermRange { field, lower, upper } = range;
        scans.push(Scan { part, lower, upper, field, bounds: (0, 0) });
    }
}

/// For each word the points that the terms of a person have for it, as an aggregate over their rows `t`.
pub(super) fn points_of_words(scans: &[Scan], words: usize) -> Vec<String> {
    (1..=words).map(|word| points_of_part(scans, word)).collect()
}

/// The same for one part of a search that has scans.
pub(super) fn points_of_part(scans: &[Scan], part: usize) -> String {
    let whens: String = scans.iter().filter(|scan| scan.part == part).map(Scan::whens).collect();
    format!("MAX(CASE{whens} ELSE 0 END)")
}

/// Adds `(SELECT what FROM the terms of all homes of `person`)`.
pub(super) fn over_terms(sql: &mut Sql, tenant: TenantId, what: &str, person: &str) {
    over_homes(sql, tenant, what, person);
    sql.push(")");
}

/// The same without terms before and behind all that the scans ask for: of a person who has none of these, nothing.
pub(super) fn over_terms_of(
    sql: &mut Sql,
    tenant: TenantId,
    what: &str,
    person: &str,
    scans: &[Scan],
) {
    over_homes(sql, tenant, what, person);
    let lower = scans.iter().map(|scan| &scan.lower).min().cloned().unwrap_or_default();
    let upper = scans.iter().map(|scan| &scan.upper).max().cloned().unwrap_or_default();
    sql.push(" AND t.term >= ").bind(lower).push(" AND t.term < ").bind(upper).push(")");
}

fn over_homes(sql: &mut Sql, tenant: TenantId, what: &str, person: &str) {
    sql.push(&format!("(SELECT {what} FROM (SELECT {person} AS home UNION ALL SELECT m.number FROM customer_head m WHERE m.tenant = "))
        .bind(tenant);
    sql.push(&format!(
        " AND m.merged_into = {person}) AS homes CROSS JOIN search_term t WHERE t.tenant = "
    ))
    .bind(tenant);
    sql.push(" AND t.home = homes.home");
}

/// Adds the survivor of a home as a scalar, so that every plan asks by key.
pub(super) fn survivor(sql: &mut Sql, tenant: TenantId, home: &str) {
    sql.push("(SELECT COALESCE(h.merged_into, h.number) FROM customer_head h WHERE h.tenant = ")
        .bind(tenant);
    sql.push(&format!(" AND h.number = {home})"));
}
