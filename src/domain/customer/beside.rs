//! What is read beside a customer, in its own statement.

use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::customer::contacts;
use crate::domain::history::page::{Page, PageRequest};
use crate::domain::history::page_sql;
use crate::domain::history::prepared::{self, Newest};
use crate::domain::model::customer::{self, Customer};
use crate::domain::model::person_card::Told;
use crate::domain::rapport::Rapport;
use crate::entity::contact::Model as Contact;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::sql::Sql;

/// What was added since a page was prepared, before whoever reads it has it prepared anew.
const LATE: i64 = 2;
/// So many items of one statement cost little without that, and so few of one customer, and so many homes.
const PLACES: usize = 19;
const FEW: usize = 4;
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
    /// The page as it was prepared, until what was added since is read.
    newest: Option<Newest>,
    /// Whether the page costs less where it is prepared anew.
    page_was_dear: bool,
}

impl Found {
    /// Somebody whose card was read, and the row of the newest items, if there is one. Where there is none, a page costs a
    /// statement, but of those with whom nothing happened.
    pub(super) fn told(told: Told<'_>, newest: Option<Newest>, beside: Beside<'_>) -> Found {
        let nothing = told.customer.stats.counts.0.is_empty();
        Found {
            customer: Arc::new(told.customer),
            contacts: Some(told.contacts),
            page: nothing.then(Page::default),
            page_was_dear: newest.is_none() && beside.page.is_some() && !nothing,
            newest,
        }
    }
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

    /// Adds the join that the columns need, after all others.
    pub(super) fn join(self, sql: &mut Sql) {
        if self.page.is_some_and(PageRequest::is_newest) {
            prepared::join(sql);
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
        let mut found = Found {
            customer: Arc::new(customer),
            contacts,
            page: None,
            page_was_dear: false,
            newest: None,
        };
        let Some(request) = self.page else { return Ok(found) };
        if request.is_newest() {
            found.newest = prepared::read(row, next, request.columns)?;
            next += prepared::WIDTH;
        }
        let homes = found.customer.homes.len();
        if found.newest.is_none() && homes == 1 {
            found.page = Some(Page::read(row, next, request)?);
        }
        found.page_was_dear = found.newest.is_none() && request.is_newest() && homes > HOMES;
        Ok(found)
    }
}

impl Rapport {
    /// Makes pages of what was prepared, with what was added since. Where something else happened meanwhile there is none.
    pub(super) async fn with_pages(
        &self,
        tenant: TenantId,
        beside: Beside<'_>,
        mut found: Vec<&mut Found>,
    ) -> Result<()> {
        let Some(request) = beside.page else { return Ok(()) };
        let items = |found: &Found| match (&found.page, &found.newest) {
            (Some(page), _) => page.items.len(),
            (None, newest) => newest.as_ref().map_or(0, Newest::len),
        };
        let together: usize = found.iter().map(|found| items(found)).sum();
        if request.is_newest() && together > PLACES {
            for found in found.iter_mut().filter(|found| found.newest.is_none()) {
                // Several homes cost a list a statement of their own.
                found.page_was_dear |= found.page.is_none() || items(found) > FEW;
            }
        }
        let behind = found.iter().filter_map(|found| {
            let position = found.newest.as_ref()?.position;
            (position < found.customer.version).then_some((found.customer.id, position))
        });
        let behind: Vec<(CustomerId, i64)> = behind.collect();
        let mut added = self.added_after(tenant, &behind).await?;
        let most = if !behind.is_empty() && self.renews_newest() { 0 } else { LATE };
        for found in &mut found {
            let Some(newest) = found.newest.take() else { continue };
            let late = found.customer.version - newest.position;
            let added = added.remove(&found.customer.id);
            if late <= 0 || added.is_some() {
                found.page = Some(newest.page(added, request));
            }
            found.page_was_dear |= late > most;
        }
        let dear = found.iter().filter(|found| found.page_was_dear);
        let dear: Vec<CustomerId> = dear.map(|found| found.customer.id).collect();
        self.prepare_newest_soon(tenant, &dear);
        Ok(())
    }
}
