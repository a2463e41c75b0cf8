//! rapport: one customer, every channel, one live history.
//!
//! # The house
//!
//! | floor | room | knows | in one line |
//! | --- | --- | --- | --- |
//! | 4 | [`http`] | axum, GraphQL transports | routes, HTTP, WebSocket, SSE, limits of the wire, health |
//! | 3 | [`graphql`] | async-graphql, dataloader | the schema: roots, objects, ids, cursors, loaders, document limits |
//! | 2 | [`domain`] | SeaORM queries, [`entity`], [`bus`] | what rapport does: identify, record, history, search, merge |
//! | 1 | [`entity`] | SeaORM derives | tables, enums, the finders nobody may forget |
//! | 1 | [`bus`] | tokio, redis | "something changed for customer X"; what requests share: cache, limits |
//! | 1 | [`auth`] | jsonwebtoken | token → [`auth::Viewer`] |
//! | 0 | [`config`], [`error`], [`ids`] | | settings; what can go wrong, each with a stable code; typed ids |
//!
//! Imports point down only: never up, never sideways on a floor. `tests/it/rooms.rs` reads `src/**` and fails on a
//! forbidden `use`, and on a foreign crate outside its room. [`serve`] is the roof: it builds the rooms and joins them.

pub mod auth;
pub mod bus;
pub mod config;
pub mod doctor;
pub mod domain;
pub mod entity;
pub mod error;
pub mod graphql;
pub mod http;
pub mod ids;
pub mod serve;
