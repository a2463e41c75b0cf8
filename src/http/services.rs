//! What the transports are given: the traits that the application implements for them ([`Executor`], [`Authenticator`],
//! [`RateLimiter`], [`Readiness`]), and [`Services`], which holds one of each.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::auth::Viewer;
use crate::config::HttpConfig;
use crate::domain::file::MediaTokens;
use crate::domain::identity::identify::{Answer, IdentifyRequest};
use crate::domain::rapport::Rapport;
use crate::error::Error;
use crate::graphql::execute::Answer as Response;
use crate::graphql::operation::{Documents, Request};
use crate::graphql::{Frame, Outlet, RateLimit, RequestContext, Transported};
use crate::http::documents::{Manifest, Persisted};
use crate::ids::SourceId;

/// What the transports run: the [`Api`](crate::graphql::Api), or in their tests a schema that is made to hang, flood and
/// fail.
#[async_trait]
pub trait Executor: Send + Sync {
    /// The documents that it runs.
    fn documents(&self) -> &Documents;

    /// Runs a query or mutation to its end.
    async fn execute(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
    ) -> Response;

    /// Runs a subscription; `Err` when it does not start. What the outlet takes does not come by the stream.
    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
        outlet: Option<Arc<dyn Outlet>>,
    ) -> Result<BoxStream<'static, Frame>, Response>;

    /// Links identifiers, for `POST /identify`.
    async fn identify(
        &self,
        request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Answer, Error>;

    /// The domain behind, where answers under an `Idempotency-Key` are kept; a schema without one keeps none.
    fn rapport(&self) -> Option<Rapport> {
        None
    }
}

/// Turns a token into its holder.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Errors: `Unauthenticated`, and `Unavailable` while keys cannot be fetched.
    async fn verify(&self, token: &str) -> Result<Viewer, Error>;
}

/// An allowance is used up: how long until there is some again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait(pub Duration);

/// Counts what network addresses and tokens use.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one request of a network address, before anything of it is read or verified.
    async fn count_request(&self, address: IpAddr) -> Result<(), Wait>;

    /// Takes the points that a document costs at most, before it runs. What is left, where there is a limit.
    async fn charge(&self, viewer: &Viewer, points: u64) -> Result<Option<RateLimit>, Wait>;

    /// Takes a point for each event that a source delivers, before they are written.
    async fn charge_source(&self, source: SourceId, events: u64) -> Result<(), Wait>;
}

/// No limit, for `RAPPORT_RATE_PER_SECOND=0`.
pub struct Unlimited;

#[async_trait]
impl RateLimiter for Unlimited {
    async fn count_request(&self, _: IpAddr) -> Result<(), Wait> {
        Ok(())
    }

    async fn charge(&self, _: &Viewer, _: u64) -> Result<Option<RateLimit>, Wait> {
        Ok(None)
    }

    async fn charge_source(&self, _: SourceId, _: u64) -> Result<(), Wait> {
        Ok(())
    }
}

/// Asks whether requests can be served: `true` or `false`, and the detail as JSON for whoever looks.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, (bool, serde_json::Value)> + Send + Sync>;

/// Everything that a server is built from. The application makes it once, at the start.
pub struct Services {
    pub api: Arc<dyn Executor>,
    pub config: HttpConfig,
    /// Whether documents may introspect.
    pub introspection: bool,
    /// Requests in one batch.
    pub max_batch: u16,
    /// Where `/metrics` is served, where that is not the public address.
    pub metrics_listener: Option<TcpListener>,
    /// Whether the dashboard is served.
    pub dashboard: bool,
    /// Whether `GraphiQL` is served.
    pub graphiql: bool,
    pub authenticator: Arc<dyn Authenticator>,
    pub rate_limiter: Arc<dyn RateLimiter>,
    pub readiness: Readiness,
    /// The metrics of other modules, to which those of the server are added.
    pub registry: Registry,
    /// Trusted documents, those of the dashboard among them where it is served; empty when there are none.
    pub manifest: Manifest,
    /// Automatic persisted queries.
    pub persisted: Persisted,
    /// With what files are fetched that are still at a provider.
    pub media_tokens: Arc<dyn MediaTokens>,
    pub timeouts: Timeouts,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the head of a request is complete; also how long an idle connection is kept.
    pub head: Duration,
    /// Until the body of a request is complete.
    pub body: Duration,
    /// Until `connection_init` arrives on a socket.
    pub init: Duration,
    /// Between pings and keep-alive comments; a peer that is silent for two and a half of them is dead.
    pub ping: Duration,
    /// Until one message is taken by a slow socket.
    pub send: Duration,
    /// How long a write makes no progress at all before the connection is given up.
    pub stall: Duration,
    /// How long what is in flight may take once the server stops.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Timeouts {
            head: seconds(10),
            body: seconds(15),
            init: seconds(3),
            ping: seconds(12),
            send: seconds(15),
            stall: seconds(30),
            drain: seconds(8),
        }
    }
}
