//! `splitCustomer`: some identities become a customer of their own.

use async_graphql::{ID, InputObject};
use rapport_macros::object;

use crate::domain::identity::split::SplitRequest;
use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error, with_default_path};
use crate::graphql::global_id::named;
use crate::graphql::mutation::merge::MergePayload;
use crate::ids::{CustomerId, IdKind, IdentityId, TenantId};

/// Addresses that are another person's.
#[derive(InputObject)]
pub struct SplitCustomerInput {
    /// The customer's id, or that of one merged into it.
    pub customer_id: ID,
    /// Some of the customer's addresses, not all, at most 1,000. What came through them goes with them.
    pub identity_ids: Vec<ID>,
    /// Whether to add a rule that nothing joins the two again.
    #[graphql(default = true)]
    pub keep_apart: bool,
    /// Split only if the customer still has this version.
    pub expected_version: Option<i32>,
}

impl SplitCustomerInput {
    pub fn read(self, tenant: TenantId) -> Result<SplitRequest> {
        let identities = self
            .identity_ids
            .iter()
            .map(|id| named(id, IdKind::Identity, tenant).map(IdentityId))
            .collect::<Result<_>>()?;
        Ok(SplitRequest {
            customer: CustomerId(named(&self.customer_id, IdKind::Customer, tenant)?),
            identities,
            keep_apart: self.keep_apart,
            expected_version: self.expected_version.map(Into::into),
        })
    }
}

/// Splits customers.
#[derive(Clone, Default)]
pub struct SplitMutation;

/// Splits customers.
#[object(root)]
impl SplitMutation {
    /// Moves some addresses, and what came through them, to a customer of their own.
    async fn split_customer(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What goes.")] input: SplitCustomerInput,
    ) -> Result<MergePayload> {
        let context = ctx.writing(Access::Write)?;
        let request = input.read(context.tenant())?;
        let done = split_user_error(context.rapport.split_customer(&context.scope, request).await)?;
        Ok(MergePayload::new(
            &context,
            done.map_err(|error| with_default_path(error, "customerId").under("input")),
        ))
    }
}
