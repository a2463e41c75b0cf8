//! The settings of the bus.

use std::time::Duration;

/// The first part of every name in Redis.
pub(crate) const ROOT: &str = "rapport";

/// What the bus may use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The store's id, second part of every Redis key and channel: servers on one store work together, and installations
    /// that share one Redis never meet.
    pub store: String,
    /// Memory for cached values in this process, in bytes.
    pub cache_bytes: u64,
    /// What a request waits for Redis at most, before it goes on without.
    pub redis_wait: Duration,
}

impl Settings {
    /// The settings of servers on this store.
    pub fn of(store: &str) -> Self {
        Settings {
            store: store.into(),
            cache_bytes: 32 * 1024 * 1024,
            redis_wait: Duration::from_millis(50),
        }
    }
}
