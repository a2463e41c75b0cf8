//! `rapport doctor`: what is wrong, and how to correct it. It only reads: nothing is made, written or migrated, and secrets are
//! never printed.

mod machine;

use crate::auth::Verifier;
use crate::bus;
use crate::config::{Environment, Finding, ServeConfig, unknown_variables};
use crate::outside::Outside;
use crate::server::doctor::machine::{open_files, port};
use crate::server::serve::problems;
use crate::store::examine::examine as examine_store;

pub use crate::server::doctor::machine::raise_open_files;

/// Looks at the settings, this machine, the store, Redis and where files are kept. `wrong` is what could not be read of the
/// environment.
pub async fn examine(config: &ServeConfig, wrong: Vec<String>) -> Vec<Finding> {
    let mut findings = configuration(config, wrong);
    let is_wrong = |findings: &[Finding], name: &str| {
        findings.iter().any(|finding| finding.result.starts_with(&format!("{name}: ")))
    };
    findings.extend(keys(config).await);
    if !is_wrong(&findings, "RAPPORT_LISTEN") {
        findings.push(port(&config.http.listen).await);
    }
    findings.push(open_files(config));
    let mut store = None;
    if !is_wrong(&findings, "DATABASE_URL") {
        let examined = examine_store(&config.store).await;
        store = examined.store;
        findings.extend(examined.findings);
        if examined.sealed {
            findings.push(secret_key(config));
        }
    }
    if !is_wrong(&findings, "REDIS_URL") {
        findings.extend(redis(config, store.as_deref()).await);
    }
    if !is_wrong(&findings, "RAPPORT_FILES") {
        findings.push(files(config).await);
    }
    findings
}

fn configuration(config: &ServeConfig, wrong: Vec<String>) -> Vec<Finding> {
    const WHAT: &str = "configuration";
    let mut findings: Vec<Finding> = wrong
        .into_iter()
        .chain(problems(config))
        .map(|problem| Finding::error(WHAT, problem))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok(WHAT, "every value can be read"));
    }
    findings.extend(unknown_variables().into_iter().map(|line| Finding::warn("variables", line)));
    findings
}

async fn keys(config: &ServeConfig) -> Option<Finding> {
    const WHAT: &str = "tokens";
    // What is wrong with it was said before.
    let verifier = Verifier::from_config(&config.auth).ok()?;
    if !config.auth.has_key() {
        let mode = "no key is configured: development mode, on loopback only";
        return Some(Finding::ok(WHAT, mode));
    }
    if config.auth.jwks_url.is_some() && !verifier.load_keys().await {
        let mend = "RAPPORT_JWKS_URL: no usable key could be fetched; check the address, and that this machine reaches it";
        return Some(Finding::error(WHAT, mend));
    }
    Some(Finding::ok(WHAT, "the keys are usable"))
}

/// The store holds secrets of sources.
fn secret_key(config: &ServeConfig) -> Finding {
    const WHAT: &str = "secret key";
    let development = config.http.environment(&config.auth) == Environment::Development;
    match &config.secret_key {
        Some(_) => Finding::ok(WHAT, "set; the start tries whether it opens the store's secrets"),
        None if development => Finding::ok(WHAT, "the one that development keeps beside the store"),
        None => Finding::error(
            WHAT,
            "RAPPORT_SECRET_KEY: the store holds sealed secrets of sources; set the key with which they were sealed",
        ),
    }
}

async fn redis(config: &ServeConfig, store: Option<&str>) -> Vec<Finding> {
    const WHAT: &str = "redis";
    let Some(url) = &config.store.redis_url else {
        return vec![Finding::ok(
            WHAT,
            "not configured: bus, cache and limits stay in the process, and there is no outgoing stream",
        )];
    };
    let mut findings = bus::examine(url).await;
    findings.push(match store {
        Some(store) => Finding::ok(
            "stream",
            format!("a tenant's is rapport:{store}:<tenant>:feed; the store's id is {store}"),
        ),
        None => Finding::ok(
            "stream",
            "the store gets its id, which names the streams, at its first start",
        ),
    });
    findings
}

async fn files(config: &ServeConfig) -> Finding {
    const WHAT: &str = "files";
    let outside = match Outside::open(&config.outside, &config.store.database_url) {
        Ok(outside) => outside,
        Err(problem) => return Finding::error(WHAT, problem),
    };
    match outside.objects.look().await {
        Ok(result) => Finding::ok(WHAT, result),
        Err(problem) => Finding::error(WHAT, format!("RAPPORT_FILES: {problem}")),
    }
}
