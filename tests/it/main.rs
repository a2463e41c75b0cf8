//! rapport's promises, one file or folder each. Every test owns its database; the same bodies run on SQLite (default) and,
//! with `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod support;

mod authorization;
mod budgets;
mod command_line;
mod connections;
mod entities;
mod erase;
mod fast_path;
mod faults;
mod held_logins;
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
mod sql;
mod stock_adapter;
mod storm;
mod tenant_isolation;
mod unit_of_work;
mod why;
