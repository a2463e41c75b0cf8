//! Tells the search terms when their people were seen last, to ten minutes.

use std::time::Duration;

use crate::error::Result;
use crate::ids::TenantId;
use crate::worker::driver::{Job, JobContext, Turns};

pub(super) struct RenewAges;

/// Between two goes, so that others come to write.
const PAUSE: Duration = Duration::from_millis(50);

impl Job for RenewAges {
    const NAME: &'static str = "renew_ages";
    const EVERY: Duration = Duration::from_mins(10);

    /// Servers that start together do not begin together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(60..300))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        let mut turns = Turns::default();
        for tenant in context.rapport.tenants().await? {
            turns.note::<Self>(tenant, renew(context, tenant).await);
        }
        turns.end()
    }
}

async fn renew(context: &JobContext, tenant: TenantId) -> Result<()> {
    let mut place = None;
    while !context.stopping() {
        place = context.rapport.renew_ages(tenant, place).await?;
        if place.is_none() {
            break;
        }
        context.pause(PAUSE).await;
    }
    Ok(())
}
