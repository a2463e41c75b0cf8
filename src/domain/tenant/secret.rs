//! The store's own secret: it tells a forged cursor from a stale one, and hashes what must not be kept in clear.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

use crate::ids::TenantId;

#[derive(Clone)]
pub struct StoreSecret {
    key: [u8; 32],
    /// Another store, or the same one restored to an earlier state, has another epoch.
    pub epoch: i64,
}

impl StoreSecret {
    pub fn new(key: [u8; 32], epoch: i64) -> Self {
        StoreSecret { key, epoch }
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
