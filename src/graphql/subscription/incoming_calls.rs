//! `incomingCalls`: inbound calls as they ring, are taken and end.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::model::event::IncomingCall;
use crate::graphql::request::SubscriptionStarted;

/// Who calls.
#[derive(Default)]
pub struct IncomingCallsSubscription;

/// Who calls.
#[Subscription]
impl IncomingCallsSubscription {
    /// Inbound calls as they ring, are taken and end: the pop-up with the history.
    async fn incoming_calls(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<IncomingCall>> + use<>> {
        let context = ResolverContext::of(ctx, Access::Read)?;
        let calls = context.rapport.incoming_calls(context.tenant()).await?;
        SubscriptionStarted::announce(ctx);
        Ok(calls.map(move |call| Ok(IncomingCall::new(&context, call?))))
    }
}
