//! Who may still spend how much: a leaky bucket per key, filled by cost and drained by time.

mod memory;
mod redis;
mod rule;

use std::sync::Arc;
use std::time::{Duration, Instant};

pub use rule::{Allowance, Rule};

use crate::bus::limiter::memory::MemoryLimiter;
use crate::bus::limiter::redis::RedisLimiter;
use crate::bus::link::Link;

/// The buckets.
pub enum Limiter {
    /// Of this process.
    Memory(MemoryLimiter),
    /// Of all servers, and of this process while Redis is away.
    Redis(RedisLimiter),
}

impl Limiter {
    pub(crate) fn new(link: Option<Arc<Link>>) -> Limiter {
        let memory = MemoryLimiter::default();
        match link {
            None => Limiter::Memory(memory),
            Some(link) => Limiter::Redis(RedisLimiter::new(link, memory)),
        }
    }

    /// Takes `cost` points from the key's bucket, or none. A cost above the burst needs the whole bucket, so that it can
    /// be paid at all.
    pub async fn take(&self, key: &str, cost: u32, rule: Rule) -> Allowance {
        if rule.per_second == 0 {
            return Allowance { allowed: true, remaining: rule.burst, retry_after: Duration::ZERO };
        }
        let cost = cost.min(rule.burst);
        match self {
            Limiter::Memory(limiter) => limiter.take(key, cost, rule, Instant::now()),
            Limiter::Redis(limiter) => limiter.take(key, cost, rule).await,
        }
    }

    /// What is left, without taking anything.
    pub async fn peek(&self, key: &str, rule: Rule) -> Allowance {
        self.take(key, 0, rule).await
    }
}
