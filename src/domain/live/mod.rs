//! The live history: what is after a cursor, once and in order, then what happens next.
//!
//! The bus only says "customer X moved"; the rows come from the log in the store. A reader subscribes first, then reads
//! what is after its cursor, then on each wake what is after the last one sent. Readers of one customer share one
//! [`hub`]; a slow poll finds what the bus lost.

mod calls;
mod customer;
mod entry;
mod epoch;
mod feed;
mod hub;
mod log;
mod poll;
mod pruning;
mod readers;
mod relay_place;

use std::sync::Arc;

pub use calls::IncomingCall;
pub(crate) use entry::Entry;
pub use epoch::begin_epoch;
pub(crate) use hub::Hubs;
pub(crate) use log::BATCH;
pub use relay_place::{FeedEnd, FeedPlace};

use crate::domain::model::item::Item;
use crate::ids::{CustomerId, ItemId};

/// A place in the log of a customer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LiveCursor {
    pub epoch: i64,
    /// The home that was subscribed to.
    pub root: CustomerId,
    /// The survivor whose log is being read.
    pub at: CustomerId,
    pub position: i64,
}

/// A place in the one order of a tenant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FeedCursor {
    pub epoch: i64,
    pub xid: i64,
    pub seq: i64,
}

/// What a reader is told.
#[derive(Clone, PartialEq, Debug)]
pub enum LiveEvent {
    Added(Arc<Item>),
    Updated(Arc<Item>),
    Removed(ItemId),
    /// The customer was merged or split; this one holds the history now.
    Relinked(CustomerId),
    CaughtUp,
    Reset(ResetReason),
}

/// Why a replay is impossible.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResetReason {
    Pruned,
    Restored,
    Erased,
}

impl ResetReason {
    pub fn text(self) -> &'static str {
        match self {
            ResetReason::Pruned => "the log no longer reaches back to this cursor",
            ResetReason::Restored => "the store was restored to an earlier state",
            ResetReason::Erased => "the customer does not exist any more",
        }
    }
}
