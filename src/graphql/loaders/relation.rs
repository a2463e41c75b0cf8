//! A loader for one relation: keys that are asked for at the same time go to the store in one
//! batch.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures_util::future::BoxFuture;

use crate::domain::rapport::Rapport;
use crate::error::{Code, Error, Result};
use crate::graphql::fault::{Fault, Result as FaultResult};
use crate::ids::TenantId;

/// Keys in one batch.
const BATCH: usize = 1_000;
/// How often a batch lets others go first before it asks the store. All fields of one level are
/// asked in one go, so that it needs no more; each turn wakes the whole request.
const TURNS: usize = 1;

pub type Answers<K, V> = Result<HashMap<K, V>>;
pub type Load<K, V> = fn(Rapport, TenantId, Vec<K>) -> BoxFuture<'static, Answers<K, V>>;
pub type Found<V> = Result<V, Arc<Error>>;

/// A key that says nothing of itself: the loader writes every key that it is asked for into a
/// message that nobody reads.
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

/// One relation's loader, for one operation. Most operations need few of them: each begins with its
/// first key.
pub struct Relation<K: Eq + Hash + Clone + Send + Sync, V: Clone + Default + Send> {
    loader: OnceLock<Batches<K, V>>,
    of: Arc<(Rapport, TenantId)>,
    load: Load<K, V>,
}

impl<K: Eq + Hash + Clone + Send + Sync + 'static, V: Clone + Default + Send + 'static>
    Relation<K, V>
{
    pub fn new(of: &Arc<(Rapport, TenantId)>, load: Load<K, V>) -> Self {
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
            .map_err(|error| failed(&error))
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
            .map(|(key, found)| Ok((key.0, found.map_err(|error| failed(&error))?)))
            .collect()
    }

    pub async fn prime(&self, key: K, value: V) {
        self.loader().prime(Key(key), Ok(value)).await;
    }
}

fn left_out() -> Fault {
    Fault::new(Code::Internal, "a batch left a key out")
}

/// The error of a batch, for each who waits for it; the detail is for the log.
fn failed(error: &Error) -> Fault {
    Fault::from(match error {
        Error::Coded(code, message) => Error::Coded(*code, message.clone()),
        Error::User(error) => Error::User(error.clone()),
        other if other.code() == Code::Unavailable => {
            Error::Coded(Code::Unavailable, other.message())
        }
        other => Error::Internal(other.detail()),
    })
}
