//! The root of what is live.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use crate::domain::record::Ref;
use crate::error::Code;
use crate::graphql::env::{Access, Env};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::event::{HistoryEvent, IncomingCall};
use crate::graphql::model::inputs::{CustomerRef, HistoryFilterInput};
use crate::graphql::opaque::Cursors;
use crate::graphql::resume::Resumable;
use crate::graphql::{ResumeAfter, Started};

/// What is live.
pub struct Live;

/// What is live.
#[Subscription(name = "Subscription")]
impl Live {
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
        let env = Env::of(ctx, Access::Read)?;
        let filter = HistoryFilterInput::read(filter)?;
        let missing = || Fault::new(Code::InvalidArgument, "there is no such customer");
        let root = match customer.read(env.tenant())? {
            Ref::Customer(id) => id,
            Ref::Contact(number) => {
                env.rapport.contact(env.tenant(), number).await?.ok_or_else(missing)?.home
            }
            Ref::Identity(given) => {
                env.rapport.identity_by_key(env.tenant(), &given).await?.ok_or_else(missing)?.home
            }
            Ref::Unknown => return Err(missing()),
        };
        let rapport = env.rapport.clone();
        let after =
            resumed(ctx, after).map(|cursor| cursors(&env).read_live(&cursor)).transpose()?;
        let events = rapport.live_customer(env.tenant(), root, after, filter).await?;
        Started::tell(ctx);
        Ok(events.map(move |event| {
            let (place, event) = event?;
            let cursor = cursors(&env).live(&place);
            Ok(Resumable::new(cursor.clone(), env.tenant(), HistoryEvent::new(&env, cursor, event)))
        }))
    }

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
        let env = Env::of(ctx, Access::Read)?;
        let filter = HistoryFilterInput::read(filter)?;
        let after =
            resumed(ctx, after).map(|cursor| cursors(&env).read_feed(&cursor)).transpose()?;
        let events = env.rapport.live_feed(env.tenant(), after, filter).await?;
        Started::tell(ctx);
        Ok(events.map(move |event| {
            let (place, event) = event?;
            let cursor = cursors(&env).feed(&place);
            Ok(Resumable::new(cursor.clone(), env.tenant(), HistoryEvent::new(&env, cursor, event)))
        }))
    }

    /// Inbound calls as they ring, are taken and end: the pop-up with the history.
    async fn incoming_calls(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<IncomingCall>> + use<>> {
        let env = Env::of(ctx, Access::Read)?;
        let calls = env.rapport.incoming_calls(env.tenant()).await?;
        Started::tell(ctx);
        Ok(calls.map(move |call| Ok(IncomingCall::new(&env, call?))))
    }
}

fn cursors(env: &Env) -> Cursors<'_> {
    Cursors { seal: &env.rapport.seal, tenant: env.tenant() }
}

/// Where a transport says the client left off stands over the argument.
fn resumed(ctx: &Context<'_>, after: Option<String>) -> Option<String> {
    ctx.data_opt::<ResumeAfter>().map(|resume| resume.0.clone()).or(after)
}
