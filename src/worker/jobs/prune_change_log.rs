//! Prunes the change log: entries older than the settings keep them go, and with them the cursors that reach back so far.

use std::time::Duration;

use crate::error::Result;
use crate::ids::{Micros, TenantId};
use crate::worker::driver::{Job, JobContext, Turns};
use crate::worker::metrics::add;

pub(super) struct PruneChangeLog;

impl Job for PruneChangeLog {
    const NAME: &'static str = "prune_change_log";
    const EVERY: Duration = Duration::from_mins(10);

    /// Servers that start together do not prune together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(20..60))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        let cutoff = context.before(context.settings.change_log);
        let mut turns = Turns::default();
        for tenant in context.rapport.tenants_to_prune(cutoff).await? {
            turns.note::<Self>(tenant, prune(context, tenant, cutoff).await);
        }
        turns.end()
    }
}

async fn prune(context: &JobContext, tenant: TenantId, cutoff: Micros) -> Result<()> {
    while !context.stopping() {
        let pruned = context.rapport.prune_log(tenant, cutoff).await?;
        add(&context.metrics.pruned, pruned);
        if pruned == 0 {
            break;
        }
    }
    Ok(())
}
