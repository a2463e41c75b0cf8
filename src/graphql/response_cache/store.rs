//! The response cache: kept is the encoded answer to a document that asks for one customer and
//! nothing else, with the version of the customer that was read first. It is used only while the
//! store says that this is the version still: everything such a page can show changes with a new
//! version of the customer, in the same transaction. So a page is never older than what was
//! acknowledged before it was asked for, by whichever server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::model::customer_ref::Ref;
use crate::domain::rapport::Rapport;
use crate::graphql::operation::{Request, Schema};
use crate::graphql::request::{FirstRead, RequestContext};
use crate::graphql::response_cache::cacheable::single_customer;
use crate::ids::CustomerId;

/// Memory of kept pages, in bytes.
const BYTES: u64 = 16 << 20;
/// A page larger than this is not kept.
const LARGEST: usize = 1 << 20;
/// What a page costs beside its text, about.
const OVERHEAD: usize = 400;
/// How long anything is kept: what belongs to people does not stay longer in memory than it is of
/// use.
const TIME: Duration = Duration::from_mins(5);

type CacheKey = [u8; 32];

struct Page {
    by: Ref,
    /// The customer and its version, as the page shows them.
    version: (CustomerId, i64),
    body: Arc<str>,
}

/// The pages of this process, and how often they were of use.
pub struct ResponseCache {
    pages: moka::sync::Cache<CacheKey, Arc<Page>>,
    pub used: AtomicU64,
    pub outdated: AtomicU64,
}

impl Default for ResponseCache {
    fn default() -> Self {
        let pages = moka::sync::Cache::builder()
            .max_capacity(BYTES)
            .weigher(|_, page: &Arc<Page>| {
                u32::try_from(page.body.len() + OVERHEAD).unwrap_or(u32::MAX)
            })
            .time_to_live(TIME)
            .build();
        ResponseCache { pages, used: AtomicU64::new(0), outdated: AtomicU64::new(0) }
    }
}

/// The right to keep an answer, once it is there.
pub struct CacheSlot {
    key: CacheKey,
    by: Ref,
    /// What the root field read is told there.
    pub read: FirstRead,
}

/// What is known of a request's answer.
pub enum CacheLookup {
    /// It is this one.
    Hit(Arc<str>),
    /// It can be kept when it is there.
    Miss(CacheSlot),
    /// It cannot be kept.
    Uncacheable,
}

impl ResponseCache {
    /// Looks for the answer. One statement where there is one, to see whether it still holds; none
    /// else.
    pub async fn lookup(
        &self,
        rapport: &Rapport,
        schema: &Schema,
        request: &Request,
        context: &RequestContext,
    ) -> CacheLookup {
        let Ok(tenant) = rapport.tenant(&context.viewer.tenant).await else {
            return CacheLookup::Uncacheable;
        };
        let key = key(request, tenant.0, context);
        if let Some(page) = self.pages.get(&key) {
            let now = rapport.version_of(tenant, &page.by).await;
            if matches!(now, Ok(Some(now)) if now == page.version) {
                self.used.fetch_add(1, Ordering::Relaxed);
                return CacheLookup::Hit(page.body.clone());
            }
            self.outdated.fetch_add(1, Ordering::Relaxed);
        }
        let plan = request.document.plan(schema, request.number(), &request.variables);
        let by = plan
            .and_then(|plan| single_customer(&plan, &request.variables))
            .and_then(|by| by.read(tenant).ok());
        let Some(by) = by else { return CacheLookup::Uncacheable };
        let read = FirstRead::default();
        CacheLookup::Miss(CacheSlot { key, by, read })
    }

    /// Keeps the body of an answer without errors.
    pub fn keep(&self, slot: CacheSlot, body: &str) {
        if let Some(version) = slot.read.get()
            && body.len() <= LARGEST
        {
            let page = Page { by: slot.by, version, body: body.into() };
            self.pages.insert(slot.key, Arc::new(page));
        }
    }
}

/// Everything that the answer depends on, but the store.
fn key(request: &Request, tenant: i64, context: &RequestContext) -> CacheKey {
    let mut hash = Sha256::new();
    hash.update(tenant.to_be_bytes());
    hash.update((request.number() as u64).to_be_bytes());
    for part in [context.viewer.role.name().as_bytes(), request.document.text.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    for value in request.variables.iter() {
        let text = value.as_ref().map(ToString::to_string);
        let length = text.as_ref().map_or(u64::MAX, |text| text.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.finalize().into()
}
