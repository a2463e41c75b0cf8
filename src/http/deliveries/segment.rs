//! What Segment's and RudderStack's SDKs ask, and the snippet of a company's website.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value as Json;

use crate::channels::fact::Answer;
use crate::channels::segment::key::key_of;
use crate::channels::segment::settings as sdk;
use crate::channels::segment::{CHANNEL, SNIPPET};
use crate::channels::table::channel_of;
use crate::domain::rapport::Rapport;
use crate::domain::source::Door;
use crate::entity::kinds::SourceKind;
use crate::error::Code;
use crate::http::deliveries::receive;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::viewer::Peer;
use crate::ids::{IdKind, opaque_id};

/// The calls, and the short names of some.
const CALLS: [&str; 15] = [
    "identify", "track", "page", "screen", "group", "alias", "batch", "import", "i", "t", "p", "s",
    "g", "a", "b",
];

pub async fn deliver(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let start = Instant::now();
    let call = request.uri().path().rsplit('/').next().unwrap_or_default();
    if !CALLS.contains(&call) {
        return Refusal::new(Code::BadRequest, "there is no such call").not_found();
    }
    let answer = received(&server, (peer, id), request).await;
    // These SDKs keep what is refused with 413 for ever, and drop what is refused with 400.
    let answer = answer.map_err(|mut refusal| {
        if refusal.code == Code::PayloadTooLarge {
            refusal.code = Code::BadRequest;
        }
        refusal
    });
    server.answered(Some(SourceKind::Segment), start, answer)
}

async fn received(
    server: &Arc<Server>,
    (peer, id): (Peer, RequestId),
    request: Request,
) -> Result<Answer, Refusal> {
    let (parts, body) = request.into_parts();
    server.count_request(peer, &parts.headers).await?;
    let rapport = server.delivers_to()?;
    let most = channel_of(SourceKind::Segment).most_bytes;
    let received = match server.receive(&rapport, (peer, id), &parts, body, most).await {
        Ok(received) => received,
        Err(refusal) => {
            // Whose it is stands in its head, where that has the key.
            if let Some(key) = key_of(&receive::head(&parts).delivery())
                && let Ok(door) = door(&rapport, &key).await
            {
                receive::count_unread(&rapport, &door, &refusal);
            }
            return Err(refusal);
        }
    };
    let key = key_of(&received.delivery()).ok_or_else(|| {
        let message = "a write key is needed: the user of Basic authorization, or writeKey";
        Refusal::unauthenticated(CHANNEL.challenge, message)
    })?;
    let door = door(&rapport, &key).await?;
    server.take(rapport, door, received).await
}

async fn door(rapport: &Rapport, key: &str) -> Result<Arc<Door>, Refusal> {
    let door = receive::door(rapport, key).await?;
    let door = door.filter(|door| door.kind == SourceKind::Segment);
    door.ok_or_else(|| {
        Refusal::unauthenticated(CHANNEL.challenge, "there is no source with this write key")
    })
}

/// Where an SDK of Segment's is to send to.
pub async fn settings(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let key = path.map_or_else(|_| String::new(), |Path(key)| key);
    let (parts, _) = request.into_parts();
    let answer = async {
        server.count_request(peer, &parts.headers).await?;
        door(&server.delivers_to()?, &key).await?;
        Ok(sdk::settings(&server.public_base(&parts, peer), &key))
    };
    shown(answer.await)
}

/// The same of RudderStack's.
pub async fn source_config(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let answer = async {
        server.count_request(peer, &parts.headers).await?;
        let rapport = server.delivers_to()?;
        let received = server.receive(&rapport, (peer, id), &parts, Body::empty(), 0).await?;
        let key = key_of(&received.delivery()).unwrap_or_default();
        let door = door(&rapport, &key).await?;
        let id = opaque_id(IdKind::Source, door.source.tenant, door.source.id.0);
        Ok(sdk::source_config(&door.source, &id, &key))
    };
    shown(answer.await)
}

fn shown(answer: Result<Json, Refusal>) -> Response {
    match answer {
        Ok(json) => axum::Json(json).into_response(),
        Err(refusal) => refusal.rest(),
    }
}

/// The script of a company's website.
pub async fn snippet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        // It runs in pages of others.
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, SNIPPET).into_response()
}
