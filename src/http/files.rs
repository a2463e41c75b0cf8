//! `GET /files/{id}`: the bytes of a file, for the tenant's tokens. They come from strangers: browsers are told to save
//! them, never to show or run them.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::domain::file::StoredFile;
use crate::domain::rapport::Rapport;
use crate::error::{Code, Error, UserErrorCode};
use crate::graphql::context::Access;
use crate::http::byte_range::{Part, part};
use crate::http::content_disposition::attachment;
use crate::http::refusal::Refusal;
use crate::http::server::Server;
use crate::http::viewer::Peer;
use crate::ids::{FileId, IdKind, read_id};

/// What one file costs of the token's allowance.
const POINTS: u64 = 10;
/// Nothing runs, is fetched or sent, even where somebody shows the file after all.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";
/// The bytes of an id never change; but an erased person's are not to be kept for long.
const CACHING: &str = "private, max-age=3600, immutable";

/// Types that are passed on: no browser runs them. All others are just bytes.
const SAFE: &[&str] = &[
    "application/gzip",
    "application/json",
    "application/msword",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/zip",
    "audio/aac",
    "audio/amr",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "image/avif",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/webp",
    "message/rfc822",
    "text/calendar",
    "text/csv",
    "text/plain",
    "text/vcard",
    "video/3gpp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
];

/// Marks an answer that is sent as it is: its length and its parts are those of the file.
#[derive(Clone, Copy)]
pub struct AsItIs;

pub async fn handle(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let start = Instant::now();
    let (parts, _) = request.into_parts();
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let wants_bytes = parts.method != Method::HEAD;
    let response = match file(&server, peer, &id, &parts.headers, wants_bytes).await {
        Ok(Some(response)) => response,
        Ok(None) => Refusal::bad("there is no such file").not_found(),
        Err(NotServed::Missing(why)) => Refusal::bad(why).not_found(),
        Err(NotServed::Refused(refusal)) => refusal.rest(),
    };
    server.metrics.answered("files", response.status().as_u16(), start.elapsed());
    response
}

enum NotServed {
    /// It is known, and cannot be had: why.
    Missing(String),
    Refused(Refusal),
}

impl From<Refusal> for NotServed {
    fn from(refusal: Refusal) -> Self {
        NotServed::Refused(refusal)
    }
}

impl From<Error> for NotServed {
    fn from(error: Error) -> Self {
        match error {
            Error::User(error) if error.code == UserErrorCode::NotFound => {
                NotServed::Missing(error.message)
            }
            error if error.code() == Code::Unavailable => NotServed::Refused(
                Refusal::from(error).header(header::RETRY_AFTER, HeaderValue::from_static("5")),
            ),
            error => NotServed::Refused(error.into()),
        }
    }
}

async fn file(
    server: &Server,
    peer: Peer,
    id: &str,
    headers: &HeaderMap,
    wants_bytes: bool,
) -> Result<Option<Response>, NotServed> {
    server.count_request(peer, headers).await?;
    let viewer = server.viewer(headers, peer.0).await?;
    if !Access::Read.admits(viewer.role) {
        let message = format!("a token with the role {} may not read files", viewer.role.name());
        return Err(Refusal::new(Code::Forbidden, message).into());
    }
    server.charge(&viewer, POINTS).await?;
    let Some(rapport) = server.services.api.rapport() else { return Ok(None) };
    let tenant = rapport.tenant(&viewer.tenant).await?;
    let id = match read_id(id) {
        Some((IdKind::File, of, number)) if of == tenant => FileId(number),
        _ => return Ok(None),
    };
    let Some(file) = rapport.file(tenant, id, &server.services.media_tokens).await? else {
        return Ok(None);
    };
    answer(&rapport, &file, headers, wants_bytes).await
}

async fn answer(
    rapport: &Rapport,
    file: &StoredFile,
    headers: &HeaderMap,
    wants_bytes: bool,
) -> Result<Option<Response>, NotServed> {
    let tag = format!("\"{}\"", &file.hash[..32.min(file.hash.len())]);
    let same = |name: HeaderName| {
        let tags = headers.get(name).and_then(|value| value.to_str().ok());
        tags.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag))
    };
    if same(header::IF_NONE_MATCH) {
        return Ok(Some(described(StatusCode::NOT_MODIFIED, file, &tag, Body::empty())));
    }
    let wanted = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let wanted =
        wanted.filter(|_| !headers.contains_key(header::IF_RANGE) || same(header::IF_RANGE));
    let (status, range) = match part(wanted, file.size) {
        Part::Whole => (StatusCode::OK, 0..file.size),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Beyond => {
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let mut response = described(status, file, &tag, Body::empty());
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", file.size));
            return Ok(Some(response));
        }
    };
    let body = if wants_bytes {
        match rapport.file_bytes(file, range.clone()).await? {
            Some(stream) => Body::from_stream(stream),
            None => return Ok(None),
        }
    } else {
        Body::empty()
    };
    let mut response = described(status, file, &tag, body);
    let Range { start, end } = range;
    set(&mut response, header::CONTENT_LENGTH, &(end - start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        let told = format!("bytes {start}-{}/{}", end - 1, file.size);
        set(&mut response, header::CONTENT_RANGE, &told);
    }
    Ok(Some(response))
}

/// An answer with what is told of the file in any case.
fn described(status: StatusCode, file: &StoredFile, tag: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.extensions_mut().insert(AsItIs);
    let safe = file.content_type.as_deref().filter(|media| SAFE.contains(media));
    for (name, value) in [
        (header::CONTENT_TYPE, safe.unwrap_or("application/octet-stream")),
        (header::CONTENT_DISPOSITION, attachment(file.name.as_deref()).as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CACHE_CONTROL, CACHING),
        (header::VARY, "authorization"),
        (header::ACCEPT_RANGES, "bytes"),
        (header::ETAG, tag),
    ] {
        set(&mut response, name, value);
    }
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
