//! rapport's promises, one file each. Every test owns its database; the same bodies run on SQLite (default) and, with
//! `RAPPORT_TEST_DATABASE_URL`, on PostgreSQL.

mod app;
mod counting;
mod invariants;
mod people;
mod stand;
mod wall_rows;
mod world;

mod authorization;
mod budgets;
mod erase;
mod identify;
mod identity_api;
mod merges;
mod migrations;
mod operations_api;
mod races;
mod readme;
mod record;
mod rest;
mod reviews;
mod rooms;
mod schema;
mod search;
mod settings;
mod splits;
mod walls;
mod why;
