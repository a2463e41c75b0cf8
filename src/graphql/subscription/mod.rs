//! The subscription root: one file for each stream, and how the transport learns where a stream
//! stands.

mod customer_history;
mod feed;
mod incoming_calls;
pub mod log_position;
pub mod resumable;

use async_graphql::MergedSubscription;

use crate::graphql::subscription::customer_history::CustomerHistorySubscription;
use crate::graphql::subscription::feed::FeedSubscription;
use crate::graphql::subscription::incoming_calls::IncomingCallsSubscription;

/// What is live.
#[derive(Default, MergedSubscription)]
pub struct Subscription(CustomerHistorySubscription, FeedSubscription, IncomingCallsSubscription);
