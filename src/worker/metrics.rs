//! What the jobs of this process have done and see.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Counters and gauges of the jobs; all of them may be read at any time.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Entries of the change log that were pruned.
    pub pruned: AtomicU64,
    /// History items that grew older than the tenant keeps them.
    pub expired: AtomicU64,
    /// Events that were appended to outgoing streams.
    pub relayed: AtomicU64,
    /// Whether this process writes the outgoing streams: 0 or 1.
    pub relaying: AtomicI64,
    /// When the oldest change was written that waits to be relayed, in microseconds; 0 while nothing waits.
    pub waiting_since: AtomicI64,
    /// Transactions between the oldest open one and the newest: how much the feed holds back.
    pub horizon: AtomicI64,
}

pub(super) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

pub(super) fn set(gauge: &AtomicI64, value: i64) {
    gauge.store(value, Ordering::Relaxed);
}
