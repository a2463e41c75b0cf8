//! Bounded by bytes, not by entries.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::Expiry;
use moka::sync::Cache;

/// What an entry costs beside key and value, about.
const OVERHEAD: usize = 200;

#[derive(Clone)]
struct Entry {
    value: Bytes,
    ttl: Duration,
}

struct EachItsOwn;

impl Expiry<Arc<str>, Entry> for EachItsOwn {
    fn expire_after_create(&self, _: &Arc<str>, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    fn expire_after_update(
        &self,
        _: &Arc<str>,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

/// A cache of this process.
pub struct MemoryCache {
    entries: Cache<Arc<str>, Entry>,
    max_value: usize,
}

impl MemoryCache {
    pub(crate) fn new(max_bytes: u64) -> MemoryCache {
        let weight = |key: &Arc<str>, entry: &Entry| {
            u32::try_from(key.len() + entry.value.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let entries = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(weight)
            .expire_after(EachItsOwn)
            .build();
        MemoryCache { entries, max_value: usize::try_from(max_bytes / 8).unwrap_or(usize::MAX) }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Bytes> {
        self.entries.get(key).map(|entry| entry.value)
    }

    /// Whether a value of this size is kept at all.
    pub(crate) fn takes(&self, value: &Bytes) -> bool {
        value.len() <= self.max_value
    }

    pub(crate) fn put(&self, key: &str, value: Bytes, ttl: Duration) {
        if self.takes(&value) {
            self.entries.insert(key.into(), Entry { value, ttl });
        } else {
            self.entries.invalidate(key);
        }
    }

    #[cfg(test)]
    pub(crate) fn weight(&self) -> u64 {
        self.entries.run_pending_tasks();
        self.entries.weighted_size()
    }
}
