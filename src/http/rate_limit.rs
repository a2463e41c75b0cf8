//! Rate limits: one request of a network address before it is read, and a document's points before it runs.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RateLimit;
use crate::http::address;
use crate::http::refusal::Refusal;
use crate::http::server::Server;
use crate::http::services::Wait;
use crate::http::viewer::Peer;
use crate::ids::SourceId;

impl Server {
    /// Counts a request of the peer's network address.
    pub async fn count_request(&self, peer: Peer, headers: &HeaderMap) -> Result<(), Refusal> {
        let address = address::of(peer.0, headers, &self.services.config.trusted_proxies);
        self.services
            .rate_limiter
            .count_request(address)
            .await
            .map_err(|wait| self.limited(wait, "this address has sent too many requests"))
    }

    /// Takes points from the token's allowance; what is left, where there is a limit.
    pub async fn charge(&self, viewer: &Viewer, points: u64) -> Result<Option<RateLimit>, Refusal> {
        self.services
            .rate_limiter
            .charge(viewer, points)
            .await
            .map_err(|wait| self.limited(wait, "the token's allowance is used up"))
    }

    /// Takes a point from the source's allowance for each event.
    pub async fn charge_source(&self, source: SourceId, events: u64) -> Result<(), Refusal> {
        let limiter = &self.services.rate_limiter;
        let charged = limiter.charge_source(source, events).await;
        charged.map_err(|wait| self.limited(wait, "the source's allowance is used up"))
    }

    fn limited(&self, wait: Wait, message: &str) -> Refusal {
        self.metrics.rate_limited.inc();
        // Rounded up.
        let seconds = wait.0.as_secs().saturating_add((wait.0.subsec_nanos() > 0).into()).max(1);
        let mut refusal =
            Refusal::new(Code::RateLimited, format!("{message}; try again in {seconds} s"))
                .header(header::RETRY_AFTER, HeaderValue::from(seconds));
        refusal.extensions.insert("retryAfter".into(), seconds.into());
        refusal
    }
}
