//! Who does what only one server should do: a name, an owner, and an end that the owner moves on while it lives.

mod memory;
mod redis;

use std::sync::Arc;
use std::time::Duration;

use crate::bus::lease::memory::MemoryLeases;
use crate::bus::lease::redis::RedisLeases;
use crate::bus::link::Link;

pub(crate) use crate::bus::lease::redis::lease_key;

/// The leases. A lease is a way not to do work twice, never a promise: an owner that stood still longer than the lease
/// may meet another one, so the work itself must bear that.
pub enum Leases {
    /// Of this process.
    Memory(MemoryLeases),
    /// Of all servers. While Redis is away nobody gets or keeps a lease.
    Redis(RedisLeases),
}

impl Leases {
    pub(crate) fn new(link: Option<Arc<Link>>) -> Leases {
        match link {
            None => Leases::Memory(MemoryLeases::default()),
            Some(link) => Leases::Redis(RedisLeases::new(link)),
        }
    }

    /// Takes the lease where nobody has it, for `ttl`. False as well where the owner itself still has it.
    pub async fn lock(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        match self {
            Leases::Memory(leases) => leases.lock(name, owner, ttl),
            Leases::Redis(leases) => leases.lock(name, owner, ttl).await,
        }
    }

    /// Moves the end to `ttl` from now; false where the lease is not the owner's (any more).
    pub async fn extend(&self, name: &str, owner: &str, ttl: Duration) -> bool {
        match self {
            Leases::Memory(leases) => leases.extend(name, owner, ttl),
            Leases::Redis(leases) => leases.extend(name, owner, ttl).await,
        }
    }

    /// Gives the lease back; false where it is not the owner's (any more).
    pub async fn release(&self, name: &str, owner: &str) -> bool {
        match self {
            Leases::Memory(leases) => leases.release(name, owner),
            Leases::Redis(leases) => leases.release(name, owner).await,
        }
    }
}
