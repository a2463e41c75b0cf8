//! `splitCustomer`: some identities become a customer of their own.

use async_graphql::{ID, InputObject};
use rapport_macros::object;

use crate::domain::identity::merge::MergeDone;
use crate::domain::identity::split::{MOST_IDENTITIES, SplitRequest};
use crate::error;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::model::customer_ref::{CustomerRef, IdentityRef};
use crate::graphql::model::named::{NamedCustomer, NamedIdentities};
use crate::graphql::mutation::merge::MergePayload;

/// Addresses that are another person's.
#[derive(InputObject)]
pub struct SplitCustomerInput {
    /// The customer's id, or that of one merged into it. Either this or `customer`.
    pub customer_id: Option<ID>,
    /// The customer, by whatever is known of it. Either this or `customerId`.
    pub customer: Option<CustomerRef>,
    /// Some of the customer's addresses, not all, at most 1,000. What came through them goes with them. Either this or
    /// `identities`.
    pub identity_ids: Option<Vec<ID>>,
    /// The same, as the addresses themselves. Either this or `identityIds`.
    pub identities: Option<Vec<IdentityRef>>,
    /// Whether to add a rule that nothing joins the two again.
    #[graphql(default = true)]
    pub keep_apart: bool,
    /// Split only if the customer still has this version.
    pub expected_version: Option<i32>,
}

impl SplitCustomerInput {
    /// Makes the split.
    async fn run(self, context: &ResolverContext) -> error::Result<MergeDone> {
        let (id, tenant) = (self.customer_id.as_ref(), context.tenant());
        let customer = NamedCustomer::of(id, self.customer, tenant)?;
        let identities = NamedIdentities::of(self.identity_ids, self.identities, tenant)?;
        identities.check_count(MOST_IDENTITIES)?;
        let request = SplitRequest {
            customer: customer.home(context).await?,
            identities: identities.ids(context).await?,
            keep_apart: self.keep_apart,
            expected_version: self.expected_version.map(Into::into),
        };
        let done = context.rapport.split_customer(&context.scope, request).await;
        done.map_err(|error| identities.place(customer.place(error)))
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
        let done = split_user_error(input.run(&context).await)?;
        Ok(MergePayload::new(&context, done.map_err(|error| error.under("input"))))
    }
}
