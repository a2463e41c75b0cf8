//! `customer`: one customer, with what the document asks of it read along.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::read_along::ReadAlong;

/// Reads one customer.
#[derive(Clone, Default)]
pub struct CustomerQuery;

/// Reads one customer.
#[object(root)]
impl CustomerQuery {
    /// One person. Follows merges: the id or an address of a merged customer answers the surviving one.
    async fn customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which one.")] by: CustomerRef,
    ) -> Result<Option<Customer>> {
        let context = ctx.resolvers(Access::Read)?;
        let by = by.read(context.tenant())?;
        let along = ReadAlong::of(&context, &ctx.selected());
        let found = context.rapport.customer_and(context.tenant(), &by, along.beside()).await?;
        let Some(found) = found else { return Ok(None) };
        if let Some(first) = &ctx.data().first_read {
            first.set(found.customer.id, found.customer.version);
        }
        Ok(Some(along.customer(&context, found)))
    }
}
