//! Metrics of the domain, the jobs, the cache and the bus, read when Prometheus asks for them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::bus::BusHealth;
use crate::domain::rapport::Rapport;
use crate::graphql::response_cache::ResponseCache;
use crate::worker::Metrics;

/// A collector of what the modules below the transports count.
pub struct ApplicationMetrics {
    pub rapport: Rapport,
    pub jobs: Arc<Metrics>,
    pub cache: Arc<ResponseCache>,
}

impl std::fmt::Debug for ApplicationMetrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApplicationMetrics").finish_non_exhaustive()
    }
}

/// A metric: its name, what it means, and its value now.
type Metric = (&'static str, &'static str, Value);

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn gauge(count: i64) -> Value {
    Value::Gauge(count as f64)
}

enum Value {
    Gauge(f64),
    Counter(u64),
}

impl ApplicationMetrics {
    fn bus(&self) -> [Metric; 2] {
        let (connected, overflowed) = match self.rapport.bus.health() {
            BusHealth::Memory => (0.0, 0),
            BusHealth::Redis { connected, overflowed, .. } => {
                (f64::from(u8::from(connected)), overflowed)
            }
        };
        [
            (
                "rapport_bus_connected",
                "Whether Redis is connected: 0 or 1",
                Value::Gauge(connected),
            ),
            (
                "rapport_bus_overflowed",
                "Notices that found the queue to Redis full",
                Value::Counter(overflowed),
            ),
        ]
    }

    fn live(&self) -> [Metric; 2] {
        let (customers, feeds) = self.rapport.open_hubs();
        [
            (
                "rapport_live_customers",
                "Customers whose log is read for subscribers",
                gauge(customers as i64),
            ),
            (
                "rapport_live_feeds",
                "Tenants whose feed is read for subscribers",
                gauge(feeds as i64),
            ),
        ]
    }

    fn relay(&self) -> [Metric; 4] {
        let lag = match self.jobs.waiting_since.load(Ordering::Relaxed) {
            0 => 0.0,
            since => {
                let micros = u64::try_from(self.rapport.clock.now().0 - since).unwrap_or(0);
                Duration::from_micros(micros).as_secs_f64()
            }
        };
        [
            (
                "rapport_feed_horizon_transactions",
                "Transactions that the feed waits for",
                gauge(self.jobs.horizon.load(Ordering::Relaxed)),
            ),
            (
                "rapport_relay_active",
                "Whether this server writes the outgoing streams: 0 or 1",
                gauge(self.jobs.relaying.load(Ordering::Relaxed)),
            ),
            (
                "rapport_relay_lag_seconds",
                "Age of the oldest change that waits for the outgoing stream",
                Value::Gauge(lag),
            ),
            (
                "rapport_relay_events",
                "Events appended to outgoing streams",
                Value::Counter(self.jobs.relayed.load(Ordering::Relaxed)),
            ),
        ]
    }

    fn pruning(&self) -> [Metric; 2] {
        [
            (
                "rapport_pruned_changes",
                "Entries pruned from the change log",
                Value::Counter(self.jobs.pruned.load(Ordering::Relaxed)),
            ),
            (
                "rapport_expired_items",
                "History items removed because the tenant keeps them no longer",
                Value::Counter(self.jobs.expired.load(Ordering::Relaxed)),
            ),
        ]
    }

    fn response_cache(&self) -> [Metric; 2] {
        [
            (
                "rapport_pages_used",
                "Pages answered from memory",
                Value::Counter(self.cache.used.load(Ordering::Relaxed)),
            ),
            (
                "rapport_pages_outdated",
                "Pages that had changed since they were kept",
                Value::Counter(self.cache.outdated.load(Ordering::Relaxed)),
            ),
        ]
    }
}

impl Collector for ApplicationMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let metrics = (self.bus().into_iter())
            .chain(self.live())
            .chain(self.relay())
            .chain(self.pruning())
            .chain(self.response_cache());
        for (name, help, value) in metrics {
            match value {
                Value::Gauge(value) => encode(&mut encoder, name, help, &ConstGauge::new(value))?,
                Value::Counter(value) => {
                    encode(&mut encoder, name, help, &ConstCounter::new(value))?;
                }
            }
        }
        Ok(())
    }
}

fn encode(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    metric: &impl EncodeMetric,
) -> Result<(), std::fmt::Error> {
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}
