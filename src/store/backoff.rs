//! How long to wait before trying again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Up to about 100 ms, drawn at random, so that those who met do not meet again.
pub(super) fn backoff(attempt: u32) -> Duration {
    let draw = RandomState::new().build_hasher().finish();
    let most = (1_000u64 << attempt.min(7)).min(100_000);
    Duration::from_micros(draw % most)
}
