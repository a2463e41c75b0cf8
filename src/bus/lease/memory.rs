//! Leases of one process.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

struct Lease {
    owner: String,
    ends: Instant,
}

/// Leases between the tasks of this process.
#[derive(Default)]
pub struct MemoryLeases(Mutex<HashMap<String, Lease>>);

impl MemoryLeases {
    pub(crate) fn lock(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        let mut leases = self.0.lock();
        let now = Instant::now();
        leases.retain(|_, lease| lease.ends > now);
        if leases.contains_key(name) {
            return false;
        }
        leases.insert(name.into(), Lease { owner: owner.into(), ends: now + ttl });
        true
    }

    pub(crate) fn extend(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        let now = Instant::now();
        match self.0.lock().get_mut(name) {
            Some(lease) if lease.owner == owner && lease.ends > now => {
                lease.ends = now + ttl;
                true
            }
            _ => false,
        }
    }

    pub(crate) fn release(&self, name: &str, owner: &str) -> bool {
        let mut leases = self.0.lock();
        let now = Instant::now();
        let own = leases.get(name).is_some_and(|lease| lease.owner == owner && lease.ends > now);
        if own {
            leases.remove(name);
        }
        own
    }
}
