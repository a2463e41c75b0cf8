//! `tenantSettings`: the tenant's settings.

use async_graphql::{Context, Object};

use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::fault::Result;
use crate::graphql::model::settings::TenantSettings;

/// Reads a tenant's settings.
#[derive(Default)]
pub struct SettingsQuery;

/// Reads a tenant's settings.
#[Object]
impl SettingsQuery {
    /// How the tenant's identities, guards and pages are dealt with. For admins.
    async fn tenant_settings(&self, ctx: &Context<'_>) -> Result<TenantSettings> {
        let context = ResolverContext::of(ctx, Access::Admin)?;
        Ok(TenantSettings(context.rapport.settings(context.tenant()).await?))
    }
}
