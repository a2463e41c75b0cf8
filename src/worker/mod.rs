//! Work that runs without a request: pruning, retention, the outgoing stream of changes, and
//! numbers that are read anew. The [`driver`] runs the jobs;
//! each stands in a file of its own in [`jobs`].

mod cloud_event;
mod driver;
mod jobs;
mod metrics;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use cloud_event::EVENT_TYPES;
pub use driver::JobSettings;
pub use metrics::Metrics;

use crate::domain::rapport::Rapport;
use crate::worker::driver::{Driver, JobContext};

/// Starts the jobs. They end soon after `stop`, never in the middle of a transaction; the tracker is closed and empty
/// then.
pub fn start(
    rapport: &Rapport,
    settings: JobSettings,
    metrics: &Arc<Metrics>,
    stop: &CancellationToken,
) -> TaskTracker {
    let mut driver = Driver::new(JobContext {
        rapport: rapport.clone(),
        settings,
        metrics: metrics.clone(),
        stop: stop.clone(),
    });
    jobs::start_all(&mut driver);
    driver.started()
}
