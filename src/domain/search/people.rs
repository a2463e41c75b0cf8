//! The ordinary search for people: one statement, by ranges.

use std::collections::BTreeMap;

use crate::domain::identifier::{IdentifierRules, Parsed, parse};
use crate::domain::rapport::Rapport;
use crate::domain::search::hit::{PersonHit, PersonKey};
use crate::domain::search::ranges::{Scan, over_terms, points_of_words, survivor};
use crate::domain::search::rank::{EXACT_SCORE, Keys, PREFIX_SCORE, Values};
use crate::domain::search::{MOST_HITS, WHOLE_SCORE, fuzzy, hit_rows};
use crate::domain::text::SearchQuery;
use crate::entity::kinds::IdentityKind;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::sql::Sql;

const FOUND_SCORE: i32 = 2 * PREFIX_SCORE - EXACT_SCORE;

/// The kinds that a text without blanks may be a whole identity of. Emails and numbers are told by the query itself,
/// EXTERNAL ids have a namespace that nobody types.
const WHOLE_KINDS: [IdentityKind; 8] = [
    IdentityKind::Whatsapp,
    IdentityKind::Facebook,
    IdentityKind::Instagram,
    IdentityKind::Telegram,
    IdentityKind::Twitter,
    IdentityKind::UserId,
    IdentityKind::AnonymousId,
    IdentityKind::Device,
];

impl Rapport {
    /// People whom the text finds, best first: whole identities, whole words, beginnings of words, then fragments and
    /// typos. Every customer once, as its survivor. At most [`MOST_HITS`]; a text without letters and digits finds nobody.
    pub async fn search_people(
        &self,
        tenant: TenantId,
        typed: &str,
        first: usize,
        after: Option<PersonKey>,
    ) -> Result<Vec<PersonHit>> {
        let first = first.min(MOST_HITS);
        let rules = self.rules(tenant).await?;
        let query = SearchQuery::parse(typed, &rules.identifiers);
        if query.is_empty() || first == 0 {
            return Ok(Vec::new());
        }
        let keys = whole_keys(typed, &query, &rules.identifiers);
        let rows = self
            .store
            .all(statement(self.store.sql(), tenant, &query, &keys, first, after))
            .await?;
        let mut found: Vec<(PersonHit, Values)> = PersonHit::read_all(tenant, &rows)?;
        // Who typed a whole address meant it.
        let meant = !query.identities.is_empty()
            && found.first().is_some_and(|(hit, _)| hit.key().score == WHOLE_SCORE);
        if found.len() < first && !meant && fuzzy::worth_it(&query) {
            let rows =
                self.store.search(fuzzy::statement(self.store.sql(), tenant, &query)).await?;
            for (mut hit, values) in PersonHit::read_all(tenant, &rows)? {
                if found.iter().any(|(known, _)| known.customer.id == hit.customer.id)
                    || !hit.rank(&query, &keys, &values)
                {
                    continue;
                }
                if after.is_none_or(|after| hit.key() < after) {
                    found.push((hit, values));
                }
            }
            found.sort_by_key(|(hit, _)| std::cmp::Reverse(hit.key()));
            found.truncate(first);
        }
        Ok(found.into_iter().map(|(hit, values)| hit.marked(&values, &query)).collect())
    }
}

fn whole_keys(typed: &str, query: &SearchQuery, rules: &IdentifierRules) -> Keys {
    let mut keys: Keys = query
        .identities
        .iter()
        .map(|identity| (identity.namespace.clone(), identity.match_key.clone()))
        .collect();
    if query.whole.is_some() {
        for kind in WHOLE_KINDS {
            if let Ok(Parsed::Identifier(identity)) = parse(kind, typed, None, rules)
                && !keys.contains(&(identity.namespace.clone(), identity.match_key.clone()))
            {
                keys.push((identity.namespace, identity.match_key));
            }
        }
    }
    keys
}

/// Rows of [`hit_rows::select`].
///
/// `g` are the rows of all scans. One word needs no more. Of several words, the one with the fewest rows leads: its
/// people's own terms tell whether the other words are theirs too, so that a common word beside it costs nothing.
fn statement(
    mut sql: Sql,
    tenant: TenantId,
    query: &SearchQuery,
    keys: &Keys,
    first: usize,
    after: Option<PersonKey>,
) -> Sql {
    let materialized = sql.dialect.materialized();
    let words = query.words.len();
    let mut scans = Scan::all(query);
    sql.push("WITH g AS ").push(materialized).push("(");
    for (n, scan) in scans.iter_mut().enumerate() {
        sql.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        scan.bind(&mut sql);
        scan.select(&mut sql, tenant);
        sql.push(&format!(") AS g{n}"));
    }
    whole_identities(&mut sql, tenant, keys);
    // A home is found by several of its terms: its head is looked at once.
    sql.push("), found AS ").push(materialized);
    sql.push("(SELECT COALESCE(h.merged_into, h.number) AS person, best.score, h.list_seen AS seen FROM (SELECT home, ");
    sql.push(&format!(
        "MAX(CASE WHEN part < 0 THEN {WHOLE_SCORE} ELSE {FOUND_SCORE} + {} * points END) AS score FROM g",
        (EXACT_SCORE - FOUND_SCORE) / 2
    ));
    sql.push(if words == 1 { "" } else { " WHERE part < 1" })
        .push(" GROUP BY home) AS best CROSS JOIN customer_head h WHERE h.tenant = ");
    sql.bind(tenant).push(" AND h.number = best.home)");
    if words > 1 {
        those_with_all_words(&mut sql, tenant, &scans, words);
    }
    ranked(&mut sql, tenant, words);
    if let Some(after) = after {
        sql.push(" WHERE (score, seen, person) < (")
            .bind(after.score)
            .push(", ")
            .bind(after.last_seen)
            .push(", ")
            .bind(after.customer)
            .push(")");
    }
    sql.push(&format!(" ORDER BY score DESC, seen DESC, person DESC LIMIT {first}) "));
    hit_rows::select(&mut sql, tenant);
    sql
}

/// `told (person, points)`: of several words, the people of the rarest one, by whether their own terms hold the others.
fn those_with_all_words(sql: &mut Sql, tenant: TenantId, scans: &[Scan], words: usize) {
    let materialized = sql.dialect.materialized();
    sql.push(", lead AS (SELECT part FROM g WHERE part > 0 GROUP BY part ORDER BY COUNT(*), part LIMIT 1)");
    sql.push(", led AS ").push(materialized).push("(SELECT DISTINCT ");
    survivor(sql, tenant, "g.home");
    sql.push(" AS person FROM g WHERE part = (SELECT part FROM lead) AND (SELECT COUNT(DISTINCT part) FROM g WHERE part > 0) = ");
    sql.push(&words.to_string()).push(")");
    let points = points_of_words(scans, words);
    let all: Vec<String> = points.iter().map(|points| format!("{points} > 0")).collect();
    let what = format!("CASE WHEN {} THEN {} END", all.join(" AND "), points.join(" + "));
    sql.push(", told AS ").push(materialized).push("(SELECT person, ");
    over_terms(sql, tenant, &what, "led.person");
    sql.push(" AS points FROM led)");
}

/// The homes of whole identities, as further rows of `g`.
fn whole_identities(sql: &mut Sql, tenant: TenantId, keys: &Keys) {
    // Of most texts all kinds have the same key: one look into the index takes their namespaces at once.
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (namespace, key) in keys {
        by_key.entry(key).or_default().push(namespace);
    }
    for (key, namespaces) in by_key {
        sql.push(" UNION ALL SELECT -1, 2, i.home FROM identity i WHERE i.tenant = ").bind(tenant);
        sql.push(" AND i.match_key = ").bind(key).push(" AND i.namespace").among_texts(namespaces);
    }
}

/// The beginning of `page`: everybody who was found, once, as the survivor.
fn ranked(sql: &mut Sql, tenant: TenantId, words: usize) {
    let materialized = sql.dialect.materialized();
    // Only a survivor's head says when it was seen.
    sql.push(", page AS ")
        .push(materialized)
        .push("(SELECT person, score, seen FROM (SELECT person, MAX(score) AS score, ");
    sql.push("COALESCE(MAX(seen), (SELECT h.list_seen FROM customer_head h WHERE h.tenant = ")
        .bind(tenant)
        .push(" AND h.number = person), 0) AS seen FROM ");
    if words == 1 {
        sql.push("found");
    } else {
        sql.push("(SELECT person, score, seen FROM found UNION ALL SELECT person, ");
        sql.push(&format!(
            "{FOUND_SCORE} + {} * points / {}, NULL FROM told WHERE points IS NOT NULL) AS everybody",
            EXACT_SCORE - FOUND_SCORE,
            2 * words
        ));
    }
    sql.push(" WHERE person IS NOT NULL GROUP BY person) AS ranked");
}
