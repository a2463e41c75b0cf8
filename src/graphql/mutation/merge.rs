//! `mergeCustomers` and `undoMerge`.

use async_graphql::{ID, InputObject};
use futures_util::future::try_join_all;
use rapport_macros::object;

use crate::domain::identity::merge::{MOST_CUSTOMERS, MergeDone, MergeRequest};
use crate::error;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result, split_user_error, with_default_path};
use crate::graphql::global_id::named_or_nothing;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::model::merge::{KeepApart, Merge};
use crate::graphql::model::named::NamedCustomers;
use crate::graphql::model::user_error::UserError;
use crate::ids::{IdKind, MergeId};

/// Customers who are one person.
#[derive(InputObject)]
pub struct MergeCustomersInput {
    /// At least two, at most 50. The oldest survives; each is joined as what it was when its id was made, so that an undo
    /// takes exactly that apart again. Either this or `customers`.
    pub customer_ids: Option<Vec<ID>>,
    /// The same, by whatever is known of them. Either this or `customerIds`.
    pub customers: Option<Vec<CustomerRef>>,
    /// Merge only if the customer that will survive still has this version; `mergePreview` tells it.
    pub expected_version: Option<i32>,
    /// Why, at most 500 characters; it is kept with the merge.
    pub reason: Option<String>,
}

impl MergeCustomersInput {
    /// The merge, and the customers as they were named.
    pub async fn read(
        self,
        context: &ResolverContext,
    ) -> error::Result<(MergeRequest, NamedCustomers)> {
        let named = NamedCustomers::of(self.customer_ids, self.customers, context.tenant())?;
        named.check_count(MOST_CUSTOMERS)?;
        let request = MergeRequest {
            customers: named.homes(context).await?,
            expected_version: self.expected_version.map(Into::into),
            reason: self.reason,
        };
        Ok((request, named))
    }

    /// Makes the merge.
    async fn run(self, context: &ResolverContext) -> error::Result<MergeDone> {
        let (request, named) = self.read(context).await?;
        let done = context.rapport.merge_customers(&context.scope, request, false).await;
        done.map_err(|error| named.place(error))
    }
}

/// What a merge, an undo or a split did.
#[derive(Clone)]
pub struct MergePayload {
    context: ResolverContext,
    done: OrUserError<MergeDone>,
}

impl MergePayload {
    pub fn new(context: &ResolverContext, done: OrUserError<MergeDone>) -> Self {
        MergePayload { context: context.clone(), done }
    }
}

/// What a merge, an undo or a split did.
#[object]
impl MergePayload {
    /// The customer that holds what is left: after a merge the oldest, after an undo or a split who stays.
    pub fn customer(&self) -> Option<Customer> {
        self.done.as_ref().ok().map(|done| Customer::lazy(&self.context, done.customer))
    }

    /// Who came off, by an undo or a split; null after an undo where another merge still holds the two together.
    pub fn parted(&self) -> Option<Customer> {
        self.done.as_ref().ok()?.parted.map(|parted| Customer::lazy(&self.context, parted))
    }

    /// The merges that were made or undone.
    pub async fn merges(&self) -> Result<Vec<Merge>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        let found =
            try_join_all(done.merges.iter().map(|merge| Merge::load(&self.context, *merge)))
                .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Rules that were added, so that nothing joins the two again.
    pub async fn kept_apart(&self) -> Result<Vec<KeepApart>> {
        let Ok(done) = &self.done else { return Ok(Vec::new()) };
        KeepApart::load_many(&self.context, &done.keep_aparts).await
    }

    /// What the user can correct; nothing was changed then.
    pub fn user_errors(&self) -> Vec<UserError> {
        UserError::of(&self.context, &self.done)
    }
}

/// Joins customers, and takes merges back.
#[derive(Clone, Default)]
pub struct MergeMutation;

/// Joins customers, and takes merges back.
#[object(root)]
impl MergeMutation {
    /// Joins customers into the oldest of them. It overrides the guards, but for a keep-apart rule.
    async fn merge_customers(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Who is one person.")] input: MergeCustomersInput,
    ) -> Result<MergePayload> {
        let context = ctx.writing(Access::Write)?;
        let done = split_user_error(input.run(&context).await)?;
        Ok(MergePayload::new(&context, done.map_err(|error| error.under("input"))))
    }

    /// Takes one merge back, with everything that came in meanwhile at its own side. Adds a keep-apart rule unless told
    /// otherwise.
    async fn undo_merge(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The merge's id.")] merge_id: ID,
        #[graphql(
            default = true,
            desc = "Whether to add a rule that nothing joins the two again."
        )]
        keep_apart: bool,
        #[graphql(desc = "Undo it only if the merged customer still has this version.")]
        expected_version: Option<i32>,
    ) -> Result<MergePayload> {
        let context = ctx.writing(Access::Write)?;
        let merge = MergeId(named_or_nothing(&merge_id, IdKind::Merge, context.tenant()));
        let done = split_user_error(
            context
                .rapport
                .undo_merge(&context.scope, merge, keep_apart, expected_version.map(Into::into))
                .await,
        )?;
        let done = done.map_err(|error| with_default_path(error, "mergeId"));
        Ok(MergePayload::new(&context, done))
    }
}
