//! Where the text of a GraphQL document comes from: the request, the manifest of trusted documents, or the automatic
//! persisted queries (APQ).

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::bus::{Bus, BusHealth};
use crate::config::TrustedDocuments;
use crate::error::Code;
use crate::http::parameters::Parameters;
use crate::http::refusal::Refusal;

/// Trusted documents: hash → document, the hash being whatever the client's build made.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    by_hash: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

impl Manifest {
    pub fn new(documents: HashMap<String, String>) -> Self {
        let by_hash: HashMap<String, Arc<str>> =
            documents.into_iter().map(|(hash, text)| (hash, text.into())).collect();
        Manifest { texts: by_hash.values().cloned().collect(), by_hash }
    }

    /// These documents and those.
    #[must_use]
    pub fn and(mut self, others: Manifest) -> Self {
        self.by_hash.extend(others.by_hash);
        self.texts.extend(others.texts);
        self
    }

    /// Reads a JSON object of hash → document. The error is one line for whoever starts the server.
    pub fn read(path: &Path) -> Result<Self, String> {
        let describe = |error: &dyn std::fmt::Display| {
            format!("RAPPORT_TRUSTED_DOCUMENTS_FILE: {}: {error}", path.display())
        };
        let text = std::fs::read_to_string(path).map_err(|error| describe(&error))?;
        serde_json::from_str(&text).map(Manifest::new).map_err(|error| describe(&error))
    }
}

/// Memory of automatic persisted queries, in bytes of text.
const PERSISTED_BYTES: u64 = 16 << 20;
/// How long other servers know a document since it was sent with its hash last.
const PERSISTED_FOR: Duration = Duration::from_hours(7 * 24);

/// Where automatic persisted queries are kept.
pub struct Persisted {
    memory: moka::sync::Cache<String, Arc<str>>,
    /// What several servers know together.
    shared: Option<Bus>,
}

impl Persisted {
    /// In this process, and in the bus's cache where that is shared with other servers.
    pub fn new(bus: &Bus) -> Self {
        Persisted {
            shared: (bus.health() != BusHealth::Memory).then(|| bus.clone()),
            ..Persisted::default()
        }
    }

    async fn get(&self, hash: &str) -> Option<Arc<str>> {
        if let Some(text) = self.memory.get(hash) {
            return Some(text);
        }
        let bytes = self.shared.as_ref()?.cache().get(&cache_key(hash)).await?;
        let text: Arc<str> = std::str::from_utf8(&bytes).ok()?.into();
        // Others write there too: a document is only what its hash says.
        (hex::encode(Sha256::digest(&*text)) == hash)
            .then(|| self.memory.insert(hash.to_owned(), text.clone()))?;
        Some(text)
    }

    async fn put(&self, hash: String, document: Arc<str>) {
        if let Some(bus) = &self.shared {
            bus.cache()
                .put(&cache_key(&hash), Bytes::copy_from_slice(document.as_bytes()), PERSISTED_FOR)
                .await;
        }
        self.memory.insert(hash, document);
    }
}

impl Default for Persisted {
    fn default() -> Self {
        let memory = moka::sync::Cache::builder()
            .max_capacity(PERSISTED_BYTES)
            .weigher(|hash: &String, text: &Arc<str>| {
                u32::try_from(hash.len() + text.len() + 64).unwrap_or(u32::MAX)
            })
            .build();
        Persisted { memory, shared: None }
    }
}

/// Its key in the cache that servers share.
fn cache_key(hash: &str) -> String {
    format!("document:{hash}")
}

/// Finds the document of a request, under the policy of trusted documents.
pub struct Documents {
    manifest: Manifest,
    policy: TrustedDocuments,
    persisted: Persisted,
}

/// A document, and the hash under which it is to be kept once it has proved to be one.
pub struct Found {
    pub text: Arc<str>,
    pub keep: Option<String>,
    /// Whether the manifest has it; always so when nothing is asked of documents.
    pub trusted: bool,
}

impl Documents {
    pub fn new(manifest: Manifest, policy: TrustedDocuments, persisted: Persisted) -> Self {
        Documents { manifest, policy, persisted }
    }

    pub async fn find(&self, parameters: &Parameters) -> Result<Found, Refusal> {
        let named =
            parameters.document_id.as_deref().map(|id| id.strip_prefix("sha256:").unwrap_or(id));
        let hash = parameters.persisted_hash()?;
        if let Some(text) =
            named.or(hash.as_deref()).and_then(|name| self.manifest.by_hash.get(name))
            && self.policy != TrustedDocuments::Off
        {
            return match &parameters.query {
                Some(query) if **query != **text => {
                    Err(Refusal::bad("query is not the document of that hash"))
                }
                _ => Ok(Found { text: text.clone(), keep: None, trusted: true }),
            };
        }
        if named.is_some() {
            return Err(Refusal::new(
                Code::DocumentNotTrusted,
                "no trusted document has this documentId",
            ));
        }
        let query = parameters.query.as_deref();
        let trusted = self.policy == TrustedDocuments::Off
            || query.is_some_and(|query| self.manifest.texts.contains(query));
        if !trusted && self.policy == TrustedDocuments::Enforce {
            return Err(Refusal::new(
                Code::DocumentNotTrusted,
                "the document is not among the server's trusted documents",
            ));
        }
        match (query, hash) {
            (Some(query), None) => Ok(Found { text: query.into(), keep: None, trusted }),
            (Some(query), Some(hash)) if hex::encode(Sha256::digest(query)) == hash => {
                Ok(Found { text: query.into(), keep: Some(hash), trusted })
            }
            (Some(_), Some(_)) => Err(Refusal::bad(
                "extensions.persistedQuery.sha256Hash is not the SHA-256 of query",
            )),
            (None, Some(hash)) => match self.persisted.get(&hash).await {
                Some(text) => Ok(Found {
                    trusted: trusted || self.manifest.texts.contains(&text),
                    text,
                    keep: None,
                }),
                // The very message that clients look for.
                None => Err(Refusal::new(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
            },
            (None, None) => Err(Refusal::bad("the parameter query is missing")),
        }
    }

    /// Keeps a document that has proved to be one under its hash.
    pub async fn keep(&self, hash: String, text: Arc<str>) {
        self.persisted.put(hash, text).await;
    }
}
