//! The words of a search as a condition on customers, beside other conditions and in any order.

use crate::domain::identifier::IdentifierRules;
use crate::domain::search::ranges::{Scan, over_terms, points_of_part};
use crate::domain::text::SearchQuery;
use crate::ids::TenantId;
use crate::store::sql::Sql;

/// Whole words and beginnings of words, as the ordinary search takes them: all of the words, or the text as a whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFilter {
    scans: Vec<Scan>,
    /// How many words there are.
    words: usize,
}

impl TextFilter {
    pub fn parse(typed: &str, rules: &IdentifierRules) -> TextFilter {
        let query = SearchQuery::parse(typed, rules);
        TextFilter { scans: Scan::all(&query), words: query.parts() }
    }

    /// The words, each of which leads to customers; whom all of them lead to is found.
    pub fn words(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.words.max(1)
    }

    /// Adds a select of the numbers of the customers to whom a word, or the text as a whole, leads; some may come twice.
    pub fn select(&self, sql: &mut Sql, tenant: TenantId, word: usize) {
        if self.words == 0 {
            sql.push("SELECT number FROM customer_head WHERE 1 = 0 AND tenant = ").bind(tenant);
            return;
        }
        sql.push("SELECT person AS number FROM (");
        let scans = self.scans.iter().filter(|scan| scan.part == word || scan.part == 0);
        for (n, scan) in scans.enumerate() {
            sql.push(if n > 0 { " UNION ALL " } else { "" });
            scan.select_people(sql, tenant);
        }
        sql.push(") AS found");
    }

    /// Adds the condition that the text finds the customer with this number.
    pub fn holds(&self, sql: &mut Sql, tenant: TenantId, number: &str) {
        if self.words == 0 {
            sql.push("1 = 0");
            return;
        }
        let mut scans = self.scans.clone();
        for scan in &mut scans {
            scan.bind(sql);
        }
        let found = |part: usize| format!("{} > 0", points_of_part(&scans, part));
        let words: Vec<String> = (1..=self.words).map(found).collect();
        let whole = scans.iter().any(|scan| scan.part == 0).then(|| format!(" OR {}", found(0)));
        let all = format!("({}){}", words.join(" AND "), whole.unwrap_or_default());
        over_terms(sql, tenant, &format!("CASE WHEN {all} THEN 1 ELSE 0 END"), number);
        sql.push(" = 1");
    }
}
