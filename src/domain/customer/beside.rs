//! What is read beside a customer, in its own statement.

use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::customer::contacts;
use crate::domain::history::page::{Page, PageRequest};
use crate::domain::history::page_sql;
use crate::domain::history::prepared;
use crate::domain::model::customer::{self, Customer};
use crate::entity::contact::Model as Contact;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::sql::Sql;

/// What was added since a page was prepared, before it is prepared anew.
const LATE: i64 = 10;
/// A page of so many items costs little without that, and one of so many homes.
const PLACES: usize = 19;
const HOMES: usize = 3;

/// What is wanted beside a customer.
#[derive(Clone, Copy, Default)]
pub struct Beside<'r> {
    pub contacts: bool,
    /// This page of its history.
    pub page: Option<&'r PageRequest>,
}

/// A customer, and what was read with it.
pub struct Found {
    pub customer: Arc<Customer>,
    /// Oldest first.
    pub contacts: Option<Vec<Contact>>,
    /// Nothing where other homes were merged into the customer's, and it was not prepared.
    pub page: Option<Page>,
    /// Whether the page costs less where it is prepared anew.
    pub page_was_dear: bool,
}

impl Beside<'_> {
    /// Adds the columns of the customer `c` with the head `s`, and of all that is wanted beside it.
    pub(super) fn columns(self, sql: &mut Sql, tenant: TenantId) {
        customer::columns(sql);
        if self.contacts {
            contacts::column(sql.push(", "));
        }
        if let Some(request) = self.page {
            page_sql::columns(sql.push(", "), tenant, request);
        }
    }

    /// Reads these columns, which begin at `at`.
    pub(super) fn read(self, tenant: TenantId, row: &QueryResult, at: usize) -> Result<Found> {
        let customer = Customer::read(row, at)?;
        let mut next = at + customer::WIDTH;
        let contacts = if self.contacts {
            next += 1;
            Some(contacts::read_column(tenant, row, next - 1)?)
        } else {
            None
        };
        let mut found =
            Found { customer: Arc::new(customer), contacts, page: None, page_was_dear: false };
        let Some(request) = self.page else { return Ok(found) };
        let customer = &found.customer;
        if let Some((page, position)) = prepared::read(row, next, request)? {
            found.page_was_dear = customer.version - position > LATE;
            found.page = Some(page);
        } else {
            let alone = customer.homes.len() == 1;
            let page = alone.then(|| Page::read(row, next + 1, request)).transpose()?;
            let many = page
                .as_ref()
                .map_or(customer.homes.len() > HOMES, |page| page.items.len() > PLACES);
            found.page_was_dear = request.is_newest() && many;
            found.page = page;
        }
        Ok(found)
    }
}
