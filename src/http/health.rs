//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use serde_json::json;

use crate::http::server::Server;

/// How long the store may take to answer.
const READINESS_TIMEOUT: Duration = Duration::from_secs(3);

/// The process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// Whether requests should be sent here. From the first moment of a shutdown they should not.
pub async fn ready(State(server): State<Arc<Server>>) -> Response {
    let (ready, detail) =
        match tokio::time::timeout(READINESS_TIMEOUT, (server.services.readiness)()).await {
            Ok(answer) => answer,
            Err(_) => (false, json!({ "readiness": "no answer in time" })),
        };
    let draining = server.draining();
    let status = if ready && !draining { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready && !draining, "draining": draining, "detail": detail })))
        .into_response()
}

/// Metrics for Prometheus.
pub async fn metrics(State(server): State<Arc<Server>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &server.registry.lock()) {
        Ok(()) => (
            [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
            text,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
