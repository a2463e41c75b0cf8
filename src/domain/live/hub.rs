//! One reader of the log for all subscribers of a customer, or of a tenant's feed, in this process.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::domain::live::FeedCursor;
use crate::domain::live::log::{Entry, Read};
use crate::domain::rapport::Rapport;
use crate::entity::kinds::HistoryKind;
use crate::ids::{CustomerId, TenantId};

/// Entries that a hub keeps at hand; a subscriber further behind reads the store itself.
const KEPT: usize = 256;
/// How long to wait for an open transaction before looking again.
const HORIZON: Duration = Duration::from_millis(5);
/// How long to wait after the store failed.
const AWAY: Duration = Duration::from_millis(250);

type CustomerKey = (TenantId, CustomerId);

/// All hubs of this process; each lives as long as somebody subscribes.
#[derive(Debug, Default)]
pub struct Hubs {
    pub(super) customers: Mutex<HashMap<CustomerKey, Weak<Hub>>>,
    pub(super) feeds: Mutex<HashMap<TenantId, Weak<Hub>>>,
    pub(super) polling: std::sync::atomic::AtomicBool,
}

#[derive(Debug)]
pub struct Hub {
    buffer: Mutex<Buffer>,
    /// How far the hub has read; grows with each batch.
    reach: watch::Sender<u64>,
    /// The slow poll's knock.
    pub(super) knock: Arc<Notify>,
    /// Where the hub stands, for the poll.
    pub(super) position: AtomicI64,
    /// Subscribers that need every item, not only calls.
    pub(super) item_readers: AtomicUsize,
    _stops_the_reader: DropGuard,
}

#[derive(Debug, Default)]
struct Buffer {
    entries: VecDeque<Arc<Entry>>,
    /// The place after which all entries are at hand.
    from: (i64, i64),
    /// Counts batches.
    turn: u64,
}

impl Hub {
    fn new(from: (i64, i64)) -> (Hub, CancellationToken) {
        let stop = CancellationToken::new();
        let hub = Hub {
            buffer: Mutex::new(Buffer { from, ..Buffer::default() }),
            reach: watch::Sender::new(0),
            knock: Arc::default(),
            position: AtomicI64::new(from.1),
            item_readers: AtomicUsize::new(0),
            _stops_the_reader: stop.clone().drop_guard(),
        };
        (hub, stop)
    }

    /// A receiver that is woken by every batch from now on.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.reach.subscribe()
    }

    /// The entries after a place, or nothing where the hub no longer has all of them.
    pub(super) fn after(
        &self,
        place: (i64, i64),
        of: impl Fn(&Entry) -> (i64, i64),
    ) -> Option<Vec<Arc<Entry>>> {
        let buffer = self.buffer.lock();
        (place >= buffer.from)
            .then(|| buffer.entries.iter().filter(|entry| of(entry) > place).cloned().collect())
    }

    fn push(&self, entries: Vec<Entry>, of: impl Fn(&Entry) -> (i64, i64)) {
        let mut buffer = self.buffer.lock();
        for entry in entries {
            self.position.store(of(&entry).1, Ordering::Relaxed);
            buffer.entries.push_back(Arc::new(entry));
        }
        while buffer.entries.len() > KEPT {
            if let Some(gone) = buffer.entries.pop_front() {
                buffer.from = of(&gone);
            }
        }
        buffer.turn += 1;
        let turn = buffer.turn;
        drop(buffer);
        self.reach.send_replace(turn);
    }
}

pub(super) fn customer_place(entry: &Entry) -> (i64, i64) {
    (0, entry.position)
}

pub(super) fn feed_place(entry: &Entry) -> (i64, i64) {
    (entry.xid, entry.seq)
}

/// The hub under a key, or a new one.
fn find<K: Eq + Hash + Copy>(
    hubs: &Mutex<HashMap<K, Weak<Hub>>>,
    key: K,
    make: impl FnOnce() -> Arc<Hub>,
) -> Arc<Hub> {
    let mut hubs = hubs.lock();
    if let Some(hub) = hubs.get(&key).and_then(Weak::upgrade) {
        return hub;
    }
    // Now and then the keys of hubs that are gone are swept out.
    if hubs.len() > 64 && hubs.len().is_power_of_two() {
        hubs.retain(|_, hub| hub.strong_count() > 0);
    }
    let hub = make();
    hubs.insert(key, Arc::downgrade(&hub));
    hub
}

fn open<K>(hubs: &Mutex<HashMap<K, Weak<Hub>>>) -> usize {
    hubs.lock().values().filter(|hub| hub.strong_count() > 0).count()
}

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
