//! Prepares the newest items of customers.

use std::sync::Arc;

use crate::domain::history::page::{Page, PageRequest};
use crate::domain::history::prepared::{FIRST, ITEMS};
use crate::domain::model::item_line::pack;
use crate::domain::rapport::Rapport;
use crate::entity::newest_items;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};

impl Rapport {
    /// Prepares the newest items of these survivors. Of customers to whom something happens meanwhile, nothing is stored.
    pub async fn prepare_newest(&self, tenant: TenantId, customers: &[CustomerId]) -> Result<()> {
        let found = self.customers_by_id(tenant, customers).await?;
        let survivors = found.into_iter().filter(|(id, customer)| *id == customer.id);
        let (homes, read): (Vec<_>, Vec<_>) = survivors
            .map(|(id, customer)| (customer.homes.clone(), (id, customer.version)))
            .unzip();
        let request = PageRequest { limit: ITEMS, ..PageRequest::default() };
        let pages = self.histories(tenant, &homes, &request).await?;
        let some = read.into_iter().zip(&pages).filter(|(_, page)| !page.items.is_empty());
        let rows = some.map(|((customer, position), page)| {
            let [newest, further] = cells(page)?;
            Ok(newest_items::Model { tenant, customer, position, newest, further })
        });
        self.keep_prepared::<newest_items::Entity>(&rows.collect::<Result<Vec<_>>>()?).await
    }
}

/// The items as they are stored: the first, and the others.
fn cells(page: &Page) -> Result<[Vec<u8>; 2]> {
    let (newest, further) = page.items.split_at(page.items.len().min(FIRST));
    Ok([pack(newest.iter().map(Arc::as_ref))?, pack(further.iter().map(Arc::as_ref))?])
}
