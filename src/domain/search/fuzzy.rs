//! The second look for people: words one letter away, and fragments inside of words. It only gathers candidates; the
//! person's values of today decide, so that old words in the fragments' index find nobody.

use sea_orm::Value;

use crate::domain::search::hit_rows;
use crate::domain::search::placed::{self, Shown};
use crate::domain::search::ranges::{Scan, over_terms, points_of_words, survivor};
use crate::domain::search::rank::FRAGMENT_CHARS;
use crate::domain::search::variants::{thirds, variants};
use crate::domain::text::{SearchField, SearchQuery, prefix_range};
use crate::domain::write::search_rows::scope_word;
use crate::ids::TenantId;
use crate::store::sql::{CellType, Sql};

/// PostgreSQL's index of fragments.
pub(super) const INDEX: &str = "search_doc_trigram";
/// The most rows of one variant, of all variants of a word, and the most people looked at from either source.
const OF_VARIANT: usize = 50;
const OF_WORD: usize = 300;
const PEOPLE: usize = 100;
/// The most rows of all words, of which a home may have several.
const ROWS: usize = 300;
/// The most words of names in which a piece is.
const WORDS: usize = 100;
/// People in whose names a piece is: so many leave nothing to look for elsewhere.
const ENOUGH: usize = 20;
/// How conditions are joined of which all must hold.
const ALL: &str = " AND ";
/// Words from this length on are looked for with two letters that differ.
const TWO_SLIPS: usize = 9;

/// Whether anything is long enough to be mistyped or a fragment.
pub(super) fn worth_it(query: &SearchQuery) -> bool {
    !query.number.digits.is_empty() || query.words.iter().any(|word| long(word))
}

fn long(word: &str) -> bool {
    word.chars().count() >= FRAGMENT_CHARS
}

/// Rows for [`Rapport::hits`](crate::domain::rapport::Rapport), in no order.
pub(super) fn statement(mut sql: Sql, tenant: TenantId, query: &SearchQuery) -> Sql {
    let materialized = sql.dialect.materialized();
    sql.push("WITH ");
    let meant: Vec<Vec<String>> = if query.number.digits.is_empty() {
        query.words.iter().map(|word| variants(word)).collect()
    } else {
        Vec::new()
    };
    let mistyped = meant.iter().any(|variants| !variants.is_empty());
    let named = named(&mut sql, tenant, query);
    let few = format!("(SELECT COUNT(*) FROM named) < {ENOUGH}");
    let few = if named { few.as_str() } else { "true" };
    if mistyped {
        slips(&mut sql, tenant, query, &meant, few);
    }
    sql.push("docs AS ").push(materialized).push("(");
    docs(&mut sql, tenant, query, Alike::Holds(few));
    let mut sources = vec!["docs"];
    if query.number.digits.is_empty() && query.words.iter().any(|word| two_slips(word)) {
        // The dearest look is for those whom no other found.
        let others = [("docs", true), ("meant", mistyped), ("named", named)];
        let others = others.into_iter().filter(|(_, there)| *there);
        let nobody: Vec<String> =
            others.map(|(other, _)| format!("NOT EXISTS (SELECT 1 FROM {other})")).collect();
        sql.push("), far AS ").push(materialized).push("(SELECT * FROM (");
        docs(&mut sql, tenant, query, Alike::Resembles(&nobody.join(ALL)));
        sql.push(") AS resembling");
        sources.push("far");
    }
    sql.push("), page AS ")
        .push(materialized)
        .push("(SELECT DISTINCT person, 0 AS rank, ")
        .push(hit_rows::HEAD)
        .push(" FROM (");
    for (n, source) in sources.into_iter().enumerate() {
        sql.push(if n > 0 { " UNION ALL SELECT " } else { "SELECT " });
        survivor(&mut sql, tenant, &format!("{source}.home"));
        sql.push(&format!(" AS person FROM {source}"));
    }
    if named {
        sql.push(" UNION ALL SELECT person FROM named");
    }
    if mistyped {
        sql.push(&format!(" UNION ALL SELECT person FROM (SELECT person FROM meant ORDER BY points DESC, person LIMIT {PEOPLE}) AS best"));
    }
    sql.push(") AS candidates CROSS JOIN customer_head h WHERE h.tenant = ").bind(tenant);
    sql.push(" AND h.number = candidates.person) ");
    placed::select(&mut sql, tenant, Shown::All);
    sql
}

/// `meant (person, points)`: who has a word one letter away, and all the other words as they are.
fn slips(
    sql: &mut Sql,
    tenant: TenantId,
    query: &SearchQuery,
    meant: &[Vec<String>],
    condition: &str,
) {
    let (materialized, postgres) = (sql.dialect.materialized(), sql.dialect.is_postgres());
    sql.push("slip AS ").push(materialized).push("(");
    for (n, variants) in meant.iter().filter(|variants| !variants.is_empty()).enumerate() {
        let rows: Vec<Vec<Value>> = variants
            .iter()
            .map(|variant| prefix_range(variant))
            .map(|(lower, upper)| vec![lower.into(), upper.into()])
            .collect();
        sql.push(if n > 0 { " UNION ALL SELECT * FROM (" } else { "SELECT * FROM (" });
        let range = |sql: &mut Sql, c: &str| {
            sql.push("(SELECT term, person FROM search_term WHERE tenant = ").bind(tenant);
            sql.push(&format!(" AND term >= v.column1{c} AND term < v.column2{c} ORDER BY term, age, person LIMIT {OF_VARIANT})"));
        };
        if postgres {
            sql.push("SELECT t.person, CASE WHEN t.term = v.column1 COLLATE \"C\" THEN 2 ELSE 1 END AS points FROM ");
            sql.rows(&[CellType::Text, CellType::Text], &rows).push(" AS v CROSS JOIN LATERAL ");
            range(sql, " COLLATE \"C\"");
            sql.push(" AS t");
        } else {
            // No LATERAL on SQLite: the rows of a variant come as one list.
            sql.push("SELECT t.value ->> 0 AS person, CASE WHEN t.value ->> 1 = v.column1 THEN 2 ELSE 1 END AS points FROM ");
            sql.rows(&[CellType::Text, CellType::Text], &rows)
                .push(" AS v, json_each((SELECT json_group_array(json_array(person, term)) FROM ");
            range(sql, "");
            sql.push(")) AS t");
        }
        sql.push(&format!(" WHERE {condition} LIMIT {OF_WORD}) AS s{n}"));
    }
    sql.push("), slipped AS ")
        .push(materialized)
        .push("(SELECT person, MAX(points) AS points FROM slip GROUP BY person), meant AS ")
        .push(materialized);
    if query.words.len() == 1 {
        sql.push("(SELECT person, points FROM slipped), ");
        return;
    }
    let mut scans = Scan::all(query);
    for scan in &mut scans {
        scan.bind(sql);
    }
    let kept: Vec<String> = points_of_words(&scans, query.words.len())
        .iter()
        .map(|points| format!("CASE WHEN {points} > 0 THEN 1 ELSE 0 END"))
        .collect();
    sql.push("(SELECT person, points FROM slipped WHERE ");
    over_terms(sql, tenant, &kept.join(" + "), "slipped.person");
    sql.push(&format!(" >= {}), ", query.words.len() - 1));
}

/// `named (person)`, for one word and where the store has the words of names: those in whose names it is, who were seen last
/// first. A common fragment brings thousands, and the index of all words reads their places before the first of them is
/// looked at. Whether it is there.
fn named(sql: &mut Sql, tenant: TenantId, query: &SearchQuery) -> bool {
    let [word] = &query.words[..] else { return false };
    if !sql.dialect.has_name_words() || !query.number.digits.is_empty() || !long(word) {
        return false;
    }
    sql.push(
        "named AS MATERIALIZED (SELECT t.person FROM (SELECT word FROM name_word WHERE tenant = ",
    )
    .bind(tenant);
    sql.push(" AND word LIKE ").bind(format!("%{word}%")).push(&format!(" LIMIT {WORDS})"));
    sql.push(" AS w CROSS JOIN LATERAL (SELECT person, age FROM search_term WHERE tenant = ")
        .bind(tenant);
    // An address may be the same word.
    let name = SearchField::Name.number();
    sql.push(&format!(
        " AND term = w.word AND field = {name} ORDER BY age, person LIMIT {PEOPLE}) AS t"
    ));
    sql.push(&format!(" GROUP BY t.person ORDER BY MIN(t.age), t.person LIMIT {PEOPLE}), "));
    true
}

/// How the words of a home answer a piece, and under which further condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alike<'a> {
    Holds(&'a str),
    /// Two letters may differ in a long word.
    Resembles(&'a str),
}

/// The homes whose words answer all of the pieces.
fn docs(sql: &mut Sql, tenant: TenantId, query: &SearchQuery, alike: Alike<'_>) {
    // Of a number any spelling will do, of words all are needed.
    let (pieces, joint) = if query.number.digits.is_empty() {
        (&query.words, ALL)
    } else {
        (&query.number.digits, " OR ")
    };
    let pieces: Vec<&String> = pieces.iter().filter(|piece| long(piece)).collect();
    let (Alike::Holds(only) | Alike::Resembles(only)) = alike;
    let holds = matches!(alike, Alike::Holds(_));
    let far = |piece: &str| !holds && two_slips(piece);
    if sql.is_postgres() {
        return docs_on_postgres(sql, tenant, &pieces, (joint, only), far);
    }
    let asked = |piece: &&String| {
        let pieces = if far(piece) { thirds(piece) } else { vec![(*piece).clone()] };
        let quoted: Vec<String> = pieces.iter().map(|piece| format!("\"{piece}\"")).collect();
        format!("({})", quoted.join(" OR "))
    };
    let all: Vec<String> = pieces.iter().map(asked).collect();
    sql.push("SELECT rowid AS home FROM search_doc WHERE search_doc MATCH ");
    sql.bind(format!("scope : \"{}\" AND words : ({})", scope_word(tenant), all.join(joint)))
        .push(ALL)
        .push(only);
    // The best first only where thirds bring what is merely alike.
    sql.push(if holds { "" } else { " ORDER BY rank" }).push(&format!(" LIMIT {PEOPLE}"));
}

/// A home has a row for each time that words came to it, also for those that are its words no more: of pieces that must all be there, the longest one leads, and the
/// others are looked for in the other rows of its homes.
fn docs_on_postgres(
    sql: &mut Sql,
    tenant: TenantId,
    pieces: &[&String],
    (joint, only): (&str, &str),
    far: impl Fn(&str) -> bool,
) {
    let like = |sql: &mut Sql, row: &str, piece: &str| {
        let (how, piece) =
            if far(piece) { ("%>", piece.to_owned()) } else { ("LIKE", format!("%{piece}%")) };
        sql.push(&format!("{row}.words {how} ")).bind(piece);
    };
    let mut by_length = pieces.to_vec();
    by_length.sort_by_key(|piece| std::cmp::Reverse(piece.chars().count()));
    sql.push("SELECT DISTINCT home FROM (SELECT d.home FROM search_doc d WHERE d.tenant = ");
    sql.bind(tenant).push(ALL).push(only);
    for (n, piece) in by_length.iter().enumerate() {
        sql.push(match n {
            0 => " AND (",
            _ => joint,
        });
        if n > 0 && joint == ALL {
            sql.push("EXISTS (SELECT 1 FROM search_doc o WHERE o.tenant = d.tenant AND o.home = d.home AND ");
            like(sql, "o", piece);
            sql.push(")");
        } else {
            like(sql, "d", piece);
        }
    }
    sql.push(")");
    let mut rows = ROWS;
    if let Some(lead) = by_length.first().filter(|lead| far(lead)) {
        // The best, and no others.
        rows = PEOPLE;
        sql.push(" ORDER BY word_similarity(").bind((*lead).clone()).push(", d.words) DESC");
    }
    sql.push(&format!(" LIMIT {rows}) AS d LIMIT {PEOPLE}"));
}

fn two_slips(piece: &str) -> bool {
    piece.chars().count() >= TWO_SLIPS && !piece.bytes().any(|b| b.is_ascii_digit())
}
