//! How Redis is addressed.

use redis::Client;

/// Reaches nobody yet.
pub(crate) fn client(url: &str) -> Result<Client, String> {
    // Where a provider is installed already, that one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The error of redis-rs could repeat the address, and a password is part of it.
    Client::open(url).map_err(|_| {
        "REDIS_URL: must be an address such as redis://127.0.0.1:6379 or rediss://user:password@host:6379/0".into()
    })
}
