//! `/hooks/{channel}/{key}`: where providers with an address of their own deliver.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::channels::fact::Answer;
use crate::channels::meta;
use crate::channels::table::{channel_of, kind_of};
use crate::domain::rapport::Rapport;
use crate::domain::source::Door;
use crate::entity::kinds::SourceKind;
use crate::error::Code;
use crate::http::deliveries::receive;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::viewer::Peer;

/// Why there is no answer: no such source, or something else.
enum Failed {
    NotFound,
    Refused(Refusal),
}

impl<E: Into<Refusal>> From<E> for Failed {
    fn from(error: E) -> Self {
        Failed::Refused(error.into())
    }
}

pub async fn deliver(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Extension(id): Extension<RequestId>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let start = Instant::now();
    let Ok(Path((channel, key))) = path else { return nothing_here() };
    let kind = kind_of(&channel);
    match received(&server, (peer, id), kind, &key, request).await {
        Ok(answer) => server.answered(kind, start, Ok(answer)),
        Err(Failed::Refused(refusal)) => server.answered(kind, start, Err(refusal)),
        Err(Failed::NotFound) => nothing_here(),
    }
}

fn nothing_here() -> Response {
    Refusal::new(Code::BadRequest, "there is no source at this address").not_found()
}

async fn received(
    server: &Arc<Server>,
    (peer, id): (Peer, RequestId),
    kind: Option<SourceKind>,
    key: &str,
    request: Request,
) -> Result<Answer, Failed> {
    let (parts, body) = request.into_parts();
    server.count_request(peer, &parts.headers).await?;
    let rapport = server.delivers_to()?;
    let door = door(&rapport, kind, key).await?;
    let most = channel_of(door.kind).most_bytes;
    let received = server.receive(&rapport, (peer, id), &parts, body, most).await;
    let received =
        received.inspect_err(|refusal| receive::count_unread(&rapport, &door, refusal))?;
    Ok(server.take(rapport, door, received).await?)
}

/// The source behind the address.
async fn door(rapport: &Rapport, kind: Option<SourceKind>, key: &str) -> Result<Arc<Door>, Failed> {
    let kind = kind.ok_or(Failed::NotFound)?;
    let door = receive::door(rapport, key).await?;
    door.filter(|door| door.kind == kind).ok_or(Failed::NotFound)
}

/// Meta asks once whether the address is ours.
pub async fn challenge(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let Ok(Path((channel, key))) = path else { return nothing_here() };
    let (parts, _) = request.into_parts();
    let answer = async {
        server.count_request(peer, &parts.headers).await?;
        let kind = kind_of(&channel).filter(|kind| *kind == SourceKind::Meta);
        if kind.is_none() && kind_of(&channel).is_some() {
            return Err(Refusal::method("POST", "providers deliver by POST").into());
        }
        let door = door(&server.delivers_to()?, kind, &key).await?;
        let refused = || Refusal::new(Code::Forbidden, "the verify token is not the source's");
        let query = parts.uri.query().unwrap_or_default();
        let fields = url::form_urlencoded::parse(query.as_bytes());
        Ok(meta::challenge(&door.source, fields).ok_or_else(refused)?)
    };
    match answer.await {
        Ok(challenge) => (StatusCode::OK, challenge).into_response(),
        Err(Failed::NotFound) => nothing_here(),
        Err(Failed::Refused(refusal)) => refusal.rest(),
    }
}
