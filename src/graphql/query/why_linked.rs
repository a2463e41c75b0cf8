//! `whyLinked`: the evidence between two identities.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::customer_ref::IdentityRef;
use crate::graphql::model::evidence::LinkEvidence;

/// Reads evidence.
#[derive(Clone, Default)]
pub struct WhyLinkedQuery;

/// Reads evidence.
#[object(root)]
impl WhyLinkedQuery {
    /// The shortest chain of evidence that makes two addresses one person; empty when they are not.
    async fn why_linked(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "One address.")] a: IdentityRef,
        #[graphql(desc = "The other address.")] b: IdentityRef,
    ) -> Result<Vec<LinkEvidence>> {
        let context = ctx.resolvers(Access::Read)?;
        let (a, b) = (a.given(), b.given());
        let (a, b) = (
            context.rapport.identity_by_key(context.tenant(), &a).await?,
            context.rapport.identity_by_key(context.tenant(), &b).await?,
        );
        let (Some(a), Some(b)) = (a, b) else { return Ok(Vec::new()) };
        Ok(LinkEvidence::list(
            &context,
            context.rapport.why_linked(context.tenant(), a.id, b.id).await?,
        ))
    }
}
