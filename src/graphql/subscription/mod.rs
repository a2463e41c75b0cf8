//! The subscription root: one file for each stream.

mod customer_history;
mod feed;
mod incoming_calls;

use rapport_macros::subscription;

use crate::domain::live::LiveEvent;
use crate::graphql::context::ResolverContext;
use crate::graphql::execute::{Events, FieldContext};
use crate::graphql::fault::Result;
use crate::graphql::log_position::LogPosition;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::event::{HistoryEvent, IncomingCall};
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::request::EventPosition;

/// What is live.
#[derive(Clone, Default)]
pub struct Subscription;

/// What is live.
#[subscription]
impl Subscription {
    /// Everything that happens with a customer: every event after the cursor once and in order, then CaughtUp, then live.
    /// Merges and splits are followed.
    async fn customer_history(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Whose history.")] customer: CustomerRef,
        #[graphql(
            desc = "A `liveCursor`, or the cursor of the last event seen; without it the stream starts now."
        )]
        after: Option<String>,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
    ) -> Result<Events<HistoryEvent>> {
        customer_history::customer_history(ctx, customer, after, filter).await
    }

    /// Everything that happens in the tenant, in one order that all readers agree on.
    async fn feed(
        &self,
        ctx: &FieldContext,
        #[graphql(
            desc = "The feed's `liveCursor`, or the cursor of the last event seen; without it the stream starts now."
        )]
        after: Option<String>,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
    ) -> Result<Events<HistoryEvent>> {
        feed::feed(ctx, after, filter).await
    }

    /// Inbound calls as they ring, are taken and end: the pop-up with the history.
    async fn incoming_calls(&self, ctx: &FieldContext) -> Result<Events<IncomingCall>> {
        incoming_calls::incoming_calls(ctx).await
    }
}

/// An event of a log with its place in it.
fn placed(
    context: &ResolverContext,
    position: LogPosition,
    event: LiveEvent,
) -> (Option<EventPosition>, HistoryEvent) {
    let cursor = position.cursor(context);
    let place = EventPosition {
        cursor: cursor.as_str().into(),
        position: Some(position),
        caught_up: matches!(event, LiveEvent::CaughtUp),
    };
    (Some(place), HistoryEvent::new(context, cursor, event))
}
