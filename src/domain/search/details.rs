//! What a hit shows of a person, in the statement that found it.

use sea_orm::QueryResult;

use crate::domain::contacts;
use crate::domain::customer::{self, Customer};
use crate::domain::identifier::Identifier;
use crate::domain::item::{get, kind};
use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::marks::{Match, matches};
use crate::domain::search::people::Keys;
use crate::domain::search::rank::{self, Values};
use crate::domain::sql::Sql;
use crate::domain::words::SearchQuery;
use crate::entity::contact::Model as Contact;
use crate::entity::kinds::IdentityKind;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};

/// A person whom a search found.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonHit {
    pub customer: Customer,
    /// Oldest first, as the primary is.
    pub contacts: Vec<Contact>,
    /// The primary's own first, then by age, no repeats.
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// 1 for a whole identity, less the less of it was typed.
    pub score: f64,
    pub matches: Vec<Match>,
    parts: i32,
}

/// The place of a hit in the order of all: by score, then by last seen, then by number, all from high to low.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PersonKey {
    /// In parts of a million.
    pub score: i32,
    /// 0 for never.
    pub last_seen: Micros,
    pub customer: CustomerId,
}

/// Adds the select of all that a hit shows, from `page (person, score, seen)`.
pub(super) fn select(sql: &mut Sql, tenant: TenantId) {
    let (row, end) =
        if sql.is_postgres() { ("CAST(json_agg(json_build_array(", ") AS TEXT)") } else { ("json_group_array(json_array(", ")") };
    sql.push("SELECT page.score, ");
    customer::columns(sql);
    contacts::column(sql.push(", "));
    sql.push(", (SELECT ").push(row).push("i.kind, i.namespace, i.match_key, i.value)").push(end);
    sql.push(
        " FROM (SELECT s.number AS home UNION ALL SELECT m.number FROM customer_head m WHERE m.tenant = s.tenant AND m.merged_into = s.number) AS homes \
         CROSS JOIN identity i WHERE i.tenant = s.tenant AND i.home = homes.home) ",
    );
    sql.push("FROM page CROSS JOIN customer_head s CROSS JOIN customer c WHERE s.tenant = ").bind(tenant);
    sql.push(" AND s.number = page.person AND c.tenant = s.tenant AND c.number = s.number ORDER BY page.score DESC, page.seen DESC, page.person DESC");
}

impl PersonHit {
    /// The person of a row, with the score that the store told.
    pub(super) fn read(tenant: TenantId, row: &QueryResult) -> Result<(PersonHit, Values)> {
        PersonHit::bare(tenant, row, get(row, 0)?)
    }

    /// Scores by the values of today; false where the person does not fit them.
    pub(super) fn rank(&mut self, query: &SearchQuery, keys: &Keys, values: &Values) -> bool {
        let score = rank::score(query, keys, values);
        self.parts = score.unwrap_or(0);
        self.score = fraction(self.parts);
        score.is_some()
    }

    pub(super) fn marked(mut self, values: &Values, query: &SearchQuery) -> PersonHit {
        self.matches = matches(query, values);
        self
    }

    /// Where the page after this hit begins.
    pub fn key(&self) -> PersonKey {
        PersonKey { score: self.parts, last_seen: self.customer.last_seen.unwrap_or_default(), customer: self.customer.id }
    }

    fn bare(tenant: TenantId, row: &QueryResult, parts: i32) -> Result<(PersonHit, Values)> {
        let customer = Customer::read(row, 1)?;
        let at = 1 + customer::WIDTH;
        let contacts = contacts::parse(tenant, customer.id, get::<Option<String>>(row, at)?.as_deref())?;
        let mut names = customer::names(row, 1)?;
        // The name that is shown comes first.
        names.sort_by_key(|name| Some(name) != customer.name.as_ref());
        let identities = list::<(i16, String, String, String)>(row, at + 1)?
            .into_iter()
            .map(|(number, namespace, match_key, value)| {
                let kind = kind(number.into(), IdentityKind::from_number)?;
                Ok(Identifier { kind, namespace, match_key, raw: value.clone(), value })
            })
            .collect::<Result<_>>()?;
        let (mut emails, mut phones) = (Vec::new(), Vec::new());
        for contact in &contacts {
            for (value, list) in [(&contact.email, &mut emails), (&contact.phone_number, &mut phones)] {
                if let Some(value) = value
                    && !list.contains(value)
                {
                    list.push(value.clone());
                }
            }
        }
        let hit = PersonHit { customer, contacts, emails, phones, score: fraction(parts), matches: Vec::new(), parts };
        Ok((hit, Values { names, identities }))
    }
}

fn fraction(parts: i32) -> f64 {
    f64::from(parts) / f64::from(WHOLE_SCORE)
}

fn list<T: serde::de::DeserializeOwned>(row: &QueryResult, at: usize) -> Result<Vec<T>> {
    match get::<Option<String>>(row, at)? {
        None => Ok(Vec::new()),
        Some(json) => serde_json::from_str(&json).map_err(|error| Error::Internal(format!("search: {error}"))),
    }
}
