//! Removes history items that are older than their tenant keeps them.

use std::time::Duration;

use crate::error::Result;
use crate::ids::{Micros, TenantId};
use crate::worker::driver::{Job, JobContext, Turns};
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
        let mut turns = Turns::default();
        for (tenant, before) in context.rapport.tenants_that_forget().await? {
            turns.note::<Self>(tenant, expire(context, tenant, before).await);
        }
        turns.end()
    }
}

async fn expire(context: &JobContext, tenant: TenantId, before: Micros) -> Result<()> {
    while !context.stopping() {
        let expired = context.rapport.expire_items(tenant, before).await?;
        add(&context.metrics.expired, expired);
        if expired == 0 {
            break;
        }
    }
    Ok(())
}
