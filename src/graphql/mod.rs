//! The GraphQL schema and its execution. async-graphql is where types are declared (macros, registry, SDL); from a
//! document's text to the answer's bytes everything is ours, because an answer has to be exactly what the specification
//! says, and cheap. Through async-graphql's executor goes nothing but tests' comparisons, in debug builds.
//!
//! A lower storey never imports a higher one:
//!
//! | storey | modules |
//! | --- | --- |
//! | the entry | `api`, with `response_cache` and `deduplication` of subscriptions |
//! | roots | `query`, `mutation`, `subscription`: one file for each noun |
//! | objects | `model`: what clients see; its objects answer each other, the one import circle |
//! | what objects are made of | `connection`, `count`, `enums`, `scalars`, `sent_time`, `root` |
//! | the executor | `execute`, with `introspection`; then `operation`, `plan`, `document`, `types` |
//! | what resolvers work with | `request`, `context`, `log_position`, `loaders`, `cursors`, `global_id`, `page_arguments`, `fault` |

mod api;
pub mod connection;
pub mod context;
pub mod count;
pub mod cursors;
mod deduplication;
pub mod document;
pub mod enums;
pub mod execute;
pub mod fault;
pub mod global_id;
pub mod introspection;
pub mod loaders;
pub mod log_position;
pub mod model;
mod mutation;
pub mod operation;
pub mod page_arguments;
pub mod plan;
mod query;
pub mod request;
pub mod response_cache;
mod root;
mod rows;
pub mod scalars;
pub mod sent_time;
mod subscription;
pub mod types;

pub use api::Api;
pub use request::{Frame, Outlet, RateLimit, RequestContext, Transported};
