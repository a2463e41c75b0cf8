//! One batch per relation and level: no resolver behind a list reads the store except through these.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures_util::future::{BoxFuture, FutureExt};

use crate::domain::customer::Customer;
use crate::domain::history::{HistoryFilter, Page, PageRequest};
use crate::domain::keep_aparts::KeepApart;
use crate::domain::merges::Merge;
use crate::domain::rapport::Rapport;
use crate::domain::why::Link;
use crate::entity::comment::Model as Comment;
use crate::entity::contact::Model as Contact;
use crate::entity::identity::Model as Identity;
use crate::entity::kinds::IdentityKind;
use crate::error::{Code, Error, Result};
use crate::graphql::connection::COUNTED;
use crate::graphql::fault::{Fault, Result as FaultResult};
use crate::ids::{CommentId, CustomerId, IdentityId, ItemId, KeepApartId, MergeId, TenantId};

/// Keys in one batch.
const BATCH: usize = 1_000;
/// How often a batch lets others go first before it asks the store. All fields of one level are asked in one go, so that
/// it needs no more; each turn wakes the whole request.
const TURNS: usize = 1;

type Answers<K, V> = Result<HashMap<K, V>>;
type Load<K, V> = fn(Rapport, TenantId, Vec<K>) -> BoxFuture<'static, Answers<K, V>>;
type Found<V> = Result<V, Arc<Error>>;

/// A key that says nothing of itself: the loader writes every key that it is asked for into a message that nobody reads.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key<K>(K);

impl<K> std::fmt::Debug for Key<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }
}

/// A batch function that answers every key: with its value, the default, or why there is none.
pub struct Batch<K, V> {
    of: Arc<(Rapport, TenantId)>,
    load: Load<K, V>,
}

impl<K: Eq + Hash + Clone + Send + Sync, V: Clone + Default + Send> BatchFn<Key<K>, Found<V>>
    for Batch<K, V>
{
    async fn load(&mut self, keys: &[Key<K>]) -> HashMap<Key<K>, Found<V>> {
        let (rapport, tenant) = &*self.of;
        match (self.load)(rapport.clone(), *tenant, keys.iter().map(|key| key.0.clone()).collect())
            .await
        {
            Ok(mut found) => keys
                .iter()
                .map(|key| (key.clone(), Ok(found.remove(&key.0).unwrap_or_default())))
                .collect(),
            Err(error) => {
                let error = Arc::new(error);
                keys.iter().map(|key| (key.clone(), Err(error.clone()))).collect()
            }
        }
    }
}

type Batches<K, V> = Loader<Key<K>, Found<V>, Batch<K, V>>;

/// One relation's loader, for one operation. Most operations need few of them: each begins with its first key.
pub struct Relation<K: Eq + Hash + Clone + Send + Sync, V: Clone + Default + Send> {
    loader: OnceLock<Batches<K, V>>,
    of: Arc<(Rapport, TenantId)>,
    load: Load<K, V>,
}

impl<K: Eq + Hash + Clone + Send + Sync + 'static, V: Clone + Default + Send + 'static>
    Relation<K, V>
{
    fn new(of: &Arc<(Rapport, TenantId)>, load: Load<K, V>) -> Self {
        Relation { loader: OnceLock::new(), of: of.clone(), load }
    }

    fn loader(&self) -> &Batches<K, V> {
        self.loader.get_or_init(|| {
            let batch = Batch { of: self.of.clone(), load: self.load };
            Loader::new(batch).with_max_batch_size(BATCH).with_yield_count(TURNS)
        })
    }

    pub async fn load(&self, key: K) -> FaultResult<V> {
        self.loader()
            .try_load(Key(key))
            .await
            .map_err(|_| left_out())?
            .map_err(|error| told(&error))
    }

    /// All of these keys, each in its batch.
    pub async fn load_many(&self, keys: impl IntoIterator<Item = K>) -> FaultResult<HashMap<K, V>> {
        let found = self
            .loader()
            .try_load_many(keys.into_iter().map(Key).collect())
            .await
            .map_err(|_| left_out())?;
        found
            .into_iter()
            .map(|(key, found)| Ok((key.0, found.map_err(|error| told(&error))?)))
            .collect()
    }

    pub async fn prime(&self, key: K, value: V) {
        self.loader().prime(Key(key), Ok(value)).await;
    }
}

fn left_out() -> Fault {
    Fault::new(Code::Internal, "a batch left a key out")
}

/// Said once to each who asked; the detail is for the log.
fn told(error: &Error) -> Fault {
    Fault::from(match error {
        Error::Coded(code, message) => Error::Coded(*code, message.clone()),
        Error::User(error) => Error::User(error.clone()),
        other if other.code() == Code::Unavailable => {
            Error::Coded(Code::Unavailable, other.message())
        }
        other => Error::Internal(other.detail()),
    })
}

/// A customer's homes with the page that is asked for.
pub type HistoryKey = (Vec<CustomerId>, Arc<PageRequest>);
/// A customer's homes, kinds, after, limit.
pub type IdentitiesKey = (Vec<CustomerId>, Vec<IdentityKind>, Option<IdentityId>, u64);
/// An item, after, limit.
pub type CommentsKey = (ItemId, Option<CommentId>, u64);

/// A customer's homes, before, limit.
pub type MergesKey = (Vec<CustomerId>, Option<MergeId>, u64);

pub struct Loaders {
    /// By the id of any home.
    pub customers: Relation<CustomerId, Option<Arc<Customer>>>,
    /// By survivor, oldest first.
    pub contacts: Relation<CustomerId, Arc<Vec<Contact>>>,
    pub histories: Relation<HistoryKey, Page>,
    /// By homes: who is probably the same.
    pub suggestions: Relation<Vec<CustomerId>, Vec<CustomerId>>,
    pub history_counts: Relation<(Vec<CustomerId>, Arc<HistoryFilter>), u64>,
    pub identities: Relation<IdentitiesKey, Arc<Vec<Identity>>>,
    pub identity: Relation<IdentityId, Option<Arc<Identity>>>,
    pub comments: Relation<CommentsKey, Vec<Comment>>,
    pub comment_counts: Relation<ItemId, i64>,
    /// Newest first, one more than the page where there are more.
    pub merges: Relation<MergesKey, Vec<Merge>>,
    pub merge: Relation<MergeId, Option<Arc<Merge>>>,
    /// The rules in force that name one of a customer's homes, newest first.
    pub keep_aparts: Relation<Vec<CustomerId>, Vec<KeepApart>>,
    pub keep_apart: Relation<KeepApartId, Option<KeepApart>>,
    /// Oldest first.
    pub evidence: Relation<IdentityId, Vec<Link>>,
}

impl Loaders {
    pub fn new(rapport: &Rapport, tenant: TenantId) -> Self {
        let of = &Arc::new((rapport.clone(), tenant));
        Loaders {
            customers: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let found = rapport.customers_by_id(tenant, &keys).await?;
                    Ok(found.into_iter().map(|(id, customer)| (id, Some(customer))).collect())
                }
                .boxed()
            }),
            contacts: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let lists = rapport.contacts_of(tenant, &keys).await?;
                    Ok(lists.into_iter().map(|(id, list)| (id, Arc::new(list))).collect())
                }
                .boxed()
            }),
            suggestions: Relation::new(of, |rapport, tenant, keys| {
                async move { rapport.suggestions(tenant, &keys).await }.boxed()
            }),
            histories: Relation::new(of, |rapport, tenant, keys| {
                histories(rapport, tenant, keys).boxed()
            }),
            history_counts: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let mut counts = HashMap::new();
                    for (homes, filter) in keys {
                        let count = rapport.count_history(tenant, &homes, &filter, COUNTED).await?;
                        counts.insert((homes, filter), count);
                    }
                    Ok(counts)
                }
                .boxed()
            }),
            identities: Relation::new(of, |rapport, tenant, keys| {
                identities(rapport, tenant, keys).boxed()
            }),
            identity: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let found = rapport.identities_by_id(tenant, &keys).await?;
                    Ok(found
                        .into_iter()
                        .map(|identity| (identity.id, Some(Arc::new(identity))))
                        .collect())
                }
                .boxed()
            }),
            comments: Relation::new(of, |rapport, tenant, keys| {
                comments(rapport, tenant, keys).boxed()
            }),
            comment_counts: Relation::new(of, |rapport, tenant, keys| {
                async move { Ok(rapport.count_comments(tenant, &keys).await?.into_iter().collect()) }.boxed()
            }),
            merges: Relation::new(of, |rapport, tenant, keys| {
                merges(rapport, tenant, keys).boxed()
            }),
            merge: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let found = rapport.merges_by_id(tenant, &keys).await?;
                    Ok(found.into_iter().map(|merge| (merge.id, Some(Arc::new(merge)))).collect())
                }
                .boxed()
            }),
            keep_aparts: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let homes: Vec<CustomerId> = keys.iter().flatten().copied().collect();
                    let found = rapport.keep_aparts(tenant, &homes).await?;
                    let of = |key: &[CustomerId]| {
                        found
                            .iter()
                            .filter(|rule| key.contains(&rule.a) || key.contains(&rule.b))
                            .cloned()
                            .collect()
                    };
                    Ok(keys.iter().map(|key| (key.clone(), of(key))).collect())
                }
                .boxed()
            }),
            keep_apart: Relation::new(of, |rapport, tenant, keys| {
                async move {
                    let found = rapport.keep_aparts_by_id(tenant, &keys).await?;
                    Ok(found.into_iter().map(|rule| (rule.id, Some(rule))).collect())
                }
                .boxed()
            }),
            evidence: Relation::new(of, |rapport, tenant, keys| {
                async move { rapport.evidence_of(tenant, &keys).await }.boxed()
            }),
        }
    }
}

/// Groups keys by what a statement can answer together.
fn grouped<K, G: Eq + Hash>(keys: Vec<K>, group: impl Fn(&K) -> G) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    for key in keys {
        groups.entry(group(&key)).or_default().push(key);
    }
    groups
}

async fn histories(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<HistoryKey>,
) -> Answers<HistoryKey, Page> {
    let mut pages = HashMap::new();
    for (request, keys) in grouped(keys, |key| key.1.clone()) {
        let homes: Vec<Vec<CustomerId>> = keys.iter().map(|key| key.0.clone()).collect();
        let found = rapport.histories(tenant, &homes, &request).await?;
        pages.extend(keys.into_iter().zip(found));
    }
    Ok(pages)
}

async fn identities(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<IdentitiesKey>,
) -> Answers<IdentitiesKey, Arc<Vec<Identity>>> {
    let mut lists = HashMap::new();
    for ((kinds, after, limit), keys) in grouped(keys, |key| (key.1.clone(), key.2, key.3)) {
        let homes: BTreeSet<CustomerId> =
            keys.iter().flat_map(|key| key.0.iter().copied()).collect();
        let found = rapport.identities_of(tenant, &homes, &kinds, after, limit + 1).await?;
        for key in keys {
            let own: Vec<Identity> =
                found.iter().filter(|identity| key.0.contains(&identity.home)).cloned().collect();
            lists.insert(key, Arc::new(own));
        }
    }
    Ok(lists)
}

async fn comments(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<CommentsKey>,
) -> Answers<CommentsKey, Vec<Comment>> {
    let mut lists: HashMap<CommentsKey, Vec<Comment>> = HashMap::new();
    for ((after, limit), keys) in grouped(keys, |key| (key.1, key.2)) {
        let items: Vec<ItemId> = keys.iter().map(|key| key.0).collect();
        for comment in rapport.comments(tenant, &items, after, limit + 1).await? {
            lists.entry((comment.item, after, limit)).or_default().push(comment);
        }
    }
    Ok(lists)
}

async fn merges(
    rapport: Rapport,
    tenant: TenantId,
    keys: Vec<MergesKey>,
) -> Answers<MergesKey, Vec<Merge>> {
    let mut lists = HashMap::new();
    for ((before, limit), keys) in grouped(keys, |key| (key.1, key.2)) {
        let homes: BTreeSet<CustomerId> =
            keys.iter().flat_map(|key| key.0.iter().copied()).collect();
        let homes: Vec<CustomerId> = homes.into_iter().collect();
        let found = rapport.merges(tenant, &homes, before, limit + 1).await?;
        for key in keys {
            let own =
                found.iter().filter(|merge| key.0.contains(&merge.a) || key.0.contains(&merge.b));
            let own = own.take(usize::try_from(limit + 1).unwrap_or(usize::MAX)).cloned().collect();
            lists.insert(key, own);
        }
    }
    Ok(lists)
}
