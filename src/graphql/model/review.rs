//! Held links.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::domain::reviews::Review;
use crate::error::Code;
use crate::graphql::at_hand::at_hand;
use crate::graphql::connection::connection;
use crate::graphql::enums::{HoldRule, ReviewState};
use crate::graphql::env::Env;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::time;
use crate::ids::ReviewId;

/// A link that a guard held back, waiting for a person's decision.
#[derive(Clone)]
pub struct LinkReview {
    env: Env,
    number: ReviewId,
    read: Option<Arc<Review>>,
}

impl LinkReview {
    pub fn new(env: &Env, review: Review) -> Self {
        LinkReview { env: env.clone(), number: review.id, read: Some(Arc::new(review)) }
    }

    pub fn lazy(env: &Env, number: ReviewId) -> Self {
        LinkReview { env: env.clone(), number, read: None }
    }

    async fn model(&self) -> Result<Arc<Review>> {
        self.env.may_read()?;
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let found = self.env.rapport.link_review(self.env.tenant(), self.number).await?;
        found
            .map(Arc::new)
            .ok_or_else(|| Fault::new(Code::InvalidArgument, "the review does not exist any more"))
    }
}

/// A link that a guard held back, waiting for a person's decision.
#[Object]
impl LinkReview {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Review, self.env.tenant(), self.number.0)
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
        let mut customers: Vec<Customer> = Vec::new();
        let mut seen = Vec::new();
        for home in &self.model().await?.homes {
            if let Some(customer) = self.env.loaders.customers.load(*home).await?
                && !seen.contains(&customer.id)
            {
                seen.push(customer.id);
                customers.push(Customer::new(&self.env, customer));
            }
        }
        Ok(customers)
    }

    /// The addresses that came together.
    pub async fn identities(&self) -> Result<Vec<Identity>> {
        let mut found = Vec::new();
        for id in &self.model().await?.identities {
            found.extend(
                self.env
                    .loaders
                    .identity
                    .load(*id)
                    .await?
                    .map(|row| Identity { env: self.env.clone(), row }),
            );
        }
        Ok(found)
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

at_hand!(LinkReview { "id" => id });

connection!(LinkReviewConnection, LinkReviewEdge, LinkReview, "held links", {} {});
