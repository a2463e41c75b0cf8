//! Files that a provider still has: fetched when somebody asks for the first time, and kept like the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::file::input::Placed;
use crate::domain::file::keep::hash;
use crate::domain::file::rows::{hold_contents, is_lost, size};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Code, Error, Result, UserError};
use crate::ids::{FileId, SourceId, TenantId};
use crate::outside::media::{MediaError, MediaToken};
use crate::store::Ending;

/// How often bytes are put that are removed again before they are named.
const ATTEMPTS: u32 = 5;

/// Knows with what a source's media are fetched.
#[async_trait]
pub trait MediaTokens: Send + Sync {
    /// The access token of a source; nothing where it has none, or is not there.
    async fn media_token(&self, tenant: TenantId, source: SourceId) -> Result<Option<MediaToken>>;
}

/// No source has a token.
pub struct NoMediaTokens;

#[async_trait]
impl MediaTokens for NoMediaTokens {
    async fn media_token(&self, _: TenantId, _: SourceId) -> Result<Option<MediaToken>> {
        Ok(None)
    }
}

/// A file at a provider.
pub(super) struct AtProvider {
    pub id: FileId,
    pub source: SourceId,
    pub reference: String,
}

impl Rapport {
    /// Fetches a file and keeps it.
    pub(super) async fn fetch_file(
        &self,
        tenant: TenantId,
        file: AtProvider,
        tokens: Arc<dyn MediaTokens>,
    ) -> Result<()> {
        let token = tokens.media_token(tenant, file.source).await?;
        let token =
            token.ok_or_else(|| missing("its source has no access token to fetch it with"))?;
        let fetched = self.outside.media.fetch(&token, &file.reference).await;
        let bytes = fetched.map_err(told)?;
        let hash = hash(bytes.clone()).await?;
        let mut placed = Placed { bytes, hash, object: None };
        let mut attempt = 0;
        loop {
            self.place(tenant, vec![&mut placed]).await?;
            let keep = KeepFetched { id: file.id, placed: &placed };
            let scope = Scope::of_the_worker(tenant);
            match self.write(&scope, Ending::Commit, &keep).await {
                Err(error) if is_lost(&error) && attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }
}

/// Names the bytes of a file that had none.
struct KeepFetched<'a> {
    id: FileId,
    placed: &'a Placed,
}

impl Write for KeepFetched<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let mut sql = unit.sql();
        sql.push("UPDATE file SET hash = ")
            .bind(self.placed.hash.clone())
            .push(", size = ")
            .bind(size(self.placed))
            .push(" WHERE hash IS NULL AND tenant = ")
            .bind(unit.tenant())
            .push(" AND id = ")
            .bind(self.id);
        // Gone meanwhile, or fetched by another: what was put goes when it is due.
        if unit.run(sql).await? == 0 {
            return Ok(());
        }
        let contents = BTreeMap::from([(self.placed.hash.as_str(), self.placed)]);
        hold_contents(unit, &contents).await
    }
}

fn missing(why: &str) -> Error {
    UserError::not_found(format!("the file cannot be had: {why}")).into()
}

fn told(error: MediaError) -> Error {
    match error {
        MediaError::Gone => missing("the provider has it no longer"),
        MediaError::Refused => missing("the provider does not take its source's access token"),
        MediaError::TooLarge => missing("it is larger than 100 MB"),
        MediaError::NoMedia => missing("the provider hands out no files"),
        MediaError::Away => {
            Error::Coded(Code::Unavailable, "the file's provider cannot be reached".into())
        }
    }
}
