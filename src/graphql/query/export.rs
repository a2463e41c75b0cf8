//! `exportCustomer`: everything held about a person.

use async_graphql::{ID, Json};
use rapport_macros::object;

use crate::error::Error;
use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::global_id::named;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::named::NamedCustomer;
use crate::ids::IdKind;

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
        #[graphql(
            desc = "The customer's id, or that of one merged into it. Either this or `customer`."
        )]
        customer_id: Option<ID>,
        #[graphql(desc = "The customer, by whatever is known of it. Either this or `customerId`.")]
        customer: Option<CustomerRef>,
    ) -> Result<Json<serde_json::Value>> {
        let context = ctx.resolvers(Access::Admin)?;
        let tenant = context.tenant();
        // What is no id at all is an error of a query.
        if let Some(id) = &customer_id {
            named(id, IdKind::Customer, tenant)?;
        }
        let named =
            NamedCustomer::of(customer_id.as_ref(), customer, tenant).map_err(Error::from)?;
        let customer = named.home(&context).await?;
        Ok(Json(context.rapport.export_customer(&context.scope, customer).await?))
    }
}
