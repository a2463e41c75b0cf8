//! The last frames of a shared run, numbered.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::graphql::deduplication::delivery::Delivery;
use crate::graphql::log_position::LogPosition;

/// Frames kept for those who are a little behind.
const KEPT: usize = 256;

pub struct Frames(Mutex<Kept>);

struct Kept {
    frames: VecDeque<Arc<Delivery>>,
    /// The number of the first frame kept.
    first: u64,
    /// The position before the first frame kept.
    before: LogPosition,
    ended: bool,
}

/// What is next for a follower.
pub enum Next {
    Frame(Arc<Delivery>),
    Wait,
    Behind,
    End,
}

impl Frames {
    /// None yet, of a run that stands at this position.
    pub fn after(before: LogPosition) -> Self {
        Frames(Mutex::new(Kept { frames: VecDeque::new(), first: 0, before, ended: false }))
    }

    /// The number of the first frame after a position; nothing where the run does not have it.
    pub fn join(&self, position: LogPosition) -> Option<u64> {
        let kept = self.0.lock();
        if kept.ended || !(position == kept.before || position.after(kept.before)?) {
            return None;
        }
        // A run that has not come as far as its new follower would tell some of it again.
        let latest = kept.frames.back().map_or(Some(kept.before), |delivery| delivery.position)?;
        if position != latest && position.after(latest) != Some(false) {
            return None;
        }
        let mut number = kept.first;
        for delivery in &kept.frames {
            if delivery.position?.after(position)? {
                break;
            }
            number += 1;
        }
        Some(number)
    }

    pub fn next(&self, number: u64) -> Next {
        let kept = self.0.lock();
        if number < kept.first {
            return Next::Behind;
        }
        match usize::try_from(number - kept.first).ok().and_then(|at| kept.frames.get(at)) {
            Some(delivery) => Next::Frame(delivery.clone()),
            None if kept.ended => Next::End,
            None => Next::Wait,
        }
    }

    /// Keeps one more, and tells its number.
    pub fn keep(&self, delivery: Arc<Delivery>) -> u64 {
        let mut kept = self.0.lock();
        kept.frames.push_back(delivery);
        if kept.frames.len() > KEPT
            && let Some(gone) = kept.frames.pop_front()
        {
            kept.first += 1;
            kept.before = gone.position.unwrap_or(kept.before);
        }
        kept.first + kept.frames.len() as u64 - 1
    }

    pub fn end(&self) {
        self.0.lock().ended = true;
    }
}
