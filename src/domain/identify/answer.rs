//! What identify answers: a state of the customer that existed.

use sea_orm::QueryResult;

use crate::domain::identify::plan::HoldRule;
use crate::domain::identify::request::Ignored;
use crate::domain::item::get;
use crate::domain::sql::Sql;
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, ReviewId, TenantId};

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

/// The contacts of a survivor, oldest first.
pub(super) fn contacts(mut sql: Sql, tenant: TenantId, survivor: CustomerId) -> Sql {
    sql.push("SELECT number, email, phone_number FROM contact WHERE tenant = ").bind(tenant);
    sql.push(" AND customer = ").bind(survivor).push(" AND deleted_at IS NULL ORDER BY number");
    sql
}

impl Answer {
    /// The primary's own email and phone come first, as the oldest contact is the primary; then by age, no repeats.
    pub(super) fn read(outcome: Outcome, customer: CustomerId, rows: &[QueryResult]) -> Result<Answer> {
        let (mut emails, mut phone_numbers, mut secondary_contact_ids) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let number: ContactNumber = get(row, 0)?;
            if number.0 != customer.0 {
                secondary_contact_ids.push(number);
            }
            for (at, list) in [(1, &mut emails), (2, &mut phone_numbers)] {
                if let Some(value) = get::<Option<String>>(row, at)?
                    && !list.contains(&value)
                {
                    list.push(value);
                }
            }
        }
        Ok(Answer { outcome, customer, emails, phone_numbers, secondary_contact_ids, review: None, held: None, ignored: Vec::new() })
    }
}
