//! `incomingCalls`: inbound calls as they ring, are taken and end.

use futures_util::StreamExt;

use crate::graphql::context::Access;
use crate::graphql::execute::{Events, FieldContext};
use crate::graphql::fault::Result;
use crate::graphql::model::event::IncomingCall;

pub async fn incoming_calls(ctx: &FieldContext) -> Result<Events<IncomingCall>> {
    let context = ctx.resolvers(Access::Read)?;
    let calls = context.rapport.incoming_calls(context.tenant()).await?;
    Ok(calls.map(move |call| Ok((None, IncomingCall::new(&context, call?)))).boxed())
}
