//! `feed`: everything that happens in the tenant, live.

use futures_util::StreamExt;

use crate::graphql::context::Access;
use crate::graphql::execute::{Events, FieldContext};
use crate::graphql::fault::Result;
use crate::graphql::log_position::LogPosition;
use crate::graphql::model::event::HistoryEvent;
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::subscription::placed;

pub async fn feed(
    ctx: &FieldContext,
    after: Option<String>,
    filter: Option<HistoryFilterInput>,
) -> Result<Events<HistoryEvent>> {
    let context = ctx.resolvers(Access::Read)?;
    let filter = HistoryFilterInput::read(filter)?;
    let after = ctx
        .data()
        .resume_after(after)
        .map(|cursor| context.cursors().read_feed(&cursor))
        .transpose()?;
    let events = context.rapport.live_feed(context.tenant(), after, filter).await?;
    let event = move |event: crate::error::Result<_>| {
        let (position, event) = event?;
        Ok(placed(&context, LogPosition::Feed(position), event))
    };
    Ok(events.map(event).boxed())
}
