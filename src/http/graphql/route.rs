//! The route: media types, rate limit, viewer and body, in the order in which a request may be refused.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, WebSocketUpgrade};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;

use crate::error::Code;
use crate::http::accept::{Accepted, Single};
use crate::http::body;
use crate::http::graphql::request::GraphqlRequest;
use crate::http::parameters::{Parameters, Payload};
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::socket;
use crate::http::viewer::Peer;

/// Answers a request to `/graphql`, or makes a WebSocket of it.
pub async fn handle(server: Arc<Server>, request: Request) -> Response {
    let start = Instant::now();
    let (mut parts, body) = request.into_parts();
    let known = (parts.extensions.get().copied(), parts.extensions.get().cloned());
    let (Some(peer), Some(id)): (Option<Peer>, Option<RequestId>) = known else {
        return Refusal::new(Code::Internal, "a request from nowhere").rest();
    };
    let upgrades = parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    if parts.method == Method::GET && upgrades {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &server).await {
            Ok(upgrade) => socket::upgrade(server, peer, id, &parts, upgrade)
                .await
                .unwrap_or_else(Refusal::rest),
            Err(_) => Refusal::bad("the WebSocket handshake is incomplete").rest(),
        };
    }
    let accepted = Accepted::of(&parts.headers);
    let request = GraphqlRequest { server: &server, peer, id: &id, parts: &parts, accepted, start };
    let mut response = match answer(&request, body).await {
        Ok(response) => response,
        Err(refusal) => {
            let status = refusal.status();
            request.count("refused", status);
            refusal.graphql(accepted.single.unwrap_or(Single::Legacy).media(), status)
        }
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

async fn answer(request: &GraphqlRequest<'_>, body: Body) -> Result<Response, Refusal> {
    let (server, headers) = (request.server, &request.parts.headers);
    server.count_request(request.peer, headers).await?;
    if request.accepted.nothing() {
        return Err(Refusal::new(
            Code::NotAcceptable,
            "accept application/graphql-response+json, application/json or text/event-stream",
        ));
    }
    let get = match request.parts.method {
        Method::GET => true,
        Method::POST => false,
        _ => {
            return Err(Refusal::method("GET, POST", "send GraphQL by POST, or queries by GET"));
        }
    };
    if !get {
        body::expect_json(headers)?;
    }
    let viewer = server.viewer(headers, request.peer.0).await?;
    if server.draining() {
        return Err(Refusal::stopping());
    }
    let payload = if get {
        let query = request.parts.uri.query().unwrap_or_default();
        Payload::Single(Parameters::of_query_string(query)?)
    } else {
        let config = &server.services.config;
        let timeout = server.services.timeouts.body;
        let bytes = body::read(headers, body, config.max_body_bytes, timeout).await?;
        Payload::of(body::parse_texts(&bytes)?, server.services.max_batch)?
    };
    match payload {
        Payload::Single(parameters) => request.single(parameters, viewer, get).await,
        Payload::Batch(batch) => request.batch(batch, viewer).await,
    }
}
