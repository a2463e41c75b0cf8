//! Removes history items that are older than their tenant keeps them.

use std::time::Duration;

use crate::error::Result;
use crate::worker::driver::{Job, JobContext};
use crate::worker::metrics::add;

pub(super) struct ExpireHistory;

impl Job for ExpireHistory {
    const NAME: &'static str = "expire_history";
    const EVERY: Duration = Duration::from_mins(10);

    /// Servers that start together do not remove together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(20..60))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        for (tenant, before) in context.rapport.tenants_that_forget().await? {
            while !context.stopping() {
                let expired = context.rapport.expire_items(tenant, before).await?;
                add(&context.metrics.expired, expired);
                if expired == 0 {
                    break;
                }
            }
        }
        Ok(())
    }
}
