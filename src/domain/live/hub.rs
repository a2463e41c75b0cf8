//! Hubs: what one reader of a log has read for all subscribers of a customer, or of a tenant's feed, in this process.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::domain::live::entry::Entry;
use crate::ids::{CustomerId, TenantId};

/// Entries that a hub keeps at hand; a subscriber further behind reads the store itself.
const KEPT: usize = 256;

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
    pub(super) fn new(from: (i64, i64)) -> (Hub, CancellationToken) {
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

    pub(super) fn push(&self, entries: Vec<Entry>, of: impl Fn(&Entry) -> (i64, i64)) {
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
pub(super) fn find<K: Eq + Hash + Copy>(
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

pub(super) fn open<K>(hubs: &Mutex<HashMap<K, Weak<Hub>>>) -> usize {
    hubs.lock().values().filter(|hub| hub.strong_count() > 0).count()
}
