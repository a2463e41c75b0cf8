//! Where an event stands in the log that it came from.

use crate::domain::live::{FeedCursor, LiveCursor};
use crate::graphql::context::ResolverContext;
use crate::ids::CustomerId;

/// The position of an event: comparable only within one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogPosition {
    Customer(LiveCursor),
    Feed(FeedCursor),
}

impl LogPosition {
    /// Which log it is of, and where in it.
    pub fn parts(self) -> (Option<(CustomerId, CustomerId)>, (i64, i64)) {
        match self {
            LogPosition::Customer(cursor) => (Some((cursor.root, cursor.at)), (0, cursor.position)),
            LogPosition::Feed(cursor) => (None, (cursor.xid, cursor.seq)),
        }
    }

    /// Whether `self` comes after `other`; nothing where they are of different logs.
    pub fn after(self, other: LogPosition) -> Option<bool> {
        let ((log, at), (other_log, other_at)) = (self.parts(), other.parts());
        (log == other_log).then_some(at > other_at)
    }

    /// The cursor with which a client goes on after it.
    pub fn cursor(self, context: &ResolverContext) -> String {
        match self {
            LogPosition::Customer(cursor) => context.cursors().live(&cursor),
            LogPosition::Feed(cursor) => context.cursors().feed(&cursor),
        }
    }
}
