//! What the tests stand on: stores, servers, callers, subscribers, and what is asked of all of them.

pub mod app;
pub mod counting;
pub mod direct;
pub mod files;
pub mod fleet;
pub mod identity;
pub mod introspection;
pub mod invariants;
pub mod people;
pub mod pgbouncer;
pub mod postgres;
pub mod redis;
pub mod served;
pub mod server;
pub mod stand;
pub mod subscriber;
pub mod trial;
pub mod world;
