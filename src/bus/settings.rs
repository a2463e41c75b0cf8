//! The settings of the bus.

use std::time::Duration;

/// What the bus may use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// First part of every Redis key and channel; servers with the same one work together.
    pub prefix: String,
    /// Memory for cached values in this process, in bytes.
    pub cache_bytes: u64,
    /// What a request waits for Redis at most, before it goes on without.
    pub redis_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            prefix: "rapport".into(),
            cache_bytes: 32 * 1024 * 1024,
            redis_wait: Duration::from_millis(50),
        }
    }
}
