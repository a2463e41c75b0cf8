//! Buckets of all servers: one small script, on the clock of Redis.

use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::Script;
use sha2::{Digest, Sha256};

use crate::bus::limiter::memory::MemoryLimiter;
use crate::bus::limiter::rule::{Allowance, Rule};
use crate::bus::link::Link;

/// Limits of all servers together.
pub struct RedisLimiter {
    link: Arc<Link>,
    memory: MemoryLimiter,
    take: Script,
}

impl RedisLimiter {
    pub(crate) fn new(link: Arc<Link>, memory: MemoryLimiter) -> RedisLimiter {
        RedisLimiter { link, memory, take: Script::new(include_str!("take.lua")) }
    }

    pub(crate) async fn take(&self, key: &str, cost: u32, rule: Rule) -> Allowance {
        if let Some(mut connection) = self.link.ready() {
            let mut call = self.take.prepare_invoke();
            call.key(self.name(key)).arg(rule.per_second).arg(rule.burst).arg(cost);
            if let Some((allowed, remaining, micros)) =
                self.link.quick(call.invoke_async::<(bool, u32, u64)>(&mut connection)).await
            {
                return Allowance {
                    allowed,
                    remaining,
                    retry_after: Duration::from_micros(micros),
                };
            }
        }
        self.memory.take(key, cost, rule, Instant::now())
    }

    /// Hashed, because a key may name a person.
    fn name(&self, key: &str) -> String {
        self.link.key(format_args!("limit:{}", hex::encode(&Sha256::digest(key)[..16])))
    }
}
