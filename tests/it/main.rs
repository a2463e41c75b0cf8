//! rapport's promises, one file each. Every test owns its database; the same bodies run on SQLite (default) and, with
//! `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod counting;
mod fleet;
mod invariants;
mod people;
mod server;
mod services;
mod stand;
mod subscriber;
mod trial;

mod budgets;
mod erase;
mod faults;
mod identify;
mod idle;
mod live;
mod merges;
mod outages;
mod races;
mod readme;
mod record;
mod reviews;
mod search;
mod settings;
mod splits;
mod storm;
mod why;
