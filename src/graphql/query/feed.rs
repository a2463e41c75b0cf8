//! `feed`: the tenant's latest items.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::history::{HistoryConnection, feed_page};
use crate::graphql::model::history_filter::HistoryFilterInput;
use crate::graphql::model::items::columns::of_connection;
use crate::graphql::page_arguments::PageArguments;

/// Reads the feed.
#[derive(Clone, Default)]
pub struct FeedQuery;

/// Reads the feed.
#[object(root)]
impl FeedQuery {
    /// The latest of the whole tenant, newest first; its liveCursor starts Subscription.feed.
    async fn feed(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<HistoryConnection> {
        let context = ctx.resolvers(Access::Read)?;
        feed_page(
            &context,
            HistoryFilterInput::read(filter)?,
            PageArguments::forwards(Some(first), after, 50)?,
            of_connection(&ctx.selected()),
        )
        .await
    }
}
