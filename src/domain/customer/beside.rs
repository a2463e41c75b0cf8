//! What is read beside a customer, in its own statement.

use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::customer::contacts;
use crate::domain::history::page::{Page, PageRequest};
use crate::domain::history::page_sql;
use crate::domain::model::customer::{self, Customer};
use crate::entity::contact::Model as Contact;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::sql::Sql;

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
    /// Nothing where other homes were merged into the customer's.
    pub page: Option<Page>,
}

impl Beside<'_> {
    /// Adds the columns of the customer `c` with the head `s`, and of all that is wanted beside it.
    pub(super) fn columns(self, sql: &mut Sql, tenant: TenantId) {
        customer::columns(sql);
        if self.contacts {
            contacts::column(sql.push(", "));
        }
        if let Some(request) = self.page {
            page_sql::column(sql.push(", "), tenant, request);
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
        let page = match self.page {
            Some(request) if customer.homes.len() == 1 => Some(Page::read(row, next, request)?),
            _ => None,
        };
        Ok(Found { customer: Arc::new(customer), contacts, page })
    }
}
