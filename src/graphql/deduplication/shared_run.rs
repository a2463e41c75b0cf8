//! One execution of a subscription that several subscribers follow, and the runs of this process by
//! what they answer.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::{Arc, LazyLock, Weak};
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt};
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::follower::Follower;
use crate::graphql::deduplication::frames::{Frames, Next};
use crate::graphql::deduplication::request_template::{RequestTemplate, SharedRunKey};
use crate::graphql::log_position::LogPosition;
use crate::graphql::request::Outlet;

/// So many followers keep every core busy for a while: whoever caused the event is answered first, and all cores send.
const CROWD: usize = 500;
const HEAD_START: Duration = Duration::from_millis(2);
/// So many are handed an event before other work has its turn.
const AT_ONCE: usize = 32;

static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));

/// All runs of this process.
#[derive(Default)]
pub struct SharedRuns(Mutex<HashMap<SharedRunKey, Weak<SharedRun>>>);

/// One execution that several subscribers follow.
pub struct SharedRun {
    template: RequestTemplate,
    frames: Frames,
    followers: Mutex<Followers>,
    _stops: DropGuard,
}

/// In the order in which they came.
#[derive(Default)]
struct Followers {
    count: u64,
    all: BTreeMap<u64, Arc<Follower>>,
}

/// A follower's hold on its run: without any the run ends.
pub struct Following {
    run: Arc<SharedRun>,
    follower: Arc<Follower>,
    id: u64,
}

impl SharedRun {
    /// Follows from the frame of this number on; `cursor` is that of the event before.
    pub fn follower(
        self: Arc<Self>,
        number: u64,
        cursor: Arc<str>,
        outlet: Option<Arc<dyn Outlet>>,
    ) -> Following {
        let follower = Arc::new(Follower::new(number, cursor, outlet));
        let mut followers = self.followers.lock();
        let id = followers.count;
        followers.count += 1;
        followers.all.insert(id, follower.clone());
        drop(followers);
        Following { run: self, follower, id }
    }

    async fn push(&self, delivery: Delivery) {
        let delivery = Arc::new(delivery);
        let number = self.frames.keep(delivery.clone());
        let all = self.all();
        if all.len() <= CROWD {
            return hand_out(all, number, &delivery).await;
        }
        let shares: JoinSet<()> = all
            .chunks(all.len().div_ceil(*CORES))
            .map(|share| {
                let (share, delivery) = (share.to_vec(), delivery.clone());
                async move { hand_out(share, number, &delivery).await }
            })
            .collect();
        shares.join_all().await;
    }

    fn all(&self) -> Vec<Arc<Follower>> {
        self.followers.lock().all.values().cloned().collect()
    }

    fn is_crowded(&self) -> bool {
        self.followers.lock().all.len() > CROWD
    }
}

async fn hand_out(followers: Vec<Arc<Follower>>, number: u64, delivery: &Delivery) {
    let mut room = Vec::new();
    for some in followers.chunks(AT_ONCE) {
        for follower in some {
            follower.hand(number, delivery, &mut room);
        }
        tokio::task::yield_now().await;
    }
}

impl Following {
    pub async fn next(&self) -> Next {
        poll_fn(|context| self.follower.poll_next(&self.run.frames, context)).await
    }

    pub fn template(&self) -> &RequestTemplate {
        &self.run.template
    }

    /// That of the last event.
    pub fn cursor(&self) -> Arc<str> {
        self.follower.cursor()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.follower.leave();
        self.run.followers.lock().all.remove(&self.id);
    }
}

impl SharedRuns {
    /// Follows a run of this key from a position on, or makes one of the given stream.
    pub fn follow(
        &self,
        key: SharedRunKey,
        template: &RequestTemplate,
        position: LogPosition,
        own: BoxStream<'static, Delivery>,
    ) -> Result<(Arc<SharedRun>, u64), BoxStream<'static, Delivery>> {
        let mut runs = self.0.lock();
        if let Some(run) = runs.get(&key).and_then(Weak::upgrade) {
            return match run.frames.join(position) {
                Some(number) => Ok((run, number)),
                None => Err(own),
            };
        }
        if runs.len() > 64 && runs.len().is_power_of_two() {
            runs.retain(|_, run| run.strong_count() > 0);
        }
        let stop = CancellationToken::new();
        let run = Arc::new(SharedRun {
            template: template.clone(),
            frames: Frames::after(position),
            followers: Mutex::default(),
            _stops: stop.clone().drop_guard(),
        });
        runs.insert(key, Arc::downgrade(&run));
        tokio::spawn(stop.run_until_cancelled_owned(drive(Arc::downgrade(&run), own)));
        Ok((run, 0))
    }
}

/// Runs until the stream ends or nobody follows any more.
async fn drive(run: Weak<SharedRun>, mut own: BoxStream<'static, Delivery>) {
    while let Some(delivery) = own.next().await {
        let Some(run) = run.upgrade() else { return };
        if run.is_crowded() {
            tokio::time::sleep(HEAD_START).await;
        }
        run.push(delivery).await;
    }
    if let Some(run) = run.upgrade() {
        run.frames.end();
        run.all().iter().for_each(|follower| follower.wake());
    }
}
