//! `customerHistory`: everything that happens with a customer, live.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use crate::domain::model::customer_ref::Ref;
use crate::error::Code;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::request::{ResumeAfter, SubscriptionStarted};
use crate::graphql::subscription::log_position::LogPosition;
use crate::graphql::subscription::resumable::Resumable;

/// What happens with a customer.
#[derive(Default)]
pub struct CustomerHistorySubscription;

/// What happens with a customer.
#[Subscription]
impl CustomerHistorySubscription {
    /// Everything that happens with a customer: every event after the cursor once and in order, then CaughtUp, then live.
    /// Merges and splits are followed.
    async fn customer_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose history.")] customer: CustomerRef,
        #[graphql(
            desc = "A `liveCursor`, or the cursor of the last event seen; without it the stream starts now."
        )]
        after: Option<String>,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
    ) -> Result<impl Stream<Item = Result<Resumable>> + use<>> {
        let context = ResolverContext::of(ctx, Access::Read)?;
        let filter = HistoryFilterInput::read(filter)?;
        let missing = || Fault::new(Code::InvalidArgument, "there is no such customer");
        let root = match customer.read(context.tenant())? {
            Ref::Customer(id) => id,
            Ref::Contact(number) => {
                context.rapport.contact(context.tenant(), number).await?.ok_or_else(missing)?.home
            }
            Ref::Identity(given) => {
                context
                    .rapport
                    .identity_by_key(context.tenant(), &given)
                    .await?
                    .ok_or_else(missing)?
                    .home
            }
            Ref::Unknown => return Err(missing()),
        };
        let after = ResumeAfter::or(ctx, after)
            .map(|cursor| context.cursors().read_live(&cursor))
            .transpose()?;
        let events = context.rapport.live_customer(context.tenant(), root, after, filter).await?;
        SubscriptionStarted::announce(ctx);
        Ok(events.map(move |event| {
            let (position, event) = event?;
            Ok(Resumable::new(&context, LogPosition::Customer(position), event))
        }))
    }
}
