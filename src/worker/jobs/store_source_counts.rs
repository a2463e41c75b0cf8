//! Adds to the store what was counted of sources since the last time.

use std::time::Duration;

use crate::error::Result;
use crate::worker::driver::{Job, JobContext};

pub(super) struct StoreSourceCounts;

impl Job for StoreSourceCounts {
    const NAME: &'static str = "store_source_counts";
    const EVERY: Duration = Duration::from_secs(1);

    async fn run(&self, context: &JobContext) -> Result<()> {
        context.rapport.store_source_counts().await
    }
}
