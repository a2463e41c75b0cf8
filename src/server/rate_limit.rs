//! Rate limits of tokens and network addresses, from the settings, kept on the bus.

use std::net::IpAddr;

use async_trait::async_trait;

use crate::auth::Viewer;
use crate::bus::{Allowance, Bus, Rule};
use crate::config::HttpConfig;
use crate::graphql::RateLimit;
use crate::http::{RateLimiter, Wait};
use crate::ids::SourceId;

/// What one request of a network address costs: an address may be a whole office, so that it has the same allowance as a token
/// and spends it slowly.
const REQUEST_COST: u32 = 5;

/// The allowances of all tokens and addresses, shared between servers where they share a bus.
pub struct Allowances {
    bus: Bus,
    rule: Rule,
}

impl Allowances {
    pub fn new(bus: Bus, config: &HttpConfig) -> Self {
        Allowances {
            bus,
            rule: Rule { per_second: config.rate_per_second, burst: config.rate_burst },
        }
    }

    async fn take(&self, key: &str, cost: u32) -> Result<Allowance, Wait> {
        let allowance = self.bus.limiter().take(key, cost, self.rule).await;
        if allowance.allowed { Ok(allowance) } else { Err(Wait(allowance.retry_after)) }
    }
}

#[async_trait]
impl RateLimiter for Allowances {
    async fn count_request(&self, address: IpAddr) -> Result<(), Wait> {
        self.take(&format!("address:{address}"), REQUEST_COST).await.map(drop)
    }

    async fn charge(&self, viewer: &Viewer, points: u64) -> Result<Option<RateLimit>, Wait> {
        let cost = u32::try_from(points).unwrap_or(u32::MAX);
        let left = self.take(&format!("token:{}:{}", viewer.tenant, viewer.subject), cost).await?;
        let Rule { per_second, burst } = self.rule;
        Ok(Some(RateLimit { cost, remaining: left.remaining, per_second, burst }))
    }

    async fn charge_source(&self, source: SourceId, events: u64) -> Result<(), Wait> {
        let cost = u32::try_from(events).unwrap_or(u32::MAX);
        self.take(&format!("source:{source}"), cost).await.map(drop)
    }
}
