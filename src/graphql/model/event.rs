//! Events of subscriptions: changes of a history, and incoming calls.

use async_graphql::{ID, Interface, SimpleObject};
use rapport_macros::{Abstract, Fields, object};

use crate::domain::live::{IncomingCall as Incoming, LiveEvent};
use crate::domain::model::customer::NOBODY;
use crate::graphql::context::ResolverContext;
use crate::graphql::fault::Result;
use crate::graphql::global_id::id;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::{Call, HistoryItem};
use crate::ids::IdKind;

/// An event of a live history. Keep the cursor of the last one: a subscription resumes after it.
#[derive(Abstract, Interface)]
#[graphql(field(
    name = "cursor",
    ty = "&String",
    desc = "Pass it as `after` to go on after this event."
))]
pub enum HistoryEvent {
    HistoryItemAdded(HistoryItemAdded),
    HistoryItemUpdated(HistoryItemUpdated),
    HistoryItemRemoved(HistoryItemRemoved),
    CustomerRelinked(CustomerRelinked),
    CaughtUp(CaughtUp),
    HistoryReset(HistoryReset),
}

/// An item came; it may have happened long ago.
#[derive(Fields, SimpleObject)]
pub struct HistoryItemAdded {
    /// Pass it as `after` to go on after this event.
    cursor: String,
    /// The item.
    item: HistoryItem,
}

/// An item changed: a call went on, a state came, somebody commented.
#[derive(Fields, SimpleObject)]
pub struct HistoryItemUpdated {
    /// Pass it as `after` to go on after this event.
    cursor: String,
    /// The item as it is now.
    item: HistoryItem,
}

/// An item went.
#[derive(Fields, SimpleObject)]
pub struct HistoryItemRemoved {
    /// Pass it as `after` to go on after this event.
    cursor: String,
    /// The item's id.
    item_id: ID,
}

/// The customer was merged or split: read the page again, the stream goes on.
#[derive(Fields, SimpleObject)]
pub struct CustomerRelinked {
    /// Pass it as `after` to go on after this event.
    cursor: String,
    /// The customer that holds this history now.
    customer: Customer,
}

/// The replay is over; what follows is live.
#[derive(Fields, SimpleObject)]
pub struct CaughtUp {
    /// Pass it as `after` to go on after this event.
    cursor: String,
}

/// A replay is impossible: read the page again, and subscribe from its `liveCursor`. The stream ends.
#[derive(Fields, SimpleObject)]
pub struct HistoryReset {
    /// Where the stream stood.
    cursor: String,
    /// Why.
    reason: String,
}

impl HistoryEvent {
    /// The event as an object, with loaders of its own.
    pub fn new(context: &ResolverContext, cursor: String, event: LiveEvent) -> Self {
        let context = context.fresh();
        match event {
            LiveEvent::Added(item) => HistoryEvent::HistoryItemAdded(HistoryItemAdded {
                cursor,
                item: HistoryItem::new(&context, item),
            }),
            LiveEvent::Updated(item) => HistoryEvent::HistoryItemUpdated(HistoryItemUpdated {
                cursor,
                item: HistoryItem::new(&context, item),
            }),
            LiveEvent::Removed(item) => HistoryEvent::HistoryItemRemoved(HistoryItemRemoved {
                cursor,
                item_id: id(IdKind::Item, context.tenant(), item.0).into(),
            }),
            LiveEvent::Relinked(customer) => HistoryEvent::CustomerRelinked(CustomerRelinked {
                cursor,
                customer: Customer::lazy(&context, customer),
            }),
            LiveEvent::CaughtUp => HistoryEvent::CaughtUp(CaughtUp { cursor }),
            LiveEvent::Reset(reason) => {
                HistoryEvent::HistoryReset(HistoryReset { cursor, reason: reason.text().into() })
            }
        }
    }
}

/// A call that came in, or went on: the same call comes again with each further state, so that its end takes the pop-up
/// away.
#[derive(Clone)]
pub struct IncomingCall {
    context: ResolverContext,
    call: Incoming,
}

impl IncomingCall {
    pub fn new(context: &ResolverContext, call: Incoming) -> Self {
        IncomingCall { context: context.fresh(), call }
    }
}

/// A call that came in, or went on: the same call comes again with each further state, so that its end takes the pop-up
/// away.
#[object]
impl IncomingCall {
    /// The call.
    pub fn call(&self) -> Call {
        Call::new(self.context.clone(), self.call.0.clone(), None)
    }

    /// The number that calls; null where it is withheld.
    pub async fn caller(&self) -> Result<Option<Identity>> {
        let Some(id) = self.call.0.identity else { return Ok(None) };
        Ok(self
            .context
            .loaders
            .identity
            .load(id)
            .await?
            .map(|row| Identity { context: self.context.clone(), row }))
    }

    /// Who calls; null where the number is withheld.
    pub async fn customer(&self) -> Result<Option<Customer>> {
        if self.call.0.home == NOBODY {
            return Ok(None);
        }
        Customer::load(&self.context, self.call.0.home).await.map(Some)
    }
}
