//! `ringingCalls`: the calls that ring now.

use rapport_macros::object;

use crate::error::Code;
use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::items::Call;

/// Calls in one answer.
const MOST_CALLS: u64 = 100;

/// Reads what rings.
#[derive(Clone, Default)]
pub struct RingingCallsQuery;

/// Reads what rings.
#[object(root)]
impl RingingCallsQuery {
    /// The calls that ring now, newest first: those that `Subscription.incomingCalls` told as `RINGING` and that nobody took
    /// or ended since, for whoever comes later or was away. A call that came in more than 3 minutes ago rings no more.
    async fn ringing_calls(
        &self,
        ctx: &FieldContext,
        #[graphql(default = 20, desc = "How many, at most 100.")] first: i32,
    ) -> Result<Vec<Call>> {
        let context = ctx.resolvers(Access::Read)?;
        let limit = u64::try_from(first).ok().filter(|first| *first <= MOST_CALLS);
        let limit = limit.ok_or_else(|| {
            Fault::new(Code::InvalidArgument, format!("first is from 0 to {MOST_CALLS}"))
        })?;
        let calls = context.rapport.ringing_calls(context.tenant(), limit).await?;
        Ok(calls.into_iter().map(|call| Call::new(context.clone(), call, None)).collect())
    }
}
