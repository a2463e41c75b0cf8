//! `resolveLinkReview` and `allowTogether`: decisions about links that a guard held back.

use async_graphql::ID;
use futures_util::future::try_join_all;
use rapport_macros::object;

use crate::domain::identity::keep_apart::KeepApart as Rule;
use crate::domain::identity::reviews::ReviewDone;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::enums::ReviewDecision;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error, with_default_path};
use crate::graphql::global_id::named_or_nothing;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::merge::{KeepApart, Merge, survivors};
use crate::graphql::model::review::LinkReview;
use crate::graphql::model::user_error::UserError;
use crate::ids::{IdKind, KeepApartId, ReviewId};

/// What became of a held link.
#[derive(Clone)]
pub struct LinkReviewPayload {
    context: ResolverContext,
    done: OrUserError<ReviewDone>,
}

impl LinkReviewPayload {
    pub fn new(context: &ResolverContext, done: OrUserError<ReviewDone>) -> Self {
        LinkReviewPayload { context: context.clone(), done }
    }
}

/// What became of a held link.
#[object]
impl LinkReviewPayload {
    /// The review as it is now.
    pub fn review(&self) -> Option<LinkReview> {
        self.done.as_ref().ok().map(|done| LinkReview::new(&self.context, done.review.clone()))
    }

    /// The customer that they are now; null where nothing was joined.
    pub fn customer(&self) -> Option<Customer> {
        let merged = self.done.as_ref().ok()?.merged.as_ref()?;
        Some(Customer::lazy(&self.context, merged.customer))
    }

    /// The merges that were made.
    pub async fn merges(&self) -> Result<Vec<Merge>> {
        let Some(merged) = self.done.as_ref().ok().and_then(|done| done.merged.as_ref()) else {
            return Ok(Vec::new());
        };
        let found =
            try_join_all(merged.merges.iter().map(|merge| Merge::load(&self.context, *merge)))
                .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Rules that were added, so that nothing joins them again.
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        KeepApart::load_many(&self.context, &done.keep_aparts).await
    }

    /// What the user can correct; nothing was changed then.
    pub fn user_errors(&self) -> Vec<UserError> {
        UserError::of(&self.context, &self.done)
    }
}

/// What allowTogether did.
#[derive(Clone)]
pub struct AllowTogetherPayload {
    context: ResolverContext,
    done: OrUserError<Rule>,
}

impl AllowTogetherPayload {
    pub fn new(context: &ResolverContext, done: OrUserError<Rule>) -> Self {
        AllowTogetherPayload { context: context.clone(), done }
    }
}

/// What allowTogether did.
#[object]
impl AllowTogetherPayload {
    /// Who may be joined again. Another rule may still keep them apart: see `Customer.keptApart`.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        match &self.done {
            Ok(rule) => survivors(&self.context, &[rule.a, rule.b]).await,
            Err(_) => Ok(Vec::new()),
        }
    }

    /// What the user can correct; nothing was changed then.
    pub fn user_errors(&self) -> Vec<UserError> {
        UserError::of(&self.context, &self.done)
    }
}

/// Decides held links.
#[derive(Clone, Default)]
pub struct ReviewMutation;

/// Decides held links.
#[object(root)]
impl ReviewMutation {
    /// Decides a link that a guard held back; either way it leaves the queue.
    async fn resolve_link_review(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The review's id.")] review_id: ID,
        #[graphql(desc = "What is to become of it.")] decision: ReviewDecision,
    ) -> Result<LinkReviewPayload> {
        let context = ctx.writing(Access::Write)?;
        let review = ReviewId(named_or_nothing(&review_id, IdKind::Review, context.tenant()));
        let decision = decision.into();
        let done = split_user_error(
            context.rapport.resolve_link_review(&context.scope, review, decision).await,
        )?;
        let done = done.map_err(|error| with_default_path(error, "reviewId"));
        Ok(LinkReviewPayload::new(&context, done))
    }

    /// Lifts a keep-apart rule, so that the two may be joined again.
    async fn allow_together(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The rule's id.")] keep_apart_id: ID,
    ) -> Result<AllowTogetherPayload> {
        let context = ctx.writing(Access::Write)?;
        let rule =
            KeepApartId(named_or_nothing(&keep_apart_id, IdKind::KeepApart, context.tenant()));
        Ok(AllowTogetherPayload::new(
            &context,
            split_user_error(context.rapport.allow_together(&context.scope, rule).await)?,
        ))
    }
}
