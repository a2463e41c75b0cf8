//! Figures of the domain and the bus, read when they are asked for.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::bus::BusHealth;
use crate::domain::jobs::Figures;
use crate::domain::rapport::Rapport;
use crate::graphql::pages::Pages;

pub struct Reader {
    pub rapport: Rapport,
    pub figures: Arc<Figures>,
    pub pages: Arc<Pages>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Collector for Reader {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let mut tell = |name: &str, help: &str, value: Value| {
            let metric: &dyn Told = match &value {
                Value::Now(gauge) => gauge,
                Value::Total(counter) => counter,
            };
            metric.tell(&mut encoder, name, help)
        };
        let (connected, overflowed) = match self.rapport.bus.health() {
            BusHealth::Memory => (0, 0),
            BusHealth::Redis { connected, overflowed, .. } => (i64::from(connected), overflowed),
        };
        let (customers, feeds) = self.rapport.open_hubs();
        let figures = &self.figures;
        let waiting = match figures.waiting_since.load(Ordering::Relaxed) {
            0 => 0.0,
            since => (self.rapport.clock.now().0 - since).max(0) as f64 / 1e6,
        };
        tell("rapport_bus_connected", "Whether Redis is connected: 0 or 1", now(connected))?;
        tell(
            "rapport_bus_overflowed",
            "Notices that found the queue to Redis full",
            total(overflowed),
        )?;
        tell(
            "rapport_live_customers",
            "Customers whose log is read for subscribers",
            now(customers as i64),
        )?;
        tell(
            "rapport_live_feeds",
            "Tenants whose feed is read for subscribers",
            now(feeds as i64),
        )?;
        tell(
            "rapport_feed_horizon_transactions",
            "Transactions that the feed waits for",
            now(figures.horizon.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_relay_active",
            "Whether this server writes the outgoing streams: 0 or 1",
            now(figures.relaying.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_relay_lag_seconds",
            "Age of the oldest change that waits for the outgoing stream",
            Value::Now(ConstGauge::new(waiting)),
        )?;
        tell(
            "rapport_relay_events",
            "Events appended to outgoing streams",
            total(figures.relayed.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_pruned_changes",
            "Entries pruned from the change log",
            total(figures.pruned.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_expired_items",
            "History items removed because the tenant keeps them no longer",
            total(figures.expired.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_pages_used",
            "Pages answered from memory",
            total(self.pages.used.load(Ordering::Relaxed)),
        )?;
        tell(
            "rapport_pages_outdated",
            "Pages that had changed since they were kept",
            total(self.pages.outdated.load(Ordering::Relaxed)),
        )
    }
}

enum Value {
    Now(ConstGauge<f64>),
    Total(ConstCounter<u64>),
}

fn now(value: i64) -> Value {
    Value::Now(ConstGauge::new(value as f64))
}

fn total(value: u64) -> Value {
    Value::Total(ConstCounter::new(value))
}

trait Told {
    fn tell(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
    ) -> Result<(), std::fmt::Error>;
}

impl<M: EncodeMetric> Told for M {
    fn tell(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        name: &str,
        help: &str,
    ) -> Result<(), std::fmt::Error> {
        self.encode(encoder.encode_descriptor(name, help, None, self.metric_type())?)
    }
}
