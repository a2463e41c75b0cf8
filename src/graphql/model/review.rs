//! Link reviews: links that a guard held back, waiting for a decision.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use rapport_macros::object;

use crate::domain::identity::reviews::Review;
use crate::error::Code;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::count::Count;
use crate::graphql::enums::{HoldRule, ReviewState};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::merge::survivors;
use crate::graphql::page_arguments::COUNTED;
use crate::graphql::scalars::time;
use crate::ids::IdKind;
use crate::ids::ReviewId;

/// A link that a guard held back, waiting for a person's decision.
#[derive(Clone)]
pub struct LinkReview {
    context: ResolverContext,
    number: ReviewId,
    read: Option<Arc<Review>>,
}

impl LinkReview {
    pub fn new(context: &ResolverContext, review: Review) -> Self {
        LinkReview { context: context.clone(), number: review.id, read: Some(Arc::new(review)) }
    }

    pub fn lazy(context: &ResolverContext, number: ReviewId) -> Self {
        LinkReview { context: context.clone(), number, read: None }
    }

    async fn model(&self) -> Result<Arc<Review>> {
        self.context.may_read()?;
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let found = self.context.rapport.link_review(self.context.tenant(), self.number).await?;
        found
            .map(Arc::new)
            .ok_or_else(|| Fault::new(Code::InvalidArgument, "the review does not exist any more"))
    }
}

/// A link that a guard held back, waiting for a person's decision.
#[object]
impl LinkReview {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Review, self.context.tenant(), self.number.0)
    }

    /// How far it is.
    pub async fn state(&self) -> Result<ReviewState> {
        Ok(self.model().await?.state.into())
    }

    /// The guard.
    pub async fn rule(&self) -> Result<HoldRule> {
        Ok(self.model().await?.rule.into())
    }

    /// Why, in one sentence.
    pub async fn message(&self) -> Result<String> {
        Ok(self.model().await?.message.clone())
    }

    /// Who would be one person.
    pub async fn customers(&self) -> Result<Vec<Customer>> {
        survivors(&self.context, &self.model().await?.homes).await
    }

    /// The addresses that came together.
    pub async fn identities(&self) -> Result<Vec<Identity>> {
        let model = self.model().await?;
        let ids = model.identities.iter();
        let found = try_join_all(ids.map(|id| Identity::load(&self.context, Some(*id)))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The system whose request it was.
    pub async fn source(&self) -> Result<String> {
        Ok(self.model().await?.source.clone())
    }

    /// When it was held.
    pub async fn created_at(&self) -> Result<DateTime<Utc>> {
        Ok(time(self.model().await?.at))
    }

    /// When it was decided.
    pub async fn decided_at(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(self.model().await?.decided_at.map(time))
    }

    /// Who decided it.
    pub async fn decided_by(&self) -> Result<Option<String>> {
        Ok(self.model().await?.decided_by.clone())
    }
}

connection!(LinkReviewConnection, LinkReviewEdge, LinkReview, "held links", {
    context: ResolverContext, state: ReviewState
} {
    /// How many there are of this state, counted up to 1,000.
    async fn total_count(&self) -> Result<Count> {
        let (rapport, tenant) = (&self.context.rapport, self.context.tenant());
        let count = rapport.count_link_reviews(tenant, self.state.into(), COUNTED + 1).await?;
        Ok(Count::bounded(count))
    }
});
