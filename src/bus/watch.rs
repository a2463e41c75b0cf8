//! Watchers: many readers of few keys, woken without ever queueing anything.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::bus::notice::Moved;
use crate::ids::{CustomerId, TenantId};

const SHARDS: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    Customer(TenantId, CustomerId),
    Tenant(TenantId),
    Calls(TenantId),
    Everything,
}

/// What all watches of one key share.
#[derive(Default)]
struct Slot {
    version: AtomicU64,
    notify: Notify,
}

impl Slot {
    fn wake(&self) {
        self.version.fetch_add(1, Ordering::Release);
        self.notify.notify_waiters();
    }
}

/// The slots of all keys that somebody watches now.
pub(crate) struct Watchers {
    hasher: RandomState,
    shards: [Mutex<HashMap<Key, Arc<Slot>>>; SHARDS],
}

impl Default for Watchers {
    fn default() -> Self {
        Watchers { hasher: RandomState::new(), shards: std::array::from_fn(|_| Mutex::default()) }
    }
}

impl Watchers {
    fn shard(&self, key: &Key) -> &Mutex<HashMap<Key, Arc<Slot>>> {
        #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash choose a shard")]
        let shard = self.hasher.hash_one(key) as usize % SHARDS;
        &self.shards[shard]
    }

    pub fn watch(watchers: &Arc<Watchers>, key: Key) -> Watch {
        let slot = watchers.shard(&key).lock().entry(key).or_default().clone();
        let seen = slot.version.load(Ordering::Acquire);
        Watch { watchers: watchers.clone(), key, slot, seen }
    }

    pub fn wake(&self, moved: &Moved) {
        for customer in &moved.customers {
            self.wake_key(Key::Customer(moved.tenant, *customer));
        }
        self.wake_key(Key::Tenant(moved.tenant));
        if moved.calls {
            self.wake_key(Key::Calls(moved.tenant));
        }
        self.wake_key(Key::Everything);
    }

    fn wake_key(&self, key: Key) {
        if let Some(slot) = self.shard(&key).lock().get(&key) {
            slot.wake();
        }
    }

    /// For when something may have been missed.
    pub fn wake_all(&self) {
        for shard in &self.shards {
            shard.lock().values().for_each(|slot| slot.wake());
        }
    }

    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }

    #[cfg(test)]
    pub fn room(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().capacity()).sum()
    }
}

/// Wakes its holder after something happened; ten things at once wake it once. Begins with what happens from now on.
pub struct Watch {
    watchers: Arc<Watchers>,
    key: Key,
    slot: Arc<Slot>,
    seen: u64,
}

impl Watch {
    /// Returns when something happened since the last return, at once where it already has. May be dropped and called
    /// again without losing anything.
    pub async fn changed(&mut self) {
        loop {
            // Made before the look: from here on it hears every wake, polled or not.
            let notified = self.slot.notify.notified();
            let version = self.slot.version.load(Ordering::Acquire);
            if version != self.seen {
                self.seen = version;
                return;
            }
            notified.await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut shard = self.watchers.shard(&self.key).lock();
        // The map's and this one: new ones are made under the lock only.
        if Arc::strong_count(&self.slot) == 2 {
            shard.remove(&self.key);
            if shard.capacity() > 64 && shard.len() < shard.capacity() / 4 {
                shard.shrink_to_fit();
            }
        }
    }
}
