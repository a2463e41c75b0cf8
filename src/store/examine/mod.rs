//! Looks at a store and changes nothing: whether it can be used, by whom, and how it is.

mod answers;
mod postgres;
mod sqlite;

use crate::config::{Finding, StoreConfig};
use crate::store::migrations::Migrations;

/// What was found.
#[derive(Debug)]
pub struct Examined {
    pub findings: Vec<Finding>,
    /// The store's id in the names of Redis, once it has one.
    pub store: Option<String>,
    /// Whether it holds secrets of sources, which only their key opens.
    pub sealed: bool,
}

/// A row where secrets are sealed.
const SEALED: &str = "SELECT 1 FROM source WHERE secrets IS NOT NULL LIMIT 1";

/// Looks at the store of these settings.
pub async fn examine(config: &StoreConfig) -> Examined {
    if config.database_url.starts_with("sqlite:") {
        sqlite::examine(config).await
    } else {
        postgres::examine(config).await
    }
}

/// How far the store is migrated.
fn of_migrations(migrations: &Migrations) -> Finding {
    const WHAT: &str = "migrations";
    if let Some(refusal) = migrations.refusal() {
        return Finding::error(WHAT, refusal);
    }
    let unknown = migrations.unknown.join(", ");
    match migrations.missing.len() {
        0 if unknown.is_empty() => Finding::ok(WHAT, "up to date"),
        0 => Finding::warn(
            WHAT,
            format!("a newer rapport has migrated the store ({unknown}); this version may use it"),
        ),
        count => Finding::ok(
            WHAT,
            format!("{count} are missing; `rapport migrate`, or `rapport serve`, applies them"),
        ),
    }
}
