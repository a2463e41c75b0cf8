//! Evidence of a link: why two identities belong to one person.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::domain::identity::evidence::Link;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::LinkRule;
use crate::graphql::fault::Result;
use crate::graphql::model::identity::Identity;
use crate::graphql::scalars::time;

/// A reason for which addresses belong to one person.
#[derive(Clone)]
pub struct LinkEvidence {
    context: ResolverContext,
    link: Arc<Link>,
}

impl LinkEvidence {
    pub fn list(context: &ResolverContext, links: Vec<Link>) -> Vec<Self> {
        links
            .into_iter()
            .map(|link| LinkEvidence { context: context.clone(), link: Arc::new(link) })
            .collect()
    }
}

/// A reason for which addresses belong to one person.
#[object]
impl LinkEvidence {
    /// One address; null for the first sight of an address, and for a merge by hand, which joins customers.
    pub async fn from(&self) -> Result<Option<Identity>> {
        Identity::load(&self.context, self.link.from).await
    }

    /// The other address; null for a merge by hand, which joins customers.
    pub async fn to(&self) -> Result<Option<Identity>> {
        Identity::load(&self.context, self.link.to).await
    }

    /// What made it a reason.
    pub fn rule(&self) -> LinkRule {
        self.link.rule.into()
    }

    /// The system that said so.
    pub fn source(&self) -> &str {
        &self.link.source
    }

    /// When it was said.
    pub fn at(&self) -> DateTime<Utc> {
        time(self.link.at)
    }

    /// The subject of the token with which it was said.
    pub fn actor(&self) -> Option<&str> {
        self.link.actor.as_deref()
    }
}
