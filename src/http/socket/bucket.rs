//! A token bucket: how many messages a socket may send.

use std::time::Instant;

/// Messages a client may send at once, and those it gets back each second.
const BURST: f64 = 300.0;
const PER_SECOND: f64 = 100.0;

/// How many messages a socket may still send.
pub struct TokenBucket {
    left: f64,
    since: Instant,
}

impl TokenBucket {
    pub fn new(now: Instant) -> Self {
        TokenBucket { left: BURST, since: now }
    }

    /// Takes one; `false` when there is none.
    pub fn take(&mut self, now: Instant) -> bool {
        let back = now.saturating_duration_since(self.since).as_secs_f64() * PER_SECOND;
        self.since = now;
        self.left = (self.left + back).min(BURST) - 1.0;
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
        let mut bucket = TokenBucket::new(start);
        assert!((0..300).all(|_| bucket.take(start)));
        assert!(!bucket.take(start));
        assert!(bucket.take(start + Duration::from_secs(1)));
    }
}
