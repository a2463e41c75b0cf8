//! The sources of late by their keys, so that a delivery finds its own without asking the store each time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;

use crate::domain::source::counts::Counts;
use crate::domain::source::open::OpenSource;
use crate::entity::kinds::SourceKind;

/// How long another server's change of a source may go unnoticed.
const TTL: Duration = Duration::from_secs(1);

/// A source as a delivery meets it.
#[derive(Debug)]
pub struct Door {
    pub kind: SourceKind,
    pub source: OpenSource,
}

/// When a key was looked up, and what was found.
type Kept = (Instant, Option<Arc<Door>>);

/// What is known of a key.
#[derive(Debug)]
pub(super) enum Known {
    /// A source, or that there is none.
    Answer(Option<Arc<Door>>),
    /// Nothing, or it was too long ago.
    Unasked,
}

/// The sources of late; what came through them since it was last stored.
#[derive(Debug, Default)]
pub struct Doors {
    /// Keys that were made by this store only: nobody fills it with others.
    known: RwLock<HashMap<String, Kept>>,
    pub(super) counts: Counts,
}

impl Doors {
    pub(super) fn get(&self, key: &str) -> Known {
        match self.known.read().get(key) {
            Some((at, door)) if at.elapsed() < TTL => Known::Answer(door.clone()),
            _ => Known::Unasked,
        }
    }

    pub(super) fn put(&self, key: &str, door: Option<Arc<Door>>) {
        self.known.write().insert(key.to_owned(), (Instant::now(), door));
    }

    /// Forgets a source that was changed.
    pub(super) fn forget(&self, key: &str) {
        self.known.write().remove(key);
    }
}
