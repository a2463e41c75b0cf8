//! `exportCustomer`: everything held about a person.

use async_graphql::{ID, Json};
use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::global_id::named;
use crate::ids::{CustomerId, IdKind};

/// Exports people.
#[derive(Clone, Default)]
pub struct ExportQuery;

/// Exports people.
#[object(root)]
impl ExportQuery {
    /// Everything held about a customer, as one document: times as text, ids as those of the API, wherever they stand in it.
    /// Each export is an entry of the audit log (`EXPORT`), written before anything is read. For admins.
    async fn export_customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The customer's id, or that of one merged into it.")] customer_id: ID,
    ) -> Result<Json<serde_json::Value>> {
        let context = ctx.resolvers(Access::Admin)?;
        let customer = CustomerId(named(&customer_id, IdKind::Customer, context.tenant())?);
        Ok(Json(context.rapport.export_customer(&context.scope, customer).await?))
    }
}
