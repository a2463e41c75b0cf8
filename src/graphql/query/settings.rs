//! `tenantSettings`: the tenant's settings.

use rapport_macros::object;

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::Result;
use crate::graphql::model::settings::TenantSettings;

/// Reads a tenant's settings.
#[derive(Clone, Default)]
pub struct SettingsQuery;

/// Reads a tenant's settings.
#[object(root)]
impl SettingsQuery {
    /// How the tenant's identities, guards and pages are dealt with. For admins.
    async fn tenant_settings(&self, ctx: &FieldContext) -> Result<TenantSettings> {
        let context = ctx.resolvers(Access::Admin)?;
        Ok(TenantSettings(context.rapport.settings(context.tenant()).await?))
    }
}
