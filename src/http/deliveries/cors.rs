//! CORS of the addresses that run in the pages of a company's customers: any origin, no credentials.

use std::time::Duration;

use axum::http::{HeaderName, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// Whether pages of any origin may ask this path.
pub fn is_open(path: &str) -> bool {
    ["/v1/", "/beacon/", "/sourceConfig", "/rapport.js"].iter().any(|open| path.starts_with(open))
}

/// Headers are mirrored, since `*` does not cover `Authorization`, and SDKs send headers of their own.
pub fn open_cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::any())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            HeaderName::from_static("retry-after"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_hours(1))
}
