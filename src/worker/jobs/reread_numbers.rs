//! Reads the numbers of tenants anew whose region was changed.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::domain::identity::reread::RereadStep;
use crate::error::Result;
use crate::ids::TenantId;
use crate::worker::driver::{Job, JobContext, Turns};

/// Other servers know of a change of the region by then: none of them keeps a number as digits any more.
const KNOWN_TO_ALL: Duration = Duration::from_secs(3);

/// Between two looks at the store while this server has heard of nothing: another one may have died at it.
const SELDOM: Duration = Duration::from_secs(30);

pub(super) struct RereadNumbers {
    /// This server, among those that would do it.
    owner: String,
    /// When the store was asked last.
    asked: Mutex<Option<Instant>>,
}

impl Default for RereadNumbers {
    fn default() -> Self {
        RereadNumbers { owner: format!("{:016x}", rand::random::<u64>()), asked: Mutex::default() }
    }
}

impl Job for RereadNumbers {
    const NAME: &'static str = "reread_numbers";
    const EVERY: Duration = Duration::from_secs(2);

    async fn run(&self, context: &JobContext) -> Result<()> {
        // A store at rest is asked seldom.
        let lately = |asked: Instant| asked.elapsed() < SELDOM;
        if !context.rapport.knows_of_rereading(SELDOM) && self.asked.lock().is_some_and(lately) {
            return Ok(());
        }
        *self.asked.lock() = Some(Instant::now());
        let before = context.before(KNOWN_TO_ALL);
        let mut turns = Turns::default();
        for tenant in context.rapport.tenants_to_reread(before).await? {
            turns.note::<Self>(tenant, self.reread(context, tenant).await);
        }
        turns.end()
    }
}

impl RereadNumbers {
    async fn reread(&self, context: &JobContext, tenant: TenantId) -> Result<()> {
        while !context.stopping() {
            match context.rapport.reread_numbers(tenant, &self.owner).await? {
                RereadStep::More => {}
                RereadStep::Done => {
                    tracing::info!(tenant = tenant.0, "the numbers were read by the new region");
                    break;
                }
                RereadStep::Over | RereadStep::Taken => break,
            }
        }
        Ok(())
    }
}
