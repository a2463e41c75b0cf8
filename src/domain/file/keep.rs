//! Putting bytes into the object store, before anything names them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use crate::domain::file::input::{IncomingContent, IncomingFile, KeptContent, KeptFile, Placed};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::entity::file_removal;
use crate::error::{Error, Result};
use crate::ids::{Micros, SourceId, TenantId};
use crate::store::row::get;
use crate::store::sql::insert;

/// How long what is put may wait for what names it, in microseconds.
const INTENDED_FOR: i64 = 3_600_000_000;
/// Objects that are put at once.
const AT_ONCE: usize = 4;
/// From so many bytes on, hashing them would keep others waiting.
const MUCH: usize = 256 * 1024;

impl Rapport {
    /// Puts the bytes of files where they are kept, for items that are recorded next: they go into
    /// [`NewItem::files`](crate::domain::history::record::NewItem). Files of a provider need the source through which it
    /// delivers; without one they are left out. `public` is the base of the addresses at which they are served.
    pub async fn keep_files(
        &self,
        scope: &Scope,
        source: Option<SourceId>,
        public: &str,
        files: Vec<IncomingFile>,
    ) -> Result<Vec<KeptFile>> {
        let public: Arc<str> = public.into();
        let mut kept = Vec::with_capacity(files.len());
        for file in files {
            let content = match (&file.content, source) {
                (IncomingContent::Bytes(bytes), _) => {
                    let (bytes, hash) = (bytes.clone(), hash(bytes.clone()).await?);
                    KeptContent::Here(Placed { bytes, hash, object: None })
                }
                (IncomingContent::AtProvider(reference), Some(source)) => {
                    KeptContent::AtProvider { source, reference: reference.clone() }
                }
                (IncomingContent::AtProvider(_), None) => continue,
            };
            kept.push(file.kept(content, public.clone()));
        }
        self.place(scope.tenant, kept.iter_mut().filter_map(placed).collect()).await?;
        Ok(kept)
    }

    /// The same for files that were kept, where what had their bytes is gone meanwhile.
    pub(crate) async fn keep_again<'f>(
        &self,
        tenant: TenantId,
        files: impl IntoIterator<Item = &'f mut KeptFile>,
    ) -> Result<()> {
        self.place(tenant, files.into_iter().filter_map(placed).collect()).await
    }

    /// Sees that the bytes are in the object store: those that the tenant has not are put, after a row says that they go
    /// again where nobody comes to name them.
    pub(super) async fn place(&self, tenant: TenantId, contents: Vec<&mut Placed>) -> Result<()> {
        if contents.is_empty() {
            return Ok(());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT hash FROM file_content WHERE tenant = ")
            .bind(tenant)
            .push(" AND hash")
            .among_texts(contents.iter().map(|content| content.hash.as_str()));
        let rows = self.store.all(sql).await?;
        let known: HashSet<String> = rows.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
        let mut new: BTreeMap<String, (String, Bytes)> = BTreeMap::new();
        for content in contents {
            content.object = (!known.contains(&content.hash)).then(|| {
                let object = || (object_name(tenant, &content.hash), content.bytes.clone());
                new.entry(content.hash.clone()).or_insert_with(object).0.clone()
            });
        }
        if new.is_empty() {
            return Ok(());
        }
        let due_at = Micros(self.clock.now().0 + INTENDED_FOR);
        let intent = |(object, _): &(String, Bytes)| file_removal::Model {
            tenant,
            object: object.clone(),
            due_at,
            begun: false,
        };
        let intents: Vec<_> = new.values().map(intent).collect();
        self.store.run(insert::<file_removal::Entity>(self.store.dialect, &intents)).await?;
        let objects = &self.outside.objects;
        futures_util::stream::iter(new.into_values())
            .map(|(object, bytes)| async move { objects.put(&object, bytes).await })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }
}

fn placed(file: &mut KeptFile) -> Option<&mut Placed> {
    match &mut file.content {
        KeptContent::Here(content) => Some(content),
        KeptContent::AtProvider { .. } => None,
    }
}

/// A name that nobody had before: what is removed under it is nobody else's.
fn object_name(tenant: TenantId, hash: &str) -> String {
    let random = hex::encode(rand::random::<[u8; 8]>());
    format!("{tenant}/{}/{hash}.{random}", &hash[..2])
}

/// SHA-256 in hexadecimal digits.
pub(super) async fn hash(bytes: Bytes) -> Result<String> {
    let much = bytes.len() >= MUCH;
    let hash = move || hex::encode(Sha256::digest(&bytes));
    if !much {
        return Ok(hash());
    }
    tokio::task::spawn_blocking(hash).await.map_err(|error| Error::Internal(error.to_string()))
}
