//! Removes events of sources that were kept long enough.

use std::time::Duration;

use crate::error::Result;
use crate::worker::driver::{Job, JobContext};

pub(super) struct ExpireKeptEvents;

impl Job for ExpireKeptEvents {
    const NAME: &'static str = "expire_kept_events";
    const EVERY: Duration = Duration::from_mins(10);

    /// Servers that start together do not remove together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(20..60))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        context.rapport.expire_kept_events().await.map(drop)
    }
}
