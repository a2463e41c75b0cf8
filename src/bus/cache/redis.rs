//! Shared values. Each is kept in this process as well, for the time Redis is away.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use redis::cmd;

use crate::bus::cache::memory::MemoryCache;
use crate::bus::link::Link;

/// A cache of all servers.
pub struct RedisCache {
    link: Arc<Link>,
    memory: MemoryCache,
}

impl RedisCache {
    pub(crate) fn new(link: Arc<Link>, memory: MemoryCache) -> RedisCache {
        RedisCache { link, memory }
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Bytes> {
        if let Some(mut connection) = self.link.ready() {
            let mut get = cmd("GET");
            get.arg(self.name(key));
            if let Some(Some(value)) = self.link.quick(get.query_async(&mut connection)).await {
                return Some(value);
            }
        }
        self.memory.get(key)
    }

    pub(crate) async fn put(&self, key: &str, value: Bytes, ttl: Duration) {
        if !self.memory.takes(&value) || ttl.is_zero() {
            return;
        }
        self.memory.put(key, value.clone(), ttl);
        if let Some(mut connection) = self.link.ready() {
            let mut set = cmd("SET");
            set.arg(self.name(key))
                .arg(&value[..])
                .arg("PX")
                .arg(ttl.as_millis().clamp(1, 1 << 50) as u64);
            self.link.quick(set.exec_async(&mut connection)).await;
        }
    }

    fn name(&self, key: &str) -> String {
        self.link.key(format_args!("cache:{key}"))
    }
}
