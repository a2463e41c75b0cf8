//! Removes the bytes of files that nobody names: what whoever took the last file could not, and what was put for items that
//! were never recorded.

use std::time::Duration;

use crate::error::Result;
use crate::worker::driver::{Job, JobContext};

pub(super) struct RemoveFiles;

impl Job for RemoveFiles {
    const NAME: &'static str = "remove_files";
    const EVERY: Duration = Duration::from_mins(1);

    /// Servers that start together do not remove together.
    fn first_delay() -> Duration {
        Duration::from_secs(rand::random_range(5..20))
    }

    async fn run(&self, context: &JobContext) -> Result<()> {
        while !context.stopping() && context.rapport.remove_due_objects().await? > 0 {}
        Ok(())
    }
}
