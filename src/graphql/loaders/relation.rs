//! A loader for one relation: keys that are asked for at the same time go to the store in one
//! batch.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures_util::future::{BoxFuture, FutureExt, Shared};
use parking_lot::Mutex;

use crate::domain::rapport::Rapport;
use crate::error::{Code, Error, Result};
use crate::graphql::fault::{Fault, Result as FaultResult};
use crate::ids::TenantId;

/// Keys in one batch.
const BATCH: usize = 1_000;

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

/// What became of the keys of a wave; nothing where the loader left one out.
type Answered<K, V> = Arc<Option<HashMap<Key<K>, Found<V>>>>;

type Pending<K, V> = Shared<BoxFuture<'static, Answered<K, V>>>;

/// Keys that are asked for at the same time, and once the first of them is waited for, the batch that answers them.
struct Wave<K, V> {
    keys: Vec<Key<K>>,
    batch: Option<Pending<K, V>>,
}

type SharedWave<K, V> = Arc<Mutex<Wave<K, V>>>;

/// One relation's loader, for one operation. Most operations need few of them: each begins with its
/// first key.
pub struct Relation<K: Eq + Hash + Clone + Send + Sync, V: Clone + Default + Send> {
    loader: OnceLock<Batches<K, V>>,
    /// The wave that still takes keys. The loader is asked once for all of them: asked for each by itself, it costs more
    /// than what it loads.
    wave: Mutex<Option<SharedWave<K, V>>>,
    of: Arc<(Rapport, TenantId)>,
    load: Load<K, V>,
}

impl<K, V> Relation<K, V>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Clone + Default + Send + Sync + 'static,
{
    pub fn new(of: &Arc<(Rapport, TenantId)>, load: Load<K, V>) -> Self {
        let (loader, wave) = (OnceLock::new(), Mutex::default());
        Relation { loader, wave, of: of.clone(), load }
    }

    fn loader(&self) -> &Batches<K, V> {
        self.loader.get_or_init(|| {
            let batch = Batch { of: self.of.clone(), load: self.load };
            Loader::new(batch).with_max_batch_size(BATCH).with_yield_count(0)
        })
    }

    pub async fn load(&self, key: K) -> FaultResult<V> {
        let key = Key(key);
        let wave = self.ask(&key);
        all_ask().await;
        let answered = self.batch(&wave).await;
        let found = answered.as_ref().as_ref().and_then(|found| found.get(&key));
        found.ok_or_else(left_out)?.clone().map_err(|error| failed(&error))
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

    /// Adds a key to the wave that takes keys.
    fn ask(&self, key: &Key<K>) -> SharedWave<K, V> {
        let mut open = self.wave.lock();
        let wave = open
            .get_or_insert_with(|| Arc::new(Mutex::new(Wave { keys: Vec::new(), batch: None })));
        wave.lock().keys.push(key.clone());
        wave.clone()
    }

    /// The batch of a wave, which is closed by whoever comes first.
    fn batch(&self, wave: &SharedWave<K, V>) -> Pending<K, V> {
        let mut open = self.wave.lock();
        if open.as_ref().is_some_and(|open| Arc::ptr_eq(open, wave)) {
            *open = None;
        }
        drop(open);
        let mut state = wave.lock();
        let Wave { keys, batch } = &mut *state;
        let start = || {
            let (loader, keys) = (self.loader().clone(), std::mem::take(keys));
            async move { Arc::new(loader.try_load_many(keys).await.ok()) }.boxed().shared()
        };
        batch.get_or_insert_with(start).clone()
    }
}

/// Lets all others of the same level ask before the first is answered: they are polled in one go.
async fn all_ask() {
    let mut asked = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
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
