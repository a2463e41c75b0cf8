//! The part of the query root that is about who is who.

use async_graphql::{Context, ID, Json, Object};

use crate::graphql::RateLimit;
use crate::graphql::at_hand::One;
use crate::graphql::connection::Slice;
use crate::graphql::env::{Access, Env};
use crate::graphql::fault::Result;
use crate::graphql::identity_mutation::placed;
use crate::graphql::model::audit::{AuditConnection, AuditEntry};
use crate::graphql::model::evidence::LinkEvidence;
use crate::graphql::model::identity_inputs::MergeCustomersInput;
use crate::graphql::model::inputs::IdentityRef;
use crate::graphql::model::merge_preview::MergePreview;
use crate::graphql::model::settings::TenantSettings;
use crate::graphql::mutation::told;
use crate::graphql::opaque::{Cursors, IdKind, named};
use crate::ids::{AuditId, CustomerId};

/// What can be read about who is who.
#[derive(Default)]
pub struct IdentityQuery;

/// What can be read about who is who.
#[Object]
impl IdentityQuery {
    /// The shortest chain of evidence that makes two addresses one person; empty when they are not.
    async fn why_linked(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One address.")] a: IdentityRef,
        #[graphql(desc = "The other address.")] b: IdentityRef,
    ) -> Result<Vec<LinkEvidence>> {
        let env = Env::of(ctx, Access::Read)?;
        let (a, b) = (a.given(), b.given());
        let (a, b) = (
            env.rapport.identity_by_key(env.tenant(), &a).await?,
            env.rapport.identity_by_key(env.tenant(), &b).await?,
        );
        let (Some(a), Some(b)) = (a, b) else { return Ok(Vec::new()) };
        Ok(LinkEvidence::list(&env, env.rapport.why_linked(env.tenant(), a.id, b.id).await?))
    }

    /// What a merge would do, without doing it.
    async fn merge_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merge.")] input: MergeCustomersInput,
    ) -> Result<MergePreview> {
        let env = Env::of(ctx, Access::Read)?;
        let request = input.read(env.tenant())?;
        Ok(match told(env.rapport.merge_preview(&env.scope, request).await)? {
            Ok(preview) => MergePreview::new(&env, preview),
            Err(error) => MergePreview::failed(&env, placed(error, "customerIds").under("input")),
        })
    }

    /// How the tenant's identities, guards and pages are dealt with. For admins.
    async fn tenant_settings(&self, ctx: &Context<'_>) -> Result<TenantSettings> {
        let env = Env::of(ctx, Access::Admin)?;
        Ok(TenantSettings(env.rapport.settings(env.tenant()).await?))
    }

    /// Who did what, newest first. For admins.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what was done to this customer, or to one merged into it; also after it was erased."
        )]
        customer_id: Option<ID>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<AuditConnection>> {
        let env = Env::of(ctx, Access::Admin)?;
        let customer = customer_id
            .map(|id| named(&id, IdKind::Customer, env.tenant()))
            .transpose()?
            .map(CustomerId);
        let slice = Slice::forwards(Some(first), after, 50)?;
        let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
        let list = format!("auditLog{customer:?}");
        let before = slice
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(AuditId);
        let mut entries =
            env.rapport.audit_log(env.tenant(), customer, before, slice.limit + 1).await?;
        let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
        let more = entries.len() > limit;
        entries.truncate(limit);
        let nodes = entries.into_iter().map(|entry| {
            (cursors.number(&list, entry.id.0), AuditEntry { env: env.clone(), entry })
        });
        Ok(One(AuditConnection::new(nodes, &slice, more)))
    }

    /// Everything held about a customer, as one document. For admins.
    async fn export_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's id, or that of one merged into it.")] customer_id: ID,
    ) -> Result<Json<serde_json::Value>> {
        let env = Env::of(ctx, Access::Admin)?;
        let customer = CustomerId(named(&customer_id, IdKind::Customer, env.tenant())?);
        Ok(Json(env.rapport.export_customer(env.tenant(), customer).await?))
    }

    /// What this request cost and what the token has left; null where nothing is limited.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Result<Option<RateLimit>> {
        Env::of(ctx, Access::Any)?;
        Ok(ctx.data_opt::<RateLimit>().copied())
    }
}
