//! The driver of the jobs: runs each in a task of its own, again and again, until the server stops.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bus::StreamRule;
use crate::domain::rapport::Rapport;
use crate::error::{Error, Result};
use crate::ids::{Micros, TenantId};
use crate::worker::metrics::Metrics;

/// Something that is done again and again. Any number of servers may do it side by side: a job leaves to another server
/// what that one is at.
pub(super) trait Job: Send + Sync + 'static {
    /// Its name in the log.
    const NAME: &'static str;
    /// Between the end of one run and the start of the next.
    const EVERY: Duration;

    /// Until the first run.
    fn first_delay() -> Duration {
        Self::EVERY
    }

    /// Whether there is anything to do with this store and bus.
    fn is_needed(_rapport: &Rapport) -> bool {
        true
    }

    /// One run. It ends soon after the server stops; what fails is logged, and the next run goes on.
    fn run(&self, context: &JobContext) -> impl Future<Output = Result<()>> + Send;
}

/// What the settings say about the jobs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JobSettings {
    /// How long the change log is kept.
    pub change_log: Duration,
    /// What is kept of a tenant's outgoing stream.
    pub stream: StreamRule,
}

/// What every job works with.
#[derive(Clone)]
pub(super) struct JobContext {
    pub rapport: Rapport,
    pub settings: JobSettings,
    pub metrics: Arc<Metrics>,
    pub stop: CancellationToken,
}

impl JobContext {
    pub fn stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Waits, but not beyond the stop; whether to go on.
    pub async fn pause(&self, time: Duration) -> bool {
        self.stop.run_until_cancelled(tokio::time::sleep(time)).await.is_some()
    }

    /// The time so long ago.
    pub fn before(&self, age: Duration) -> Micros {
        let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
        Micros(self.rapport.clock.now().0.saturating_sub(age))
    }
}

/// The turns of tenants in one run of a job: one that fails keeps no other from theirs.
#[derive(Default)]
pub(super) struct Turns {
    failed: Option<Error>,
}

impl Turns {
    /// How a tenant's turn ended.
    pub fn note<J: Job>(&mut self, tenant: TenantId, turn: Result<()>) {
        if let Err(error) = turn {
            tracing::warn!(
                job = J::NAME,
                tenant = tenant.0,
                error = error.detail(),
                "a tenant's turn failed; going on with the next"
            );
            self.failed = Some(error);
        }
    }

    /// After the last: the error of the last that failed.
    pub fn end(self) -> Result<()> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// Starts jobs.
pub(super) struct Driver {
    context: JobContext,
    tasks: TaskTracker,
}

impl Driver {
    pub fn new(context: JobContext) -> Self {
        Driver { context, tasks: TaskTracker::new() }
    }

    /// Starts a job, where there is anything for it to do.
    pub fn start<J: Job>(&mut self, job: J) {
        if J::is_needed(&self.context.rapport) {
            self.tasks.spawn(keep_running(job, self.context.clone()));
        }
    }

    /// The tasks of all jobs: empty once the last has ended.
    pub fn started(self) -> TaskTracker {
        self.tasks.close();
        self.tasks
    }
}

async fn keep_running<J: Job>(job: J, context: JobContext) {
    let mut wait = J::first_delay();
    while context.pause(wait).await {
        if let Err(error) = job.run(&context).await {
            tracing::warn!(
                job = J::NAME,
                error = error.detail(),
                "a job stopped half-way; trying again later"
            );
        }
        wait = J::EVERY;
    }
}
