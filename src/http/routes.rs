//! The routes, and what every answer carries: request id, security headers, CORS, compression.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header,
};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use futures_util::FutureExt;
use futures_util::future::Either;
use tower::util::{ServiceExt, option_layer};
use tower::{Service, ServiceBuilder, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::Instrument;

use crate::error::Code;
use crate::http::accept::JSON;
use crate::http::refusal::Refusal;
use crate::http::request_id::{self, RequestId};
use crate::http::request_log::{GRAPHQL, RequestLog};
use crate::http::server::Server;
use crate::http::services::Services;
use crate::http::viewer::Peer;
use crate::http::{dashboard, deliveries, files, graphiql, graphql, health, identify};

/// All routes with what every answer carries, as one service of one request after the other.
pub fn routes(server: Arc<Server>) -> impl Routes {
    let cors = cors(&server.services.config.cors_origins);
    let table = table(&server);
    let known: Arc<[&'static str]> =
        [GRAPHQL].into_iter().chain(table.iter().map(|(path, _)| *path)).collect();
    let others = others(table, &server);
    let inner =
        service_fn(move |request: Request| dispatch(server.clone(), others.clone(), request));
    let open = ServiceBuilder::new()
        .layer(deliveries::open_cors())
        .layer(compression())
        .service(inner.clone());
    let service =
        ServiceBuilder::new().layer(option_layer(cors)).layer(compression()).service(inner);
    move |peer, request| {
        let path = request.uri().path();
        let route = route_of(&known, path);
        if deliveries::is_open(path) {
            Either::Left(envelope(open.clone(), route, peer, request))
        } else {
            Either::Right(envelope(service.clone(), route, peer, request))
        }
    }
}

/// Answers a request of this peer.
pub trait Routes: Fn(Peer, Request) -> Self::Answer + Clone + Send + 'static {
    type Answer: Future<Output = Response> + Send;
}

impl<F, A> Routes for F
where
    F: Fn(Peer, Request) -> A + Clone + Send + 'static,
    A: Future<Output = Response> + Send,
{
    type Answer = A;
}

/// GraphQL, which nearly all ask for, without the way through a router.
async fn dispatch(
    server: Arc<Server>,
    others: Router,
    request: Request,
) -> Result<Response, Infallible> {
    if request.uri().path() == GRAPHQL {
        // Boxed, so that not each layer around it moves all of its room.
        return Ok(Box::pin(graphql::handle(server, request)).await);
    }
    others.oneshot(request).await
}

/// All routes but [`GRAPHQL`]: those that the router answers, and those that the log knows.
fn table(server: &Server) -> Vec<(&'static str, MethodRouter<Arc<Server>>)> {
    let mut table =
        vec![("/identify", post(identify::handle)), ("/files/{id}", get(files::handle))];
    table.extend(probes());
    if server.services.metrics_listener.is_none() {
        table.extend(metrics());
    }
    table.extend(deliveries::routes());
    if server.services.dashboard {
        table.extend(dashboard::routes());
    }
    if server.services.graphiql {
        table.extend(graphiql::routes());
    }
    if let Some(home) = home(&server.services) {
        let redirect =
            get(async move || (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, home)]));
        table.push(("/", redirect));
    }
    table
}

/// Where `/` leads: a demo shows the dashboard first, a developer's server GraphiQL.
fn home(services: &Services) -> Option<&'static str> {
    let dashboard = services.dashboard.then_some(dashboard::HOME);
    let graphiql = services.graphiql.then_some(graphiql::HOME);
    if services.config.demo { dashboard.or(graphiql) } else { graphiql.or(dashboard) }
}

fn probes() -> [(&'static str, MethodRouter<Arc<Server>>); 2] {
    [("/healthz", get(health::live)), ("/readyz", get(health::ready))]
}

fn metrics() -> [(&'static str, MethodRouter<Arc<Server>>); 1] {
    [("/metrics", get(health::metrics))]
}

/// What is served where `/metrics` has an address of its own.
pub fn metrics_routes(server: &Arc<Server>) -> impl Routes + use<> {
    let table: Vec<_> = probes().into_iter().chain(metrics()).collect();
    let known: Arc<[&'static str]> = table.iter().map(|(path, _)| *path).collect();
    let router = others(table, server);
    move |peer, request| {
        let route = route_of(&known, request.uri().path());
        envelope(router.clone(), route, peer, request)
    }
}

fn others(table: Vec<(&'static str, MethodRouter<Arc<Server>>)>, server: &Arc<Server>) -> Router {
    table
        .into_iter()
        .fold(Router::new(), |router, (path, route)| router.route(path, route))
        .fallback(|| async { Refusal::nothing_here().not_found() })
        .method_not_allowed_fallback(|| async {
            Refusal::new(Code::MethodNotAllowed, "the route does not take this method")
        })
        // Bodies are read with the limit and the time of the settings instead.
        .layer(DefaultBodyLimit::disable())
        .with_state(server.clone())
}

/// The route by which the log knows an address: never the address itself, that may hold anything.
fn route_of(known: &[&'static str], path: &str) -> &'static str {
    let plain = known.iter().find(|route| **route == path);
    plain.or_else(|| known.iter().find(|route| matches(route, path))).copied().unwrap_or("none")
}

/// Whether a path is of a route with parameters: `{one}` part each, `{*all}` the rest.
fn matches(route: &str, path: &str) -> bool {
    if let Some((above, _)) = route.split_once("{*") {
        return path.starts_with(above);
    }
    let mut parts = path.split('/');
    let is_next = |part: &str| {
        let next = parts.next();
        next.is_some_and(|next| next == part || (part.starts_with('{') && !next.is_empty()))
    };
    route.split('/').all(is_next) && parts.next().is_none()
}

/// A request id, headers that keep browsers from guessing, and an answer even when a handler panics.
async fn envelope<S, B>(
    service: S,
    route: &'static str,
    peer: Peer,
    mut request: Request,
) -> Response
where
    S: Service<Request, Response = axum::http::Response<B>, Error = Infallible>,
    B: http_body_util::BodyExt<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(id.clone());
    let log = RequestLog::new(id.clone(), request.method().clone(), route);
    let span = tracing::info_span!("request", id = %id.0);
    let run =
        std::panic::AssertUnwindSafe(service.oneshot(request)).catch_unwind().instrument(span);
    let mut response = match log.scope(run).await {
        Ok(Ok(response)) => response.map(Body::new),
        Err(_) => {
            tracing::error!(id = %id.0, "a handler panicked");
            log.failed(Code::Internal);
            let refusal = Refusal::new(Code::Internal, "something went wrong on our side");
            if route == GRAPHQL {
                refusal.graphql(JSON, StatusCode::INTERNAL_SERVER_ERROR)
            } else {
                refusal.rest()
            }
        }
    };
    log.answered(response.status().as_u16());
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

/// Streams stay as they are: a compressor would hold events back. So do files, whose length and parts are told.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        SizeAbove::new(1024)
            .and(NotForContentType::SSE)
            .and(NotForContentType::const_new("multipart/mixed"))
            .and(NotForContentType::IMAGES)
            .and(|_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions| {
                extensions.get::<files::AsItIs>().is_none()
            }),
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

#[cfg(test)]
mod tests {
    use crate::http::routes::route_of;

    #[test]
    fn the_log_knows_routes_and_never_addresses() {
        let known = [
            "/graphql",
            "/",
            "/app",
            "/app/",
            "/app/{*path}",
            "/files/{id}",
            "/hooks/{kind}/{key}",
        ];
        for [path, route] in [
            ["/graphql", "/graphql"],
            ["/graphql/", "none"],
            ["/", "/"],
            ["/app", "/app"],
            ["/app/", "/app/"],
            ["/app/customers/QwAA3ej5PwjsAQ", "/app/{*path}"],
            ["/app/sw.js", "/app/{*path}"],
            ["/application", "none"],
            ["/ann@acme.example", "none"],
            ["/files/RgAB", "/files/{id}"],
            ["/files/", "none"],
            ["/files", "none"],
            ["/files/a/b", "none"],
            ["/files/../graphql", "none"],
            ["/hooks/meta/a-secret", "/hooks/{kind}/{key}"],
            ["/hooks/meta", "none"],
        ] {
            assert_eq!(route_of(&known, path), route, "{path}");
        }
    }
}
