//! One execution of a subscription that several subscribers follow, and the runs of this process by
//! what they answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::deduplication::request_template::{RequestTemplate, SharedRunKey};
use crate::graphql::log_position::LogPosition;

/// So many followers keep every core busy for a while: whoever caused the event is answered first.
const CROWD: usize = 500;
const HEAD_START: Duration = Duration::from_millis(2);
/// Frames kept for those who are a little behind.
const KEPT: usize = 256;

/// All runs of this process.
#[derive(Default)]
pub struct SharedRuns(Mutex<HashMap<SharedRunKey, Weak<SharedRun>>>);

/// One execution that several subscribers follow.
pub struct SharedRun {
    pub template: RequestTemplate,
    frames: Mutex<Frames>,
    pub turn: watch::Sender<u64>,
    _stops: DropGuard,
}

struct Frames {
    kept: VecDeque<Arc<Delivery>>,
    /// The number of the first frame kept.
    first: u64,
    /// The position before the first frame kept.
    before: LogPosition,
    ended: bool,
}

impl SharedRun {
    /// The number of the first frame after a position; nothing where the run does not have it.
    fn join(&self, position: LogPosition) -> Option<u64> {
        let frames = self.frames.lock();
        if frames.ended || !(position == frames.before || position.after(frames.before)?) {
            return None;
        }
        // A run that has not come as far as its new follower would tell some of it again.
        let latest =
            frames.kept.back().map_or(Some(frames.before), |delivery| delivery.position)?;
        if position != latest && position.after(latest) != Some(false) {
            return None;
        }
        let mut number = frames.first;
        for delivery in &frames.kept {
            if delivery.position?.after(position)? {
                break;
            }
            number += 1;
        }
        Some(number)
    }

    pub fn next(&self, number: u64) -> Next {
        let frames = self.frames.lock();
        if number < frames.first {
            return Next::Behind;
        }
        match usize::try_from(number - frames.first).ok().and_then(|at| frames.kept.get(at)) {
            Some(delivery) => Next::Frame(delivery.clone()),
            None if frames.ended => Next::End,
            None => Next::Wait,
        }
    }

    fn push(&self, delivery: Delivery) {
        let mut frames = self.frames.lock();
        frames.kept.push_back(Arc::new(delivery));
        if frames.kept.len() > KEPT
            && let Some(gone) = frames.kept.pop_front()
        {
            frames.first += 1;
            frames.before = gone.position.unwrap_or(frames.before);
        }
        let next = frames.first + frames.kept.len() as u64;
        drop(frames);
        self.turn.send_replace(next);
    }
}

/// What is next for a follower.
pub enum Next {
    Frame(Arc<Delivery>),
    Wait,
    Behind,
    End,
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
            return match run.join(position) {
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
            frames: Mutex::new(Frames {
                kept: VecDeque::new(),
                first: 0,
                before: position,
                ended: false,
            }),
            turn: watch::Sender::new(0),
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
        if run.turn.receiver_count() > CROWD {
            tokio::time::sleep(HEAD_START).await;
        }
        run.push(delivery);
    }
    if let Some(run) = run.upgrade() {
        run.frames.lock().ended = true;
        run.turn.send_modify(|_| ());
    }
}
