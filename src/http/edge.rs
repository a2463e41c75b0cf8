use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::ExecutableDocument;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::HttpConfig;
use crate::graphql::limits::{Limits, RowsOf};
use crate::http::documents::{Documents, Manifest, Persisted};
use crate::http::engine::Engine;
use crate::http::meter::Meter;
use crate::http::metrics::{Metrics, OpenGuard};
use crate::http::refusal::Refusal;
use crate::http::viewer::Authenticator;

/// Asks whether requests can be served: `true` or `false`, and the detail as JSON for whoever looks.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, (bool, serde_json::Value)> + Send + Sync>;

/// Everything that the edge is made of. Built once by the roof.
pub struct Edge {
    pub api: Arc<dyn Engine>,
    pub config: HttpConfig,
    /// Whether documents may introspect.
    pub introspection: bool,
    /// Whether GraphiQL is served.
    pub graphiql: bool,
    pub authenticator: Arc<dyn Authenticator>,
    pub meter: Arc<dyn Meter>,
    pub readiness: Readiness,
    /// The figures of other rooms, to which those of this one are added.
    pub registry: Registry,
    pub limits: Limits,
    /// Rows that a field of this name answers when the document does not say.
    pub rows_of: Arc<RowsOf>,
    /// Trusted documents; empty when there are none.
    pub manifest: Manifest,
    /// Automatic persisted queries.
    pub persisted: Persisted,
    pub pace: Pace,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
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

impl Default for Pace {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Pace {
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

/// The edge at work: shared by all connections.
pub struct Server {
    pub edge: Edge,
    pub shutdown: CancellationToken,
    /// Every connection, socket and stream; the server stops when it is empty.
    pub tasks: TaskTracker,
    pub(crate) metrics: Metrics,
    pub(crate) documents: Documents,
    pub(crate) parsed: moka::sync::Cache<String, Arc<ExecutableDocument>>,
    pub(crate) registry: Mutex<Registry>,
    streams: Arc<Semaphore>,
}

/// A place among the open sockets and streams; given back on drop.
pub struct Slot {
    _permit: tokio::sync::OwnedSemaphorePermit,
    _open: OpenGuard,
}

/// Memory of parsed documents, in bytes: about 40 for each byte of text.
const PARSED_BYTES: u64 = 32 << 20;

impl Server {
    pub fn new(mut edge: Edge, shutdown: CancellationToken) -> Arc<Self> {
        let mut registry = std::mem::take(&mut edge.registry);
        let manifest = std::mem::replace(&mut edge.manifest, Manifest::new(HashMap::new()));
        let persisted = std::mem::take(&mut edge.persisted);
        Arc::new(Server {
            metrics: Metrics::new(&mut registry),
            documents: Documents::new(manifest, edge.config.trusted_documents, persisted),
            parsed: moka::sync::Cache::builder()
                .max_capacity(PARSED_BYTES)
                .weigher(|text: &String, _| {
                    u32::try_from(text.len().saturating_mul(40)).unwrap_or(u32::MAX)
                })
                .build(),
            registry: Mutex::new(registry),
            streams: Arc::new(Semaphore::new(edge.config.max_streams.min(Semaphore::MAX_PERMITS))),
            tasks: TaskTracker::new(),
            shutdown,
            edge,
        })
    }

    pub fn draining(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// A place for one more socket or stream, `transport` being its name among the figures.
    pub(crate) fn slot(&self, transport: &'static str) -> Result<Slot, Refusal> {
        if self.draining() {
            return Err(Refusal::stopping());
        }
        match self.streams.clone().try_acquire_owned() {
            Ok(permit) => Ok(Slot { _permit: permit, _open: self.metrics.open(transport) }),
            Err(_) => {
                self.metrics.overloaded.inc();
                Err(Refusal::busy("too many open sockets and streams"))
            }
        }
    }
}
