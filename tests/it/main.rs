//! rapport's promises, one file each. Every test owns its database; the same bodies run on SQLite (default) and, with
//! `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod invariants;
mod people;
mod redis;
mod served;
mod stand;

mod idempotency;
mod identify;
mod merges;
mod page_cache;
mod prune;
mod relay;
mod why;
mod search;
