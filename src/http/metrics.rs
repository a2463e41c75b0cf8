//! The Prometheus metrics of the server.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::graphql::operation::OperationKind;

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct Outcome {
    kind: &'static str,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct Kind {
    kind: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct Transport {
    transport: &'static str,
}

/// The metrics of the server. Labels come from fixed sets only, so that no client can make new ones.
pub struct Metrics {
    requests: Family<Outcome, Counter>,
    durations: Family<Kind, Histogram>,
    open: Family<Transport, Gauge>,
    pub rate_limited: Counter,
    pub overloaded: Counter,
    pub slow_clients: Counter,
    pub untrusted: Counter,
}

/// Counts something as open until it is dropped.
pub struct OpenGuard(Gauge);

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub fn new(registry: &mut Registry) -> Self {
        let seconds = || {
            Histogram::new([
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0,
            ])
        };
        let metrics = Metrics {
            requests: Family::default(),
            durations: Family::new_with_constructor(seconds),
            open: Family::default(),
            rate_limited: Counter::default(),
            overloaded: Counter::default(),
            slow_clients: Counter::default(),
            untrusted: Counter::default(),
        };
        registry.register(
            "rapport_requests",
            "Requests by kind of operation or route, and status",
            metrics.requests.clone(),
        );
        registry.register(
            "rapport_request_seconds",
            "Time until the answer, or until the end of a socket's operation",
            metrics.durations.clone(),
        );
        registry.register(
            "rapport_open",
            "Open connections, sockets and streams",
            metrics.open.clone(),
        );
        registry.register(
            "rapport_rate_limited",
            "Requests refused by a rate limit",
            metrics.rate_limited.clone(),
        );
        registry.register(
            "rapport_overloaded",
            "Requests and connections refused because too many are open",
            metrics.overloaded.clone(),
        );
        registry.register(
            "rapport_slow_clients",
            "Sockets closed because their client did not read",
            metrics.slow_clients.clone(),
        );
        registry.register(
            "rapport_untrusted_documents",
            "Documents that ran and are not in the manifest",
            metrics.untrusted.clone(),
        );
        metrics
    }

    pub fn answered(&self, kind: &'static str, status: u16, time: Duration) {
        self.requests.get_or_create(&Outcome { kind, status }).inc();
        self.durations.get_or_create(&Kind { kind }).observe(time.as_secs_f64());
    }

    pub fn open(&self, transport: &'static str) -> OpenGuard {
        let gauge = self.open.get_or_create(&Transport { transport }).clone();
        gauge.inc();
        OpenGuard(gauge)
    }
}

pub fn name_of(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
    }
}
