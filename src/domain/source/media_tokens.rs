//! The access tokens of sources, for files that their providers still have.

use async_trait::async_trait;

use crate::domain::file::{MediaToken, MediaTokens};
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{SourceId, TenantId};

/// Knows the tokens of all sources.
pub struct SourceTokens(pub Rapport);

#[async_trait]
impl MediaTokens for SourceTokens {
    async fn media_token(&self, tenant: TenantId, source: SourceId) -> Result<Option<MediaToken>> {
        let Some(door) = self.0.open_source(tenant, source).await? else { return Ok(None) };
        let token = door.source.access_token;
        Ok(token.map(|token| MediaToken { kind: door.kind, token }))
    }
}
