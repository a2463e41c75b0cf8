//! rapport's promises, one file each. Every test owns its database; the same bodies run on SQLite (default) and, with
//! `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod counting;
mod invariants;
mod people;
mod redis;
mod served;
mod stand;

mod budgets;
mod erase;
mod idempotency;
mod identify;
mod merges;
mod page_cache;
mod prune;
mod races;
mod readme;
mod relay;
mod record;
mod rest;
mod reviews;
mod search;
mod settings;
mod splits;
mod why;
