//! The routes, and what every answer carries: request id, security headers, CORS, compression.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{any, get, post};
use futures_util::FutureExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::Instrument;

use crate::error::Code;
use crate::http::accept::JSON;
use crate::http::refusal::Refusal;
use crate::http::request_id::{self, RequestId};
use crate::http::server::Server;
use crate::http::{graphiql, graphql, health, identify};

/// All routes, with what every answer carries.
pub fn router(server: Arc<Server>) -> Router {
    let origins = server.services.config.cors_origins.clone();
    let graphiql = if server.services.graphiql { graphiql::routes() } else { Router::new() };
    let mut router = Router::new()
        .merge(graphiql)
        .route("/graphql", any(graphql::handle))
        .route("/identify", post(identify::handle))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(|| async {
            Refusal::new(Code::BadRequest, "there is nothing at this address").not_found()
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(Code::MethodNotAllowed, "the route does not take this method")
        })
        // Bodies are read with the limit and the time of the settings instead.
        .layer(DefaultBodyLimit::disable())
        .with_state(server)
        .layer(compression());
    if let Some(cors) = cors(&origins) {
        router = router.layer(cors);
    }
    router.layer(from_fn(envelope))
}

/// A request id, headers that keep browsers from guessing, and an answer even when a handler panics.
async fn envelope(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let graphql = request.uri().path() == "/graphql";
    // The pattern of the route, never the address itself: that may hold anything.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none".into(), |path| path.as_str().to_owned());
    let (method, start) = (request.method().clone(), Instant::now());
    let span = tracing::info_span!("request", id = %id.0);
    let run = std::panic::AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span);
    let mut response = run.await.unwrap_or_else(|_| {
        tracing::error!(id = %id.0, "a handler panicked");
        let refusal = Refusal::new(Code::Internal, "something went wrong on our side");
        if graphql {
            refusal.graphql(JSON, StatusCode::INTERNAL_SERVER_ERROR)
        } else {
            refusal.rest()
        }
    });
    tracing::info!(id = %id.0, %method, route, status = response.status().as_u16(), milliseconds = start.elapsed().as_millis(), "answered");
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, id.header());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Streams stay as they are: a compressor would hold events back.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        SizeAbove::new(1024)
            .and(NotForContentType::SSE)
            .and(NotForContentType::const_new("multipart/mixed"))
            .and(NotForContentType::IMAGES),
    )
}

fn cors(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<&str> = origins
        .iter()
        .map(|origin| origin.trim().trim_end_matches('/'))
        .filter(|origin| !origin.is_empty())
        .collect();
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.contains(&"*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    let names = [
        "authorization",
        "content-type",
        "accept",
        "x-request-id",
        "last-event-id",
        "idempotency-key",
    ];
    let exposed = ["x-request-id", "retry-after", "idempotency-replayed"];
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers(names.map(HeaderName::from_static))
            .expose_headers(exposed.map(HeaderName::from_static))
            .max_age(Duration::from_hours(1)),
    )
}
