//! What requests and servers share: the word that something changed, a cache, limits, leases and the outgoing stream.
//!
//! Without Redis all of it lives in this process. With Redis it is shared between servers, and the process's own parts
//! take over at once where Redis does not answer: no request waits for it longer than 50 ms (by default), and after a
//! failure none does for a second. A notice is only a hint ("customer X moved"); what happened is read from the store.

mod cache;
mod cause;
mod client;
mod examine;
mod health;
mod lease;
mod limiter;
mod link;
mod notice;
mod settings;
mod stream;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

pub use cache::Cache;
pub use examine::examine;
pub use health::BusHealth;
pub use lease::Leases;
pub use limiter::{Allowance, Limiter, Rule};
pub use notice::Moved;
pub use settings::Settings;
pub use stream::StreamRule;
pub use watch::Watch;

use crate::bus::link::Link;
use crate::bus::watch::{Key, Watchers};
use crate::error::Error;
use crate::ids::{CustomerId, TenantId};

/// Whether this is an address of Redis; nobody is asked yet. The error is one line that names `REDIS_URL`.
pub fn check_url(redis_url: &str) -> Result<(), String> {
    client::client(redis_url).map(drop)
}

/// How notices reach other servers.
enum Carrier {
    Memory,
    Redis(Arc<Link>),
}

struct Inner {
    watchers: Arc<Watchers>,
    carrier: Carrier,
    cache: Cache,
    limiter: Limiter,
    leases: Leases,
    _stops_the_link: DropGuard,
}

/// A handle; clones share everything. The connection to Redis ends with the last of them.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

impl Bus {
    /// Sets everything up and returns at once; Redis is connected in the background, again and again. Needs a tokio
    /// runtime. The error is one line that names `REDIS_URL`.
    pub fn connect(redis_url: Option<&str>, settings: &Settings) -> Result<Bus, String> {
        let watchers = Arc::new(Watchers::default());
        let stop = CancellationToken::new();
        let link = match redis_url {
            Some(url) => Some(Link::start(url, settings, watchers.clone(), stop.clone())?),
            None => None,
        };
        Ok(Bus(Arc::new(Inner {
            watchers,
            cache: Cache::new(settings.cache_bytes, link.clone()),
            limiter: Limiter::new(link.clone()),
            leases: Leases::new(link.clone()),
            carrier: link.map_or(Carrier::Memory, Carrier::Redis),
            _stops_the_link: stop.drop_guard(),
        })))
    }

    /// Says that something changed, after the commit. Wakes this process's watchers before it returns; never waits and
    /// never fails.
    pub fn publish(&self, moved: &Moved) {
        self.0.watchers.wake(moved);
        if let Carrier::Redis(link) = &self.0.carrier {
            link.publish(moved);
        }
    }

    /// Wakes when the customer moved.
    pub fn watch_customer(&self, tenant: TenantId, customer: CustomerId) -> Watch {
        Watchers::watch(&self.0.watchers, Key::Customer(tenant, customer))
    }

    /// Wakes when anything of the tenant moved.
    pub fn watch_tenant(&self, tenant: TenantId) -> Watch {
        Watchers::watch(&self.0.watchers, Key::Tenant(tenant))
    }

    /// Wakes when a call of the tenant came in or changed.
    pub fn watch_calls(&self, tenant: TenantId) -> Watch {
        Watchers::watch(&self.0.watchers, Key::Calls(tenant))
    }

    /// Wakes when anything of any tenant moved.
    pub fn watch_everything(&self) -> Watch {
        Watchers::watch(&self.0.watchers, Key::Everything)
    }

    /// How many different keys are watched in this process.
    pub fn watched(&self) -> usize {
        self.0.watchers.len()
    }

    /// Values with an end, shared between servers where Redis is.
    pub fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// Who may still spend how much.
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// Who does what only one server should do.
    pub fn leases(&self) -> &Leases {
        &self.0.leases
    }

    /// Appends to the tenant's outgoing stream, all or nothing and in order: each entry has the fields `id` and `event`.
    ///
    /// # Errors
    /// `Unavailable` where Redis is not configured or did not take the entries within 2 s (it may have, after all).
    pub async fn stream_append(
        &self,
        tenant_name: &str,
        entries: &[(String, String)],
        rule: StreamRule,
    ) -> Result<(), Error> {
        stream::append(self.link()?, tenant_name, entries, rule).await
    }

    /// The same for whoever holds a lease: nothing is appended, and the answer is false, where the lease is not the
    /// owner's any more. Lease and entries are looked at in one step.
    ///
    /// # Errors
    /// `Unavailable` as for [`Bus::stream_append`].
    pub async fn stream_append_holding(
        &self,
        lease: (&str, &str),
        tenant_name: &str,
        entries: &[(String, String)],
        rule: StreamRule,
    ) -> Result<bool, Error> {
        stream::append_holding(self.link()?, lease, tenant_name, entries, rule).await
    }

    /// Writes down in Redis that this store has streams there: who wants to follow one finds the store's id in the sorted
    /// set `rapport:stores`. A store that did not for `idle` is no longer listed.
    ///
    /// # Errors
    /// `Unavailable` as for [`Bus::stream_append`].
    pub async fn announce(&self, idle: Duration) -> Result<(), Error> {
        stream::announce(self.link()?, idle).await
    }

    /// The `id` field of the stream's newest entry: where whoever writes the stream goes on. `None` for an empty one.
    ///
    /// # Errors
    /// `Unavailable` as for [`Bus::stream_append`].
    pub async fn stream_last(&self, tenant_name: &str) -> Result<Option<String>, Error> {
        stream::last(self.link()?, tenant_name).await
    }

    fn link(&self) -> Result<&Link, Error> {
        match &self.0.carrier {
            Carrier::Redis(link) => Ok(link),
            Carrier::Memory => {
                Err(stream::unavailable("REDIS_URL is not set, so there is no outgoing stream"))
            }
        }
    }

    /// How things stand now.
    pub fn health(&self) -> BusHealth {
        match &self.0.carrier {
            Carrier::Memory => BusHealth::Memory,
            Carrier::Redis(link) => link.health(),
        }
    }

    /// Waits until Redis is connected, at most `within`. True at once where Redis is not configured.
    pub async fn connected(&self, within: Duration) -> bool {
        match &self.0.carrier {
            Carrier::Memory => true,
            Carrier::Redis(link) => link.connected(true, within).await,
        }
    }
}
