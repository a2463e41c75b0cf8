//! The ordinary search for people: one statement, by ranges.

use std::collections::BTreeMap;

use crate::domain::identifier::{IdentifierRules, Parsed, parse};
use crate::domain::rapport::Rapport;
use crate::domain::search::hit::{PersonHit, PersonKey};
use crate::domain::search::ranges::{Scan, over_terms, points_of_words, survivor};
use crate::domain::search::rank::{
    EXACT_SCORE, Keys, NAME_SCORE, PREFIX_SCORE, UNTITLED, Values, Way,
};
use crate::domain::search::{MOST_HITS, WHOLE_SCORE, fuzzy, hit_rows};
use crate::domain::text::{Reading, SearchField, SearchQuery, Weight};
use crate::entity::kinds::IdentityKind;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::sql::Sql;

const FOUND_SCORE: i32 = 2 * PREFIX_SCORE - EXACT_SCORE;
/// The most people of one whole name.
const NAMED: usize = 200;

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
        let mut ways = vec![Way { query, keys, weight: Weight::Full }];
        let others = Reading::others(typed, &rules.identifiers).into_iter().map(Way::of);
        let (whole, untitled): (Vec<Way>, Vec<Way>) =
            others.partition(|way| way.weight == Weight::Full);
        ways.extend(whole);
        let mut found = Found { hits: Vec::new(), first, after };
        if let [way] = &ways[..] {
            found.keep(self.by_ranges(tenant, way, first, after).await?);
        } else {
            // Any of them may find the best: who is on which page must not hang on how many another one finds.
            for way in &ways {
                found.add(self.by_ranges(tenant, way, MOST_HITS, after).await?, &ways);
            }
        }
        // Who typed a whole address meant it.
        let meant = !ways[0].query.identities.is_empty()
            && found.hits.first().is_some_and(|(hit, ..)| hit.key().score == WHOLE_SCORE);
        if found.is_short() && !meant {
            let asked = ways.len();
            ways.extend(untitled);
            for way in &ways[asked..] {
                found.add(self.by_ranges(tenant, way, MOST_HITS, after).await?, &ways);
            }
            // Without its titles, a text has fewer words that must be alike.
            let all = &ways.last().unwrap_or(&ways[0]).query;
            let asked = if all.numbers.is_empty() { all } else { &ways[0].query };
            if found.is_short() && fuzzy::worth_it(asked) {
                let sql = fuzzy::statement(self.store.sql(), tenant, asked);
                let rows = self.store.search(sql).await?;
                found.add(PersonHit::read_all(tenant, &rows)?, &ways);
            }
        }
        let marked =
            |(hit, values, way): (PersonHit, Values, usize)| hit.marked(&values, &ways[way].query);
        Ok(found.hits.into_iter().map(marked).collect())
    }

    async fn by_ranges(
        &self,
        tenant: TenantId,
        way: &Way,
        first: usize,
        after: Option<PersonKey>,
    ) -> Result<Vec<(PersonHit, Values)>> {
        let sql = statement(self.store.sql(), tenant, way, first, after);
        PersonHit::read_all(tenant, &self.store.all(sql).await?)
    }
}

impl Way {
    fn of(reading: Reading) -> Way {
        let Reading { query, weight } = reading;
        let keys = keys_of(&query);
        Way { query, keys, weight }
    }
}

/// A page that fills.
struct Found {
    /// Each with the way by which it was found.
    hits: Vec<(PersonHit, Values, usize)>,
    first: usize,
    after: Option<PersonKey>,
}

impl Found {
    fn is_short(&self) -> bool {
        self.hits.len() < self.first
    }

    /// Hits of the first way, as the store scored them.
    fn keep(&mut self, hits: Vec<(PersonHit, Values)>) {
        self.hits = hits.into_iter().map(|(hit, values)| (hit, values, 0)).collect();
    }

    /// Hits that were looked for in other ways, each at the best place that any of the ways gives it.
    fn add(&mut self, hits: Vec<(PersonHit, Values)>, ways: &[Way]) {
        for (mut hit, values) in hits {
            if self.hits.iter().any(|(known, ..)| known.customer.id == hit.customer.id) {
                continue;
            }
            let Some(way) = hit.rank(ways, &values) else { continue };
            // Some have their place on a page before, by another way.
            if self.after.is_none_or(|after| hit.key() < after) {
                self.hits.push((hit, values, way));
            }
        }
        self.hits.sort_by_key(|(hit, ..)| std::cmp::Reverse(hit.key()));
        self.hits.truncate(self.first);
    }
}

fn keys_of(query: &SearchQuery) -> Keys {
    let keys = query.identities.iter();
    keys.map(|identity| (identity.namespace.clone(), identity.match_key.clone())).collect()
}

fn whole_keys(typed: &str, query: &SearchQuery, rules: &IdentifierRules) -> Keys {
    let mut keys = keys_of(query);
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
    way: &Way,
    first: usize,
    after: Option<PersonKey>,
) -> Sql {
    let materialized = sql.dialect.materialized();
    let words = way.query.parts();
    let mut scans = Scan::all(&way.query);
    sql.push("WITH g AS ").push(materialized).push("(");
    for (n, scan) in scans.iter_mut().enumerate() {
        sql.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        scan.bind(&mut sql);
        scan.select(&mut sql, tenant);
        sql.push(&format!(") AS g{n}"));
    }
    whole_identities(&mut sql, tenant, &way.keys);
    let named = whole_names(&mut sql, tenant, &way.query);
    // A home is found by several of its terms: its head is looked at once.
    sql.push("), found AS ").push(materialized);
    sql.push("(SELECT COALESCE(h.merged_into, h.number) AS person, best.score, h.list_seen AS seen FROM (SELECT home, ");
    sql.push(&format!(
        "MAX(CASE {named}WHEN part < 0 THEN {WHOLE_SCORE} ELSE {FOUND_SCORE} + {} * points END) AS score FROM g",
        (EXACT_SCORE - FOUND_SCORE) / 2
    ));
    sql.push(if words == 1 { "" } else { " WHERE part < 1" })
        .push(" GROUP BY home) AS best CROSS JOIN customer_head h WHERE h.tenant = ");
    sql.bind(tenant).push(" AND h.number = best.home)");
    if words > 1 {
        those_with_all_words(&mut sql, tenant, &scans, words);
    }
    ranked(&mut sql, tenant, words, way.weight);
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

/// The homes whose name is the text, as further rows of `g`; how their score is told.
fn whole_names(sql: &mut Sql, tenant: TenantId, query: &SearchQuery) -> String {
    let Some(name) = &query.name else { return String::new() };
    sql.push(" UNION ALL SELECT * FROM (SELECT -2, 2, t.home FROM search_term t WHERE t.tenant = ")
        .bind(tenant);
    sql.push(" AND t.term = ").bind(name.clone());
    let field = SearchField::Name.number();
    sql.push(&format!(" AND t.field = {field} ORDER BY t.home LIMIT {NAMED}) AS named"));
    format!("WHEN part = -2 THEN {NAME_SCORE} ")
}

/// The beginning of `page`: everybody who was found, once, as the survivor.
fn ranked(sql: &mut Sql, tenant: TenantId, words: usize, weight: Weight) {
    let materialized = sql.dialect.materialized();
    let score = match weight {
        Weight::Full => "MAX(score)".to_owned(),
        Weight::Untitled => format!("MAX(score) * {UNTITLED} / 1000"),
    };
    // Only a survivor's head says when it was seen.
    sql.push(", page AS ")
        .push(materialized)
        .push("(SELECT person, score, seen FROM (SELECT person, ")
        .push(&score)
        .push(" AS score, ");
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
