//! The store's own secret: it tells a forged cursor from a stale one, and hashes what must not be kept in clear.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

use crate::entity::store_secret;
use crate::error::{Error, Result};
use crate::ids::{Clock, TenantId};
use crate::store::sql::Sql;
use crate::store::{Ending, Store, Transaction, Work};

#[derive(Clone)]
pub struct StoreSecret {
    key: [u8; 32],
    /// Another store, or the same one restored to an earlier state, has another epoch.
    pub epoch: i64,
    /// The store's id in the names of Redis: eight hexadecimal digits. It outlives a failover, which the epoch does not; a
    /// dump that is loaded into another database is another store.
    pub store: String,
}

impl StoreSecret {
    pub fn new(key: [u8; 32], epoch: i64) -> Self {
        StoreSecret { key, epoch, store: format!("{:08x}", epoch & 0xffff_ffff) }
    }

    /// Reads it from a migrated store; whoever comes first makes it.
    pub async fn read(store: &Store, clock: &Clock) -> Result<StoreSecret> {
        let mut key = [0u8; 32];
        rand::fill(&mut key);
        let (fresh, epoch) = (hex::encode(key), i64::from(rand::random::<u32>()));
        let row = store_secret::Model { id: 1, epoch, secret: fresh, created_at: clock.now() };
        let row = store.transact(Ending::Commit, &FirstSecret(row)).await?;
        let origin = store.origin().await?;
        hex::decode_to_slice(&row.secret, &mut key)
            .map_err(|error| Error::Internal(format!("store.secret: {error}")))?;
        let secret = StoreSecret::new(key, row.epoch ^ origin.moment);
        Ok(StoreSecret { store: origin.store_id(row.epoch), ..secret })
    }

    /// A tag of 64 bits over these bytes, one after the other, that nobody without the secret can make.
    pub fn tag(&self, parts: &[&[u8]]) -> u64 {
        let mut key = [0u8; 16];
        key.copy_from_slice(&self.key[..16]);
        let mut hasher = SipHasher24::new_with_key(&key);
        for part in parts {
            hasher.write(part);
        }
        hasher.finish()
    }

    /// What stays of an erased identity.
    pub fn hash(&self, tenant: TenantId, namespace: &str, match_key: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(&tenant.0.to_be_bytes());
        mac.update(namespace.as_bytes());
        mac.update(&[0]);
        mac.update(match_key.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

impl std::fmt::Debug for StoreSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreSecret")
    }
}

/// The store's own row; this one, where it has none yet.
struct FirstSecret(store_secret::Model);

impl Work for FirstSecret {
    type Done = store_secret::Model;

    async fn run(&self, tx: &Transaction) -> Result<store_secret::Model> {
        let insert = store_secret::Entity::insert_first(self.0.clone());
        tx.run(Sql::from_query(tx.dialect, &insert)).await?;
        let found = tx.find(store_secret::Entity::row()).await?.pop();
        found.ok_or_else(|| Error::Internal("the store has no secret".into()))
    }
}
