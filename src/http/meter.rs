use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RateLimit;
use crate::http::address;
use crate::http::edge::Server;
use crate::http::refusal::Refusal;
use crate::http::viewer::Peer;

/// Used up: how long until there is some again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait(pub Duration);

/// Counts what addresses and tokens use.
#[async_trait]
pub trait Meter: Send + Sync {
    /// Before anything is read or verified: one request of an address.
    async fn arrive(&self, address: IpAddr) -> Result<(), Wait>;

    /// Before a document runs: the points that it costs at most. Tells what is left, where there is a limit.
    async fn charge(&self, viewer: &Viewer, points: u64) -> Result<Option<RateLimit>, Wait>;
}

/// No limit, for `RAPPORT_RATE_PER_SECOND=0`.
pub struct Unmetered;

#[async_trait]
impl Meter for Unmetered {
    async fn arrive(&self, _: IpAddr) -> Result<(), Wait> {
        Ok(())
    }

    async fn charge(&self, _: &Viewer, _: u64) -> Result<Option<RateLimit>, Wait> {
        Ok(None)
    }
}

impl Server {
    pub async fn arrive(&self, peer: Peer, headers: &HeaderMap) -> Result<(), Refusal> {
        let address = address::of(peer.0, headers, &self.edge.config.trusted_proxies);
        self.edge
            .meter
            .arrive(address)
            .await
            .map_err(|wait| self.limited(wait, "this address has sent too many requests"))
    }

    pub async fn charge(&self, viewer: &Viewer, points: u64) -> Result<Option<RateLimit>, Refusal> {
        self.edge
            .meter
            .charge(viewer, points)
            .await
            .map_err(|wait| self.limited(wait, "the token's allowance is used up"))
    }

    fn limited(&self, wait: Wait, message: &str) -> Refusal {
        self.metrics.rate_limited.inc();
        let seconds = wait.0.as_secs_f64().ceil().max(1.0) as u64;
        let mut refusal =
            Refusal::new(Code::RateLimited, format!("{message}; try again in {seconds} s"))
                .header(header::RETRY_AFTER, HeaderValue::from(seconds));
        refusal.extensions.insert("retryAfter".into(), seconds.into());
        refusal
    }
}
