//! The GraphQL schema and its execution. A lower storey never imports a higher one:
//!
//! | storey | modules |
//! | --- | --- |
//! | the entry | `api`, with `response_cache` and `deduplication` of subscriptions |
//! | roots | `query`, `mutation`, `subscription`: one file for each noun |
//! | objects | `model`: what clients see; its objects answer each other, the one import circle |
//! | how lists and objects are answered | `connection`, `fast_path`, `field_order`, `json`, `enums`, `scalars` |
//! | what resolvers work with | `context`, `loaders`, `cursors`, `global_id`, `page_arguments`, `count` |
//! | the request | `limits`, `request`, `fault` |

mod api;
pub mod connection;
pub mod context;
pub mod count;
pub mod cursors;
mod deduplication;
pub mod enums;
mod fast_path;
pub mod fault;
mod field_order;
pub mod global_id;
pub mod json;
pub mod limits;
pub mod loaders;
pub mod model;
mod mutation;
pub mod page_arguments;
mod query;
pub mod request;
pub mod response_cache;
pub mod scalars;
mod subscription;

pub use api::Api;
pub use request::{Frame, RateLimit, RequestContext, ResumeAfter};
