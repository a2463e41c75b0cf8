//! Leases between servers: `SET NX PX`, and compare-and-change scripts.

use std::sync::Arc;
use std::time::Duration;

use redis::{Script, Value, cmd};

use crate::bus::link::Link;

/// Leases of all servers.
pub struct RedisLeases {
    link: Arc<Link>,
    extend: Script,
    release: Script,
}

impl RedisLeases {
    pub(crate) fn new(link: Arc<Link>) -> RedisLeases {
        RedisLeases {
            link,
            extend: Script::new(
                "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0",
            ),
            release: Script::new(
                "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
            ),
        }
    }

    pub(crate) async fn lock(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        let Some(mut connection) = self.link.connection() else { return false };
        let mut set = cmd("SET");
        set.arg(self.key(name)).arg(owner).arg("NX").arg("PX").arg(millis(ttl));
        matches!(self.link.patient(set.query_async(&mut connection)).await, Ok(Value::Okay))
    }

    pub(crate) async fn extend(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        let Some(mut connection) = self.link.connection() else { return false };
        let mut call = self.extend.prepare_invoke();
        call.key(self.key(name)).arg(owner).arg(millis(ttl));
        self.link.patient(call.invoke_async(&mut connection)).await.unwrap_or(false)
    }

    pub(crate) async fn release(&self, name: &str, owner: &str) -> bool {
        let Some(mut connection) = self.link.connection() else { return false };
        let mut call = self.release.prepare_invoke();
        call.key(self.key(name)).arg(owner);
        self.link.patient(call.invoke_async(&mut connection)).await.unwrap_or(false)
    }

    fn key(&self, name: &str) -> String {
        lease_key(&self.link, name)
    }
}

pub(crate) fn lease_key(link: &Link, name: &str) -> String {
    link.key(format_args!("lease:{name}"))
}

fn millis(ttl: Duration) -> u64 {
    ttl.as_millis().clamp(1, 1 << 50) as u64
}
