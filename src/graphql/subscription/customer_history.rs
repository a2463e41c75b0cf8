//! `customerHistory`: everything that happens with a customer, live.

use futures_util::StreamExt;

use crate::domain::model::customer_ref::Ref;
use crate::error::Code;
use crate::graphql::context::Access;
use crate::graphql::execute::{Events, FieldContext};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::log_position::LogPosition;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::event::HistoryEvent;
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::subscription::placed;

pub async fn customer_history(
    ctx: &FieldContext,
    customer: CustomerRef,
    after: Option<String>,
    filter: Option<HistoryFilterInput>,
) -> Result<Events<HistoryEvent>> {
    let context = ctx.resolvers(Access::Read)?;
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
    let after = ctx
        .data()
        .resume_after(after)
        .map(|cursor| context.cursors().read_live(&cursor))
        .transpose()?;
    let events = context.rapport.live_customer(context.tenant(), root, after, filter).await?;
    let event = move |event: crate::error::Result<_>| {
        let (position, event) = event?;
        Ok(placed(&context, LogPosition::Customer(position), event))
    };
    Ok(events.map(event).boxed())
}
