//! The readers behind the hubs: each follows one log in the store, woken by the bus or by the safety poll.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::domain::live::FeedCursor;
use crate::domain::live::hub::{Hub, customer_place, feed_place, find, open};
use crate::domain::live::log::Read;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::HistoryKind;
use crate::ids::{CustomerId, TenantId};

/// How long to wait for an open transaction before looking again.
const HORIZON: Duration = Duration::from_millis(5);
/// How long to wait after the store failed.
const AWAY: Duration = Duration::from_millis(250);

impl Rapport {
    /// Customers and tenants whose log is being read for subscribers here.
    pub fn open_hubs(&self) -> (usize, usize) {
        (open(&self.hubs.customers), open(&self.hubs.feeds))
    }

    /// The hub of a customer's log, which stands at `position` if it is new.
    pub(super) fn customer_hub(
        &self,
        tenant: TenantId,
        customer: CustomerId,
        position: i64,
    ) -> Arc<Hub> {
        self.start_polling();
        find(&self.hubs.customers, (tenant, customer), || {
            let (hub, stop) = Hub::new((0, position));
            let hub = Arc::new(hub);
            tokio::spawn(stop.run_until_cancelled_owned(read_customer(
                self.clone(),
                Arc::downgrade(&hub),
                tenant,
                customer,
                position,
            )));
            hub
        })
    }

    pub(super) fn feed_hub(&self, tenant: TenantId, place: FeedCursor) -> Arc<Hub> {
        self.start_polling();
        find(&self.hubs.feeds, tenant, || {
            let (hub, stop) = Hub::new((place.xid, place.seq));
            let hub = Arc::new(hub);
            tokio::spawn(stop.run_until_cancelled_owned(read_feed(
                self.clone(),
                Arc::downgrade(&hub),
                tenant,
                place,
            )));
            hub
        })
    }
}

/// Reads a customer's log for its hub. The hub is held only while there is something to put into it, so that it goes with
/// its last subscriber.
async fn read_customer(
    rapport: Rapport,
    hub: Weak<Hub>,
    tenant: TenantId,
    customer: CustomerId,
    mut position: i64,
) {
    let mut moved = rapport.bus.watch_customer(tenant, customer);
    let Some(knock) = hub.upgrade().map(|hub| hub.knock.clone()) else { return };
    loop {
        match rapport.log_after(tenant, customer, position).await {
            Ok(Read::Entries(entries, _)) if entries.is_empty() => {}
            Ok(Read::Entries(entries, _)) => {
                position = entries.last().map_or(position, |entry| entry.position);
                let Some(hub) = hub.upgrade() else { return };
                hub.push(entries, customer_place);
                continue;
            }
            Ok(Read::Pruned | Read::Gone) => {}
            Err(error) => {
                tracing::warn!(error = error.detail(), "the log could not be read; trying again");
                tokio::time::sleep(AWAY).await;
                continue;
            }
        }
        tokio::select! {
            () = moved.changed() => {}
            () = knock.notified() => {}
        }
    }
}

async fn read_feed(rapport: Rapport, hub: Weak<Hub>, tenant: TenantId, mut place: FeedCursor) {
    let mut moved = rapport.bus.watch_tenant(tenant);
    let Some(knock) = hub.upgrade().map(|hub| hub.knock.clone()) else { return };
    loop {
        let Some(all) = hub.upgrade().map(|hub| hub.item_readers.load(Ordering::Relaxed) > 0)
        else {
            return;
        };
        match rapport
            .feed_after(tenant, place, |entry| all || entry.item_kind == Some(HistoryKind::Call))
            .await
        {
            Ok((entries, waiting)) => {
                if let Some(last) = entries.last() {
                    (place.xid, place.seq) = feed_place(last);
                    let Some(hub) = hub.upgrade() else { return };
                    hub.push(entries, feed_place);
                    continue;
                }
                if waiting {
                    tokio::time::sleep(HORIZON).await;
                    continue;
                }
            }
            Err(error) => {
                tracing::warn!(error = error.detail(), "the feed could not be read; trying again");
                tokio::time::sleep(AWAY).await;
                continue;
            }
        }
        tokio::select! {
            () = moved.changed() => {}
            () = knock.notified() => {}
        }
    }
}
