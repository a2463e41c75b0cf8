//! rapport: one customer, every channel, one live history.
//!
//! This crate is not a library: what others build on is the GraphQL schema. Its modules are public for the project's own
//! tests, benchmarks and examples, and change without notice.
//!
//! # The floor plan
//!
//! | floor | room | knows | in one line |
//! | --- | --- | --- | --- |
//! | 7 | [`server`] | every room | builds and joins the rooms: `serve`, `doctor`, the demo |
//! | 6 | [`http`] | axum, GraphQL transports | what runs for a request: routes, HTTP, WebSocket, SSE, limits of the wire, health |
//! | 6 | [`worker`] | tokio | what runs without a request: pruning, retention, the outgoing stream |
//! | 5 | [`graphql`] | async-graphql (types), bluejay (documents), dataloader | the schema: roots, objects, documents and their limits, plans, the executor, loaders |
//! | 4 | [`channels`] | hmac, sha1 | how each provider's deliveries are proved genuine and read, and the one runner that writes what they say |
//! | 3 | [`domain`] | [`store`], [`entity`], [`bus`] | what rapport does: identify, record, history, search, merge |
//! | 2 | [`store`] | SeaORM, sqlx | connections, transactions, statements, the words in which the two stores differ |
//! | 2 | [`bus`] | tokio, redis | "something changed for customer X"; what requests share: cache, limits |
//! | 2 | [`auth`] | jsonwebtoken | token → [`auth::Viewer`] |
//! | 2 | [`outside`] | reqwest, object_store | every call to others: where the bytes of files lie, media that wait at a provider |
//! | 1 | [`entity`] | SeaORM derives | tables, enums, the finders nobody may forget |
//! | 0 | [`config`], [`error`], [`ids`], [`request_notes`] | | settings; what can go wrong, each with a stable code; typed ids; what a request did, for its line in the log |
//!
//! Imports point down only: never up, never sideways on a floor, and never in a circle between files. The domain has
//! storeys of its own (see [`domain`]), where the same holds. `tests/it/rooms` reads `src/**` and fails on a forbidden
//! `use`, and on a foreign crate outside its room.

pub mod auth;
pub mod bus;
pub mod channels;
pub mod config;
pub mod domain;
pub mod entity;
pub mod error;
pub mod graphql;
pub mod http;
pub mod ids;
pub mod outside;
pub mod request_notes;
pub mod server;
pub mod store;
pub mod worker;
