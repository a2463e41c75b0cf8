//! The server that all connections share: its services, and what it counts, keeps and limits while it runs. What it does
//! for a request stands in further `impl Server` blocks, each in a file named for it.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::http::documents::{Documents, Manifest};
use crate::http::metrics::{Metrics, OpenGuard};
use crate::http::refusal::Refusal;
use crate::http::services::Services;

/// A running server.
pub struct Server {
    pub services: Services,
    pub shutdown: CancellationToken,
    /// Every connection, socket and stream; the server stops when it is empty.
    pub tasks: TaskTracker,
    pub(crate) metrics: Metrics,
    pub(crate) documents: Documents,
    pub(crate) registry: Mutex<Registry>,
    /// One permit for each socket or stream that may be open.
    streams: Arc<Semaphore>,
}

/// The right to keep one socket or stream open; given back on drop.
pub struct StreamPermit {
    _permit: tokio::sync::OwnedSemaphorePermit,
    _open: OpenGuard,
}

impl Server {
    pub fn new(mut services: Services, shutdown: CancellationToken) -> Arc<Self> {
        let mut registry = std::mem::take(&mut services.registry);
        let manifest = std::mem::replace(&mut services.manifest, Manifest::new(HashMap::new()));
        let persisted = std::mem::take(&mut services.persisted);
        Arc::new(Server {
            metrics: Metrics::new(&mut registry),
            documents: Documents::new(manifest, services.config.trusted_documents, persisted),
            registry: Mutex::new(registry),
            streams: Arc::new(Semaphore::new(
                services.config.max_streams.min(Semaphore::MAX_PERMITS),
            )),
            tasks: TaskTracker::new(),
            shutdown,
            services,
        })
    }

    /// Whether the server stops: what is in flight is finished, and nothing new begins.
    pub fn draining(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// Permits one more socket or stream; `transport` is its label among the metrics.
    pub(crate) fn stream_permit(&self, transport: &'static str) -> Result<StreamPermit, Refusal> {
        if self.draining() {
            return Err(Refusal::stopping());
        }
        let Ok(permit) = self.streams.clone().try_acquire_owned() else {
            self.metrics.overloaded.inc();
            return Err(Refusal::busy("too many open sockets and streams"));
        };
        Ok(StreamPermit { _permit: permit, _open: self.metrics.open(transport) })
    }
}
