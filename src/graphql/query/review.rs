//! `linkReviews`: links that a guard held back.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::enums::ReviewState;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::review::{LinkReview, LinkReviewConnection};
use crate::graphql::page_arguments::PageArguments;
use crate::ids::ReviewId;

/// Reads held links.
#[derive(Clone, Default)]
pub struct ReviewQuery;

/// Reads held links.
#[object(root)]
impl ReviewQuery {
    /// Links that a guard held back, newest first.
    async fn link_reviews(
        &self,
        ctx: &FieldContext,
        #[graphql(default_with = "ReviewState::Open", desc = "How far they are.")]
        state: ReviewState,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<LinkReviewConnection> {
        let context = ctx.resolvers(Access::Read)?;
        let arguments = PageArguments::forwards(Some(first), after, 20)?;
        let cursors = context.cursors();
        let list = format!("linkReviews{state:?}");
        let before = arguments
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(ReviewId);
        let mut reviews = context
            .rapport
            .link_reviews(context.tenant(), state.into(), before, arguments.limit + 1)
            .await?;
        let more = arguments.cut(&mut reviews);
        let nodes = reviews
            .into_iter()
            .map(|review| (cursors.number(&list, review.id.0), LinkReview::new(&context, review)));
        Ok(LinkReviewConnection::new(nodes, &arguments, more, context.clone(), state))
    }
}
