//! rapport's promises, one file each. Every test owns its database; the same bodies run on SQLite (default) and, with
//! `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod app;
mod counting;
mod fleet;
mod invariants;
mod people;
mod redis;
mod served;
mod server;
mod services;
mod stand;
mod subscriber;
mod trial;
mod wall_rows;
mod world;

mod authorization;
mod budgets;
mod erase;
mod faults;
mod idempotency;
mod identify;
mod identity_api;
mod idle;
mod live;
mod merges;
mod migrations;
mod operations_api;
mod outages;
mod page_cache;
mod prune;
mod races;
mod readme;
mod record;
mod relay;
mod rest;
mod reviews;
mod rooms;
mod schema;
mod search;
mod settings;
mod splits;
mod storm;
mod walls;
mod why;
