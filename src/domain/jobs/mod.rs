//! Work in the background: the outgoing stream, pruning, and figures of both.

mod events;
mod prune;
mod relay;
mod retention;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use events::EVENT_TYPES;

use crate::bus::BusHealth;
use crate::domain::rapport::Rapport;

/// What the jobs do with the settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// How long the change log is kept.
    pub change_log: Duration,
    /// Entries that a tenant's outgoing stream keeps, about.
    pub stream_length: u64,
}

/// What the jobs of this process have done and see; all of it may be read at any time.
#[derive(Debug, Default)]
pub struct Figures {
    /// Entries of the change log that were pruned.
    pub pruned: AtomicU64,
    /// History items that grew older than the tenant keeps them.
    pub expired: AtomicU64,
    /// Events that were appended to outgoing streams.
    pub relayed: AtomicU64,
    /// Whether this process writes the outgoing streams: 0 or 1.
    pub relaying: AtomicI64,
    /// When the oldest change was written that waits to be relayed, in microseconds; 0 while nothing waits.
    pub waiting_since: AtomicI64,
    /// Transactions between the oldest open one and the newest: how much the feed holds back.
    pub horizon: AtomicI64,
}

/// Starts the jobs. They end soon after `stop`, never in the middle of a transaction; the tracker is closed and empty
/// then.
pub fn start(
    rapport: &Rapport,
    plan: Plan,
    figures: &Arc<Figures>,
    stop: &CancellationToken,
) -> TaskTracker {
    let tasks = TaskTracker::new();
    tasks.spawn(prune::keep_pruning(
        rapport.clone(),
        plan.change_log,
        figures.clone(),
        stop.clone(),
    ));
    if rapport.bus.health() != BusHealth::Memory {
        tasks.spawn(relay::keep_relaying(
            rapport.clone(),
            plan.stream_length,
            figures.clone(),
            stop.clone(),
        ));
    }
    tasks.close();
    tasks
}

/// Waits, but not beyond the stop; whether to go on.
async fn pause(stop: &CancellationToken, time: Duration) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(time) => true,
    }
}

fn add(figure: &AtomicU64, count: u64) {
    figure.fetch_add(count, Ordering::Relaxed);
}
