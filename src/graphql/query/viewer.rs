//! `viewer`: who the token says is asking.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::viewer::Viewer;

/// Reads the token.
#[derive(Clone, Default)]
pub struct ViewerQuery;

/// Reads the token.
#[object(root)]
impl ViewerQuery {
    /// Who the token says you are.
    fn viewer(&self, ctx: &FieldContext) -> Result<Viewer> {
        Ok(Viewer(ctx.resolvers(Access::Any)?))
    }
}
