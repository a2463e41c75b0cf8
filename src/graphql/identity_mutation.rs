//! The part of the mutation root that is about who is who.

use async_graphql::{Context, ID, Object};

use crate::error::UserError;
use crate::graphql::enums::ReviewDecision;
use crate::graphql::env::{Access, Env};
use crate::graphql::fault::Result;
use crate::graphql::model::identity_inputs::{
    MergeCustomersInput, SplitCustomerInput, UpdateIdentityInput,
};
use crate::graphql::model::identity_payload::{
    AllowTogetherPayload, ErasePayload, LinkReviewPayload, MergePayload, TenantSettingsPayload,
    UpdateIdentityPayload,
};
use crate::graphql::model::settings::UpdateTenantSettingsInput;
use crate::graphql::mutation::told;
use crate::graphql::opaque::{IdKind, named};
use crate::ids::{CustomerId, KeepApartId, MergeId, ReviewId};

/// A mistake that does not say where it is, is in the field that names the thing.
pub fn placed(error: UserError, field: &str) -> UserError {
    if error.path.is_empty() && error.customer.is_none() { error.at([field]) } else { error }
}

/// What can be written about who is who.
#[derive(Default)]
pub struct IdentityMutation;

/// What can be written about who is who.
#[Object]
impl IdentityMutation {
    /// Joins customers into the oldest of them. It overrides the guards, but for a keep-apart rule.
    async fn merge_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is one person.")] input: MergeCustomersInput,
    ) -> Result<MergePayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let request = input.read(env.tenant())?;
        let done = told(env.rapport.merge_customers(&env.scope, request, false).await)?;
        Ok(MergePayload::new(
            &env,
            done.map_err(|error| placed(error, "customerIds").under("input")),
        ))
    }

    /// Takes one merge back, with everything that came in meanwhile at its own side. Adds a keep-apart rule unless told
    /// otherwise.
    async fn undo_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merge's id.")] merge_id: ID,
        #[graphql(
            default = true,
            desc = "Whether to add a rule that nothing joins the two again."
        )]
        keep_apart: bool,
        #[graphql(desc = "Undo it only if the merged customer still has this version.")]
        expected_version: Option<i32>,
    ) -> Result<MergePayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let merge = MergeId(named(&merge_id, IdKind::Merge, env.tenant())?);
        let done = told(
            env.rapport
                .undo_merge(&env.scope, merge, keep_apart, expected_version.map(Into::into))
                .await,
        )?;
        Ok(MergePayload::new(&env, done))
    }

    /// Moves some addresses, and what came through them, to a customer of their own.
    async fn split_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What goes.")] input: SplitCustomerInput,
    ) -> Result<MergePayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let request = input.read(env.tenant())?;
        let done = told(env.rapport.split_customer(&env.scope, request).await)?;
        Ok(MergePayload::new(
            &env,
            done.map_err(|error| placed(error, "customerId").under("input")),
        ))
    }

    /// Marks an address as shared (it stays findable and links nobody any more), as proved, or as wrong.
    async fn update_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address and what is known of it.")] input: UpdateIdentityInput,
    ) -> Result<UpdateIdentityPayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let patch = input.read(env.tenant())?;
        let done = told(env.rapport.update_identity(&env.scope, patch).await)?;
        Ok(UpdateIdentityPayload::new(&env, done.map_err(|error| error.under("input"))))
    }

    /// Decides a link that a guard held back; either way it leaves the queue.
    async fn resolve_link_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's id.")] review_id: ID,
        #[graphql(desc = "What is to become of it.")] decision: ReviewDecision,
    ) -> Result<LinkReviewPayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let review = ReviewId(named(&review_id, IdKind::Review, env.tenant())?);
        Ok(LinkReviewPayload::new(
            &env,
            told(env.rapport.resolve_link_review(&env.scope, review, decision.into()).await)?,
        ))
    }

    /// Lifts a keep-apart rule, so that the two may be joined again.
    async fn allow_together(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule's id.")] keep_apart_id: ID,
    ) -> Result<AllowTogetherPayload> {
        let env = Env::writing(ctx, Access::Write)?;
        let rule = KeepApartId(named(&keep_apart_id, IdKind::KeepApart, env.tenant())?);
        Ok(AllowTogetherPayload::new(
            &env,
            told(env.rapport.allow_together(&env.scope, rule).await)?,
        ))
    }

    /// Changes the tenant's settings; other servers follow within two seconds. For admins.
    async fn update_tenant_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to change.")] input: UpdateTenantSettingsInput,
    ) -> Result<TenantSettingsPayload> {
        let env = Env::writing(ctx, Access::Admin)?;
        let version = input.expected_version.map(Into::into);
        let done = told(env.rapport.update_settings(&env.scope, input.read(), version).await)?;
        Ok(TenantSettingsPayload::new(&env, done.map_err(|error| error.under("input"))))
    }

    /// Erases a person: every address, text and trace. It cannot be undone, and later events do not bring the person back.
    /// For admins.
    async fn erase_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's id, or that of one merged into it.")] customer_id: ID,
        #[graphql(default = false, desc = "Tell what would go, and do nothing.")] dry_run: bool,
        #[graphql(desc = "Erase it only if it still has this version.")] expected_version: Option<
            i32,
        >,
    ) -> Result<ErasePayload> {
        let env = Env::writing(ctx, Access::Admin)?;
        let customer = CustomerId(named(&customer_id, IdKind::Customer, env.tenant())?);
        let done = told(
            env.rapport
                .erase_customer(&env.scope, customer, expected_version.map(Into::into), dry_run)
                .await,
        )?;
        Ok(ErasePayload::new(&env, done.map_err(|error| placed(error, "customerId"))))
    }
}
