//! Writers, readers and faults at once, and what came of it: what each reader was told against the log in the store.

mod disturbances;
mod log;
mod reader;
mod stage;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::support::fleet::{Fleet, scope_of};
use crate::support::invariants::violations;
use crate::support::trial::disturbances::{
    abort, cut_connections, kill_servers, merge_and_undo, start_writers,
};
use crate::support::trial::log::{log, start_of};
use crate::support::trial::reader::StartedReader;
use crate::support::trial::stage::{Stage, email};
use crate::support::trial::verdict::judge;

/// What happens while people write and read.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub tenant: &'static str,
    pub writers: usize,
    pub customers: usize,
    /// At least so many notes are acknowledged.
    pub notes: usize,
    /// SIGKILLs of a server, each followed by a new one.
    pub kills: usize,
    /// Readers' own cuts of their connections, all together.
    pub cuts: usize,
    /// Merges, each undone again.
    pub merges: usize,
    /// Mutations whose client goes away before the answer.
    pub aborts: usize,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    pub kills: usize,
    pub cuts: usize,
    pub merges: usize,
    pub aborts: usize,
    pub acknowledged: usize,
    /// Events that readers were told, and those that they should have been told.
    pub events: usize,
    pub lost: usize,
    pub repeated: usize,
    pub out_of_order: usize,
    /// Replays that were refused.
    pub resets: usize,
    /// Acknowledged writes that are not in the store.
    pub missing: usize,
}

impl Counts {
    pub fn broken(&self) -> usize {
        self.lost + self.repeated + self.out_of_order + self.resets + self.missing
    }
}

/// Lets everything happen at once, with `meanwhile` beside it, and counts.
pub async fn trial(
    mut fleet: Fleet,
    plan: Plan,
    meanwhile: impl Future<Output = ()>,
) -> (Fleet, Counts) {
    let rapport = fleet.domain().await;
    let first = fleet.agent(0, plan.tenant);
    let mut homes = BTreeMap::new();
    for n in 0..plan.customers {
        let answer = first.identify(json!({ "email": email(n) })).await;
        homes.insert(email(n), answer["primaryContactId"].as_i64().expect("a number"));
    }
    let tenant = scope_of(&rapport, plan.tenant).await.tenant;
    for home in homes.values() {
        start_of(&rapport, tenant, *home).await;
    }
    let before = log(&rapport, tenant).await.len();
    let stage = Arc::new(Stage::new(&fleet, plan.tenant));
    let mut readers = Vec::new();
    // Two of each customer, and three of the feed: those who ask the same share one execution.
    for reader in 0..plan.customers * 2 + 3 {
        let email = (reader < plan.customers * 2).then(|| email(reader % plan.customers));
        let start = match &email {
            Some(email) => Some((homes[email], start_of(&rapport, tenant, homes[email]).await)),
            None => None,
        };
        readers.push(StartedReader::start(&first, email, start, &stage, plan.cuts).await);
    }

    let disturbed = Arc::new(AtomicBool::new(false));
    let writers = start_writers(&stage, plan, &disturbed);
    let (kills, merges, aborted, (), ()) = tokio::join!(
        kill_servers(&mut fleet, &stage, plan),
        merge_and_undo(&stage, &rapport, &plan),
        abort(&stage, &plan),
        cut_connections(&stage, plan),
        meanwhile
    );
    disturbed.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    stage.finish(&plan, &aborted, homes.keys()).await;
    let acknowledged = stage.acknowledged.lock().len();
    let mut counts =
        Counts { kills, merges, aborts: aborted.len(), acknowledged, ..Counts::default() };
    judge(&mut counts, &rapport, tenant, &stage, readers, before).await;
    let broken = violations(&rapport.store, tenant).await;
    assert!(broken.is_empty(), "{broken:?}");
    (fleet, counts)
}
