//! What identify answers: a state of the customer that existed.

use std::collections::{BTreeMap, HashSet};

use sea_orm::QueryResult;

use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::identify::request::Ignored;
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::write::lookup::ContactLine;
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, ReviewId, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing was known: a new customer.
    Created,
    /// Everything was known, of one customer.
    Matched,
    /// New values of a known customer.
    Linked,
    /// Values of several customers: they are one now.
    Merged,
    /// A guard held a link back.
    Held,
}

impl Outcome {
    pub(super) fn of(decision: &Decision) -> Outcome {
        if decision.hold.is_some() {
            Outcome::Held
        } else if decision.target.is_none() {
            Outcome::Created
        } else if !decision.join.is_empty() {
            Outcome::Merged
        } else if !decision.attach.is_empty() {
            Outcome::Linked
        } else {
            Outcome::Matched
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub outcome: Outcome,
    pub customer: CustomerId,
    pub emails: Vec<String>,
    pub phone_numbers: Vec<String>,
    pub secondary_contact_ids: Vec<ContactNumber>,
    pub review: Option<ReviewId>,
    pub held: Option<(HoldRule, String)>,
    pub ignored: Vec<Ignored>,
}

/// The contacts of survivors, oldest first.
pub(super) fn contacts(mut sql: Sql, tenant: TenantId, survivors: &[CustomerId]) -> Sql {
    sql.push("SELECT customer, number, email, phone_number FROM contact WHERE tenant = ");
    sql.bind(tenant);
    match survivors {
        [one] => sql.push(" AND customer = ").bind(*one),
        many => sql.push(" AND customer").among(many.iter().map(|one| one.0)),
    };
    sql.push(" AND deleted_at IS NULL ORDER BY number");
    sql
}

/// Rows of [`contacts`], by survivor.
pub(super) fn read_contacts(
    rows: &[QueryResult],
) -> Result<BTreeMap<CustomerId, Vec<ContactLine>>> {
    let mut contacts: BTreeMap<CustomerId, Vec<ContactLine>> = BTreeMap::new();
    for row in rows {
        let line = (get(row, 1)?, get(row, 2)?, get(row, 3)?);
        contacts.entry(get(row, 0)?).or_default().push(line);
    }
    Ok(contacts)
}

/// Values, each where it stood first.
#[derive(Default)]
struct Firsts {
    values: Vec<String>,
    seen: HashSet<String>,
}

impl Firsts {
    fn add(&mut self, value: Option<String>) {
        if let Some(value) = value
            && self.seen.insert(value.clone())
        {
            self.values.push(value);
        }
    }
}

impl Answer {
    /// The primary's own email and phone come first, as the oldest contact is the primary; then by age, no repeats.
    pub(super) fn of(outcome: Outcome, customer: CustomerId, contacts: Vec<ContactLine>) -> Answer {
        let (mut emails, mut phone_numbers, mut secondary_contact_ids) =
            (Firsts::default(), Firsts::default(), Vec::new());
        for (number, email, phone_number) in contacts {
            if number.0 != customer.0 {
                secondary_contact_ids.push(number);
            }
            emails.add(email);
            phone_numbers.add(phone_number);
        }
        let (emails, phone_numbers) = (emails.values, phone_numbers.values);
        Answer {
            outcome,
            customer,
            emails,
            phone_numbers,
            secondary_contact_ids,
            review: None,
            held: None,
            ignored: Vec::new(),
        }
    }
}
