//! Deliveries of providers: `/hooks/{channel}/{key}` ([`hooks`]), and the addresses that Segment's and RudderStack's SDKs
//! know ([`segment`]). Both find the source, read the body within its limits, and let the channel's runner write; the
//! answer comes when everything is committed.

mod body;
mod cors;
mod hooks;
mod receive;
mod segment;

use std::sync::Arc;

use axum::routing::{MethodRouter, get, post};

use crate::http::server::Server;

pub use cors::{is_open, open_cors};

/// Their routes.
pub fn routes() -> Vec<(&'static str, MethodRouter<Arc<Server>>)> {
    vec![
        ("/hooks/{channel}/{key}", post(hooks::deliver).get(hooks::challenge)),
        ("/v1/{call}", post(segment::deliver)),
        ("/beacon/v1/batch", post(segment::deliver)),
        ("/v1/projects/{key}/settings", get(segment::settings)),
        ("/sourceConfig", get(segment::source_config)),
        ("/sourceConfig/", get(segment::source_config)),
        ("/rapport.js", get(segment::snippet)),
    ]
}
