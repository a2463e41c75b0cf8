//! A cache of bytes, each value with its end.

mod memory;
mod redis;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::bus::cache::memory::MemoryCache;
use crate::bus::cache::redis::RedisCache;
use crate::bus::link::Link;

/// Values that may be forgotten at any time, and are after their time.
pub enum Cache {
    /// In this process.
    Memory(MemoryCache),
    /// Shared between servers, and in this process while Redis is away.
    Redis(RedisCache),
}

impl Cache {
    pub(crate) fn new(max_bytes: u64, link: Option<Arc<Link>>) -> Cache {
        let memory = MemoryCache::new(max_bytes);
        match link {
            None => Cache::Memory(memory),
            Some(link) => Cache::Redis(RedisCache::new(link, memory)),
        }
    }

    /// The value, where it is still known.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        match self {
            Cache::Memory(cache) => cache.get(key),
            Cache::Redis(cache) => cache.get(key).await,
        }
    }

    /// Keeps the value for `ttl` at most. A value above an eighth of the memory is not kept.
    pub async fn put(&self, key: &str, value: Bytes, ttl: Duration) {
        match self {
            Cache::Memory(cache) => cache.put(key, value, ttl),
            Cache::Redis(cache) => cache.put(key, value, ttl).await,
        }
    }
}
