//! A token bucket: how many messages a socket may send.

use std::time::Instant;

/// Messages a client may send at once, and those it gets back each second.
const BURST: u16 = 300;
const PER_SECOND: f64 = 100.0;

/// How many messages a socket may still send.
pub struct TokenBucket {
    burst: f64,
    left: f64,
    since: Instant,
}

impl TokenBucket {
    /// Full: enough to begin all of these operations in one go, as a client does that comes again.
    pub fn new(now: Instant, operations: u16) -> Self {
        let burst = f64::from(BURST.max(operations.saturating_add(operations / 4)));
        TokenBucket { burst, left: burst, since: now }
    }

    /// Takes one; `false` when there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        let back = now.saturating_duration_since(self.since).as_secs_f64() * PER_SECOND;
        self.since = now;
        self.left = (self.left + back).min(self.burst) - 1.0;
        self.left >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::http::socket::bucket::TokenBucket;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let start = Instant::now();
        for (operations, burst) in [(1, 300), (256, 320), (10_000, 12_500), (u16::MAX, 65_535)] {
            let mut bucket = TokenBucket::new(start, operations);
            assert!((0..burst).all(|_| bucket.take(start)));
            assert!(!bucket.take(start));
            assert!(bucket.take(start + Duration::from_secs(1)));
        }
    }
}
