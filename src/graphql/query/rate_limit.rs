//! `rateLimit`: what the request cost and what is left.

use async_graphql::{Context, Object};

use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::request::RateLimit;

/// Reads the rate limit.
#[derive(Default)]
pub struct RateLimitQuery;

/// Reads the rate limit.
#[Object]
impl RateLimitQuery {
    /// What this request cost and what the token has left; null where nothing is limited.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Result<Option<RateLimit>> {
        ResolverContext::of(ctx, Access::Any)?;
        Ok(ctx.data_opt::<RateLimit>().copied())
    }
}
