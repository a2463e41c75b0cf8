//! The slow safety poll: finds what the bus lost, only for what somebody watches.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::bus::BusHealth;
use crate::domain::live::hub::Hub;
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;

/// Between two looks while the bus is well.
const CALM: Duration = Duration::from_secs(5);
/// While Redis is away, or is not there although other servers may be.
const WARY: Duration = Duration::from_secs(1);
/// Customers in one statement.
const CHUNK: usize = 2_000;

impl Rapport {
    /// Starts the poll with the first hub; it ends when nobody watches any more.
    pub(super) fn start_polling(&self) {
        if !self.hubs.polling.swap(true, Ordering::AcqRel) {
            tokio::spawn(poll(self.clone()));
        }
    }

    async fn look(&self) -> Result<usize> {
        let mut watched: BTreeMap<TenantId, Vec<(CustomerId, Arc<Hub>)>> = BTreeMap::new();
        let mut count = 0;
        {
            let mut hubs = self.hubs.customers.lock();
            hubs.retain(|(tenant, customer), hub| {
                let Some(hub) = hub.upgrade() else { return false };
                watched.entry(*tenant).or_default().push((*customer, hub));
                count += 1;
                true
            });
        }
        for (tenant, hubs) in watched {
            for chunk in hubs.chunks(CHUNK) {
                let mut sql = self.store.sql();
                sql.push("SELECT number, position FROM customer_head WHERE tenant = ").bind(tenant);
                sql.push(" AND number").among(chunk.iter().map(|(customer, _)| customer.0));
                let hubs: BTreeMap<CustomerId, &Arc<Hub>> =
                    chunk.iter().map(|(customer, hub)| (*customer, hub)).collect();
                for row in self.store.all(sql).await? {
                    let (customer, position): (CustomerId, i64) = (get(&row, 0)?, get(&row, 1)?);
                    if let Some(hub) = hubs.get(&customer)
                        && position > hub.position.load(Ordering::Relaxed)
                    {
                        hub.knock.notify_one();
                    }
                }
            }
        }
        let feeds: Vec<Arc<Hub>> = {
            let mut feeds = self.hubs.feeds.lock();
            feeds.retain(|_, hub| hub.strong_count() > 0);
            feeds.values().filter_map(std::sync::Weak::upgrade).collect()
        };
        for hub in &feeds {
            hub.knock.notify_one();
        }
        Ok(count + feeds.len())
    }
}

async fn poll(rapport: Rapport) {
    loop {
        let wary = match rapport.bus.health() {
            BusHealth::Redis { connected, .. } => !connected,
            // Alone on its store SQLite needs no haste; several servers on one PostgreSQL without Redis have only this.
            BusHealth::Memory => rapport.store.is_postgres(),
        };
        tokio::time::sleep(if wary { WARY } else { CALM }).await;
        match rapport.look().await {
            Ok(0) => {
                rapport.hubs.polling.store(false, Ordering::Release);
                // A hub may have come between the look and the flag.
                if rapport.hubs.customers.lock().is_empty() && rapport.hubs.feeds.lock().is_empty()
                {
                    return;
                }
                if rapport.hubs.polling.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = error.detail(), "the safety poll could not read the store");
            }
        }
    }
}
