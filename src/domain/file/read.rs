//! Reading a file: what is known of it, and its bytes.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::file::fetch::{AtProvider, MediaTokens};
use crate::domain::rapport::Rapport;
use crate::domain::write::unit_of_work::to_its_end;
use crate::error::{Code, Error, Result};
use crate::ids::{FileId, TenantId};
use crate::outside::objects::ByteStream;
use crate::store::row::{get, maybe};

/// A file whose bytes are here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredFile {
    pub name: Option<String>,
    /// As whoever sent it says: nobody looked.
    pub content_type: Option<String>,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub hash: String,
    object: String,
}

enum Found {
    Here(StoredFile),
    AtProvider(AtProvider),
}

impl Rapport {
    /// A file of the tenant; nothing where there is none. What a provider still has is fetched first.
    pub async fn file(
        &self,
        tenant: TenantId,
        id: FileId,
        tokens: &Arc<dyn MediaTokens>,
    ) -> Result<Option<StoredFile>> {
        match self.find_file(tenant, id).await? {
            None => return Ok(None),
            Some(Found::Here(file)) => return Ok(Some(file)),
            Some(Found::AtProvider(_)) => {}
        }
        let (rapport, tokens) = (self.clone(), tokens.clone());
        // A query ends where its caller goes away; this writes.
        to_its_end(async move {
            let busy =
                || Error::Coded(Code::Unavailable, "too many files are being fetched".into());
            let _turn = rapport.outside.media.turn().await.ok_or_else(busy)?;
            // Whoever had the turn before may have fetched it.
            if let Some(Found::AtProvider(file)) = rapport.find_file(tenant, id).await? {
                rapport.fetch_file(tenant, file, tokens).await?;
            }
            match rapport.find_file(tenant, id).await? {
                Some(Found::Here(file)) => Ok(Some(file)),
                _ => Ok(None),
            }
        })
        .await
    }

    /// A part of its bytes; nothing where they went meanwhile.
    pub async fn file_bytes(
        &self,
        file: &StoredFile,
        range: Range<u64>,
    ) -> Result<Option<ByteStream>> {
        self.outside.objects.get(&file.object, range).await
    }

    async fn find_file(&self, tenant: TenantId, id: FileId) -> Result<Option<Found>> {
        let mut sql = self.store.sql();
        sql.push("SELECT f.name, f.content_type, f.size, f.hash, f.source, f.reference, c.object ")
            .push(
                "FROM file f LEFT JOIN file_content c ON c.tenant = f.tenant AND c.hash = f.hash ",
            )
            .push("WHERE f.tenant = ")
            .bind(tenant)
            .push(" AND f.id = ")
            .bind(id);
        let Some(row) = self.store.one(sql).await? else { return Ok(None) };
        let (hash, object) = (maybe(&row, 3)?, maybe(&row, 6)?);
        if let (Some(hash), Some(object)) = (hash, object) {
            let size = u64::try_from(get::<Option<i64>>(&row, 2)?.unwrap_or_default()).unwrap_or(0);
            let (name, content_type) = (maybe(&row, 0)?, maybe(&row, 1)?);
            return Ok(Some(Found::Here(StoredFile { name, content_type, size, hash, object })));
        }
        let (source, reference) = (maybe(&row, 4)?, maybe(&row, 5)?);
        Ok(match (source, reference) {
            (Some(source), Some(reference)) => {
                Some(Found::AtProvider(AtProvider { id, source, reference }))
            }
            _ => None,
        })
    }
}
