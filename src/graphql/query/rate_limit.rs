//! `rateLimit`: what the request cost and what is left.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::request::RateLimit;

/// Reads the rate limit.
#[derive(Clone, Default)]
pub struct RateLimitQuery;

/// Reads the rate limit.
#[object(root)]
impl RateLimitQuery {
    /// What this request cost and what the token has left; null where nothing is limited.
    fn rate_limit(&self, ctx: &FieldContext) -> Result<Option<RateLimit>> {
        ctx.resolvers(Access::Any)?;
        Ok(ctx.data().transported.rate_limit)
    }
}
