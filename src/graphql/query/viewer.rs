//! `viewer`: who the token says is asking.

use async_graphql::{Context, Object};

use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::model::viewer::Viewer;

/// Reads the token.
#[derive(Default)]
pub struct ViewerQuery;

/// Reads the token.
#[Object]
impl ViewerQuery {
    /// Who the token says you are.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(ResolverContext::of(ctx, Access::Any)?))
    }
}
