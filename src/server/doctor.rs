//! `rapport doctor`: what is wrong, and how to correct it. Secrets are never printed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::auth::Verifier;
use crate::bus::{Bus, Settings};
use crate::config::ServeConfig;
use crate::ids::Clock;
use crate::outside::Outside;
use crate::store::Store;

/// How long Redis may take.
const REDIS_TIMEOUT: Duration = Duration::from_secs(3);

/// One thing that was looked at.
pub struct Finding {
    pub well: bool,
    pub what: &'static str,
    pub result: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", if self.well { "ok  " } else { "FAIL" }, self.what, self.result)
    }
}

/// Looks at configuration, keys, store, Redis and where files are kept.
pub async fn examine(config: &ServeConfig) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |what: &'static str, result: Result<String, String>| {
        let well = result.is_ok();
        let (Ok(result) | Err(result)) = result;
        findings.push(Finding { well, what, result });
    };
    add("configuration", config.check().map(|()| "consistent".into()));
    add("tokens", keys(config).await);
    add("store", store(config).await);
    add("redis", redis(config).await);
    add("files", files(config).await);
    findings
}

async fn keys(config: &ServeConfig) -> Result<String, String> {
    let verifier = Verifier::from_config(&config.auth)?;
    if !config.auth.has_key() {
        return Ok("no key configured: development mode, loopback only".into());
    }
    if config.auth.jwks_url.is_some() && !verifier.load_keys().await {
        return Err("RAPPORT_JWKS_URL: no usable key could be fetched; check the address, and that this machine reaches it".into());
    }
    Ok("keys are usable".into())
}

async fn store(config: &ServeConfig) -> Result<String, String> {
    let mend = |error: crate::error::Error| {
        format!(
            "{}; check that the server runs, and name, password and database",
            error.for_operator()
        )
    };
    let store = Store::connect(&config.store, Arc::new(Clock::default())).await.map_err(mend)?;
    store.ping().await.map_err(mend)?;
    match store.missing_migrations().await {
        Ok(0) => Ok("reachable, and up to date".into()),
        Ok(count) => Ok(format!(
            "reachable; {count} migrations are missing: `rapport migrate`, or `rapport serve`, applies them"
        )),
        Err(error) => Err(mend(error)),
    }
}

async fn files(config: &ServeConfig) -> Result<String, String> {
    let outside = Outside::open(&config.outside, &config.store.database_url)?;
    let mend = |_| {
        "RAPPORT_FILES: bytes cannot be kept there; check that the folder or the bucket may be written, and for a bucket the AWS_* variables".to_owned()
    };
    let name = format!("trial.{}", hex::encode(rand::random::<[u8; 8]>()));
    let objects = &outside.objects;
    objects.put(&name, Bytes::from_static(b"rapport")).await.map_err(mend)?;
    let read = objects.get(&name, 0..7).await.map_err(mend)?;
    objects.delete(&name).await.map_err(mend)?;
    read.map(|_| "bytes can be kept, read and removed".into())
        .ok_or_else(|| "RAPPORT_FILES: what is kept there cannot be read".into())
}

async fn redis(config: &ServeConfig) -> Result<String, String> {
    let Some(url) = &config.store.redis_url else {
        return Ok("not configured: bus, cache and limits stay in the process".into());
    };
    let bus = Bus::connect(Some(url), &Settings::default())?;
    if bus.connected(REDIS_TIMEOUT).await {
        return Ok("connected".into());
    }
    Err("REDIS_URL: not reachable; rapport would work on without it, more slowly. Check that Redis runs and the address".into())
}
