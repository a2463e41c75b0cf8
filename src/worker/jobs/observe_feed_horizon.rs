//! Observes how many transactions the feed waits for, for the metrics.

use std::time::Duration;

use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::worker::driver::{Job, JobContext};
use crate::worker::metrics::set;

pub(super) struct ObserveFeedHorizon;

impl Job for ObserveFeedHorizon {
    const NAME: &'static str = "observe_feed_horizon";
    const EVERY: Duration = Duration::from_secs(15);

    /// `SQLite` has one writer: nothing ever waits.
    fn is_needed(rapport: &Rapport) -> bool {
        rapport.store.is_postgres()
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        // While the store does not answer, the last observation stands; others log that.
        if let Ok(Some(transactions)) = context.rapport.feed_horizon().await {
            set(&context.metrics.horizon, transactions);
        }
        Ok(())
    }
}
