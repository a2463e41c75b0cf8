//! Prunes the answers that were kept under an `Idempotency-Key` for their time.

use std::time::Duration;

use crate::domain::idempotency::KEPT_FOR;
use crate::error::Result;
use crate::worker::driver::{Job, JobContext};

pub(super) struct PruneKeptAnswers;

impl Job for PruneKeptAnswers {
    const NAME: &'static str = "prune_kept_answers";
    const EVERY: Duration = Duration::from_mins(10);

    /// Servers that start together do not prune together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(20..60))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        let cutoff = context.before(KEPT_FOR);
        while !context.stopping() && context.rapport.prune_kept_answers(cutoff).await? > 0 {}
        Ok(())
    }
}
