//! What a hit shows of a person, in the statement that found it.

use sea_orm::QueryResult;

use crate::domain::customer::{self, Customer};
use crate::domain::identifier::Identifier;
use crate::domain::item::{get, kind};
use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::marks::{Match, matches};
use crate::domain::search::people::Keys;
use crate::domain::search::rank::{self, Values};
use crate::domain::sql::Sql;
use crate::domain::words::SearchQuery;
use crate::entity::kinds::{IdentityKind, LinkPrecedence};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};

/// A person whom a search found.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonHit {
    pub customer: Customer,
    /// Oldest first, as the primary is.
    pub contacts: Vec<ContactRow>,
    /// The primary's own first, then by age, no repeats.
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// 1 for a whole identity, less the less of it was typed.
    pub score: f64,
    pub matches: Vec<Match>,
    parts: i32,
}

/// A contact of the person, not deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactRow {
    pub number: ContactNumber,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub linked_id: Option<ContactNumber>,
    pub link_precedence: LinkPrecedence,
    pub created_at: Micros,
    pub updated_at: Micros,
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
    let (all, row, end) = if sql.is_postgres() {
        ("CAST(json_agg(", "CAST(json_agg(json_build_array(", ") AS TEXT)")
    } else {
        ("json_group_array(", "json_group_array(json_array(", ")")
    };
    sql.push("SELECT page.score, ");
    customer::columns(sql);
    sql.push(", (SELECT ").push(row);
    sql.push("o.number, o.email, o.phone_number, o.linked_id, o.link_precedence, o.created_at, o.updated_at)").push(end);
    sql.push(" FROM contact o WHERE o.tenant = s.tenant AND o.customer = s.number AND o.deleted_at IS NULL), (SELECT ").push(all);
    sql.push("n.name").push(end).push(" FROM ");
    homes(sql);
    sql.push(" CROSS JOIN customer n WHERE n.tenant = s.tenant AND n.number = homes.home AND n.name IS NOT NULL), (SELECT ").push(row);
    sql.push("i.kind, i.namespace, i.match_key, i.value)").push(end).push(" FROM ");
    homes(sql);
    sql.push(" CROSS JOIN identity i WHERE i.tenant = s.tenant AND i.home = homes.home) ");
    sql.push("FROM page CROSS JOIN customer_head s CROSS JOIN customer c WHERE s.tenant = ").bind(tenant);
    sql.push(" AND s.number = page.person AND c.tenant = s.tenant AND c.number = s.number ORDER BY page.score DESC, page.seen DESC, page.person DESC");
}

fn homes(sql: &mut Sql) {
    sql.push("(SELECT s.number AS home UNION ALL SELECT m.number FROM customer_head m WHERE m.tenant = s.tenant AND m.merged_into = s.number) AS homes");
}

type Contact = (i64, Option<String>, Option<String>, Option<i64>, i16, i64, i64);

impl PersonHit {
    /// The person of a row, with the score that the store told.
    pub(super) fn read(row: &QueryResult) -> Result<(PersonHit, Values)> {
        PersonHit::bare(row, get(row, 0)?)
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

    fn bare(row: &QueryResult, parts: i32) -> Result<(PersonHit, Values)> {
        let customer = Customer::read(row, 1)?;
        let at = 1 + customer::WIDTH;
        let mut contacts: Vec<ContactRow> = list::<Contact>(row, at)?.into_iter().map(ContactRow::try_from).collect::<Result<_>>()?;
        contacts.sort_by_key(|contact| contact.number);
        let mut names: Vec<String> = list(row, at + 1)?;
        // The name that is shown comes first.
        names.sort_by_key(|name| Some(name) != customer.name.as_ref());
        let identities = list::<(i16, String, String, String)>(row, at + 2)?
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

impl TryFrom<Contact> for ContactRow {
    type Error = Error;

    fn try_from((number, email, phone_number, linked_id, precedence, created_at, updated_at): Contact) -> Result<ContactRow> {
        Ok(ContactRow {
            number: ContactNumber(number),
            email,
            phone_number,
            linked_id: linked_id.map(ContactNumber),
            link_precedence: kind(precedence.into(), LinkPrecedence::from_number)?,
            created_at: Micros(created_at),
            updated_at: Micros(updated_at),
        })
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
