//! `feed`: everything that happens in the tenant, live.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::request::{ResumeAfter, SubscriptionStarted};
use crate::graphql::subscription::log_position::LogPosition;
use crate::graphql::subscription::resumable::Resumable;

/// What happens in the tenant.
#[derive(Default)]
pub struct FeedSubscription;

/// What happens in the tenant.
#[Subscription]
impl FeedSubscription {
    /// Everything that happens in the tenant, in one order that all readers agree on.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The feed's `liveCursor`, or the cursor of the last event seen; without it the stream starts now."
        )]
        after: Option<String>,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
    ) -> Result<impl Stream<Item = Result<Resumable>> + use<>> {
        let context = ResolverContext::of(ctx, Access::Read)?;
        let filter = HistoryFilterInput::read(filter)?;
        let after = ResumeAfter::or(ctx, after)
            .map(|cursor| context.cursors().read_feed(&cursor))
            .transpose()?;
        let events = context.rapport.live_feed(context.tenant(), after, filter).await?;
        SubscriptionStarted::announce(ctx);
        Ok(events.map(move |event| {
            let (position, event) = event?;
            Ok(Resumable::new(&context, LogPosition::Feed(position), event))
        }))
    }
}
