//! Keys that a provider publishes: fetched when first needed, kept, and fetched again when they are old or a token
//! names one that is not among them. The provider's outage costs nothing while its last keys still fit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use parking_lot::{Mutex, RwLock};
use reqwest::{Client, Url, redirect};
use serde::Deserialize;

use crate::auth::keys::Key;

/// Largest document that is read.
const MAX_BYTES: usize = 256 * 1024;
/// Keys of one document that are looked at.
const MAX_KEYS: usize = 64;
/// Longer key ids are not looked for at all.
const MAX_KID_BYTES: usize = 255;

/// How often the provider is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FetchIntervals {
    /// Keys older than this are fetched again beside the request; when nobody asked for twice as long, before it.
    pub refresh: Duration,
    /// Between two fetches, whatever tokens say.
    pub between: Duration,
    /// Between two fetches while there are no keys at all.
    pub between_empty: Duration,
    /// For one fetch, from connecting to the last byte.
    pub timeout: Duration,
}

impl Default for FetchIntervals {
    fn default() -> Self {
        FetchIntervals {
            refresh: Duration::from_mins(10),
            between: Duration::from_secs(30),
            between_empty: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
        }
    }
}

#[derive(Default)]
struct KeySet {
    keys: Vec<Arc<Key>>,
    loaded_at: Option<Instant>,
    /// The keys as they came, to see whether a fetch changed anything.
    document: Vec<serde_json::Value>,
    generation: u64,
}

impl KeySet {
    /// A token without `kid` is only taken where one key can be meant.
    fn pick(&self, algorithm: Algorithm, kid: Option<&str>) -> Option<Arc<Key>> {
        let mut fitting = self.keys.iter().filter(|key| {
            key.algorithm == algorithm && (kid.is_none() || key.id.as_deref() == kid)
        });
        let first = fitting.next()?;
        fitting.next().is_none().then(|| first.clone())
    }
}

/// A provider's keys.
pub(crate) struct Jwks {
    url: Url,
    client: Client,
    intervals: FetchIntervals,
    set: RwLock<Arc<KeySet>>,
    /// One fetch at a time.
    gate: tokio::sync::Mutex<()>,
    last_fetch: Mutex<Option<Instant>>,
}

impl Jwks {
    pub fn new(url: &str, intervals: FetchIntervals) -> Result<Arc<Jwks>, String> {
        let url = Url::parse(url).map_err(|error| format!("is not an address ({error})"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && on_loopback(&url)) {
            return Err("must be an https:// address (http:// on loopback only)".into());
        }
        // Where a provider is installed already, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let local = on_loopback(&url);
        let origin = url.clone();
        let same_scheme = redirect::Policy::custom(move |attempt| {
            let to = attempt.url();
            if attempt.previous().len() > 3
                || to.scheme() != origin.scheme()
                || (local && !on_loopback(to))
            {
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        let mut builder = Client::builder()
            .redirect(same_scheme)
            .timeout(intervals.timeout)
            .connect_timeout(intervals.timeout);
        if local {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| format!("the HTTPS client cannot be set up ({})", reasons(error)))?;
        Ok(Arc::new(Jwks {
            url,
            client,
            intervals,
            set: RwLock::default(),
            gate: tokio::sync::Mutex::default(),
            last_fetch: Mutex::default(),
        }))
    }

    /// Grows whenever the keys change.
    pub fn generation(&self) -> u64 {
        self.set.read().generation
    }

    /// Whether no keys were ever fetched.
    pub fn is_empty(&self) -> bool {
        self.set.read().keys.is_empty()
    }

    /// The key under which a token with this algorithm and `kid` is to be checked; asks the provider where needed.
    pub async fn find(
        self: &Arc<Self>,
        algorithm: Algorithm,
        kid: Option<&str>,
    ) -> Option<Arc<Key>> {
        if kid.is_some_and(|kid| kid.is_empty() || kid.len() > MAX_KID_BYTES) {
            return None;
        }
        let set = self.set.read().clone();
        let old = |at: Option<Instant>, limit| at.is_some_and(|at| at.elapsed() >= limit);
        if old(set.loaded_at, self.intervals.refresh) {
            // Waiting is for a server that slept; in an outage the attempts are recent and nobody waits for the next one.
            if old(*self.last_fetch.lock(), self.intervals.refresh * 2) {
                self.refresh().await;
            } else if self.may_fetch() {
                let jwks = self.clone();
                tokio::spawn(async move { jwks.refresh().await });
            }
        }
        let found = self.set.read().pick(algorithm, kid);
        if found.is_some() {
            return found;
        }
        self.refresh().await;
        self.set.read().pick(algorithm, kid)
    }

    fn may_fetch(&self) -> bool {
        let pause =
            if self.is_empty() { self.intervals.between_empty } else { self.intervals.between };
        self.last_fetch.lock().is_none_or(|at| at.elapsed() >= pause)
    }

    /// Fetches the keys unless that was done just now; waits for a fetch that is under way.
    pub async fn refresh(self: &Arc<Self>) {
        if !self.may_fetch() {
            return;
        }
        let jwks = self.clone();
        // In a task of its own: a caller that goes away does not stop the fetch that others wait for.
        let fetch = tokio::spawn(async move {
            let _one_at_a_time = jwks.gate.lock().await;
            if !jwks.may_fetch() {
                return;
            }
            let outcome = jwks.fetch().await;
            *jwks.last_fetch.lock() = Some(Instant::now());
            if let Err(reason) = outcome.and_then(|document| jwks.replace(document)) {
                tracing::warn!(
                    reason,
                    kept = jwks.set.read().keys.len(),
                    "the provider's keys could not be fetched; the last ones stay"
                );
            }
        });
        if let Err(error) = fetch.await {
            tracing::error!(%error, "fetching the provider's keys ended early");
        }
    }

    fn replace(&self, document: Vec<serde_json::Value>) -> Result<(), String> {
        let mut set = self.set.write();
        if set.document == document {
            let KeySet { keys, document, generation, .. } = &**set;
            *set = Arc::new(KeySet {
                keys: keys.clone(),
                loaded_at: Some(Instant::now()),
                document: document.clone(),
                generation: *generation,
            });
            return Ok(());
        }
        let usable = |jwk: &serde_json::Value| {
            serde_json::from_value::<Jwk>(jwk.clone()).ok().and_then(|jwk| Key::from_jwk(&jwk).ok())
        };
        let keys: Vec<Arc<Key>> = document.iter().filter_map(usable).map(Arc::new).collect();
        if keys.is_empty() {
            return Err("the document holds no key that can be used".into());
        }
        tracing::info!(
            keys = keys.len(),
            listed = document.len(),
            "the provider's keys were fetched"
        );
        *set = Arc::new(KeySet {
            keys,
            loaded_at: Some(Instant::now()),
            document,
            generation: set.generation + 1,
        });
        Ok(())
    }

    async fn fetch(&self) -> Result<Vec<serde_json::Value>, String> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let mut response = self.client.get(self.url.clone()).send().await.map_err(reasons)?;
        if !response.status().is_success() {
            return Err(format!("the provider answered {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(reasons)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(format!("the document is larger than {MAX_BYTES} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        let mut document: Document =
            serde_json::from_slice(&body).map_err(|_| "the document is not a set of keys")?;
        document.keys.truncate(MAX_KEYS);
        Ok(document.keys)
    }
}

/// The error with what caused it, on one line and without the address.
fn reasons(error: reqwest::Error) -> String {
    let error = error.without_url();
    std::iter::successors(std::error::Error::source(&error), |cause| cause.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn on_loopback(url: &Url) -> bool {
    match url.host_str().map(|host| host.trim_matches(['[', ']'])) {
        Some("localhost") => true,
        Some(host) => host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}
