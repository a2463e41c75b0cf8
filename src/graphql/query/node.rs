//! `node` and `nodes`: objects by their global ids.

use async_graphql::ID;
use rapport_macros::object;

use crate::error::Code;
use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::node::Node;

/// Ids in one `nodes`.
const NODES: usize = 100;

/// Reads objects by id.
#[derive(Clone, Default)]
pub struct NodeQuery;

/// Reads objects by id.
#[object(root)]
impl NodeQuery {
    /// The thing of this id; null for what is not there, or is another tenant's.
    async fn node(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Opaque id.")] id: ID,
    ) -> Result<Option<Node>> {
        let context = ctx.resolvers(Access::Read)?;
        Ok(Node::find(&context, &[id]).await?.pop().flatten())
    }

    /// The things of these ids, in their order, at most 100.
    async fn nodes(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Opaque ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let context = ctx.resolvers(Access::Read)?;
        if ids.len() > NODES {
            return Err(Fault::new(Code::InvalidArgument, format!("at most {NODES} ids")));
        }
        Node::find(&context, &ids).await
    }
}
