//! Makes search rows anew that an earlier version wrote.

use std::time::Duration;

use crate::error::Result;
use crate::ids::TenantId;
use crate::worker::driver::{Job, JobContext, Turns};

pub(super) struct RenewSearch;

/// Between two goes, so that others come to write.
const PAUSE: Duration = Duration::from_millis(5);

impl Job for RenewSearch {
    const NAME: &'static str = "renew_search";
    const EVERY: Duration = Duration::from_mins(10);

    /// Until it is done, some are not found: it begins at once, but servers that start together do not begin together.
    fn first_delay() -> Duration {
        Duration::from_millis(rand::random_range(500..3_000))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        let mut turns = Turns::default();
        for tenant in context.rapport.tenants_to_renew().await? {
            turns.note::<Self>(tenant, renew(context, tenant).await);
        }
        turns.end()
    }
}

async fn renew(context: &JobContext, tenant: TenantId) -> Result<()> {
    while !context.stopping() && context.rapport.renew_search(tenant).await? {
        context.pause(PAUSE).await;
    }
    Ok(())
}
