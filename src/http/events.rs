//! GraphQL over server-sent events (SSE).

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::error::Code;
use crate::graphql::Frame;
use crate::http::accept::EVENTS;
use crate::http::execute::{Event, Signal};
use crate::http::refusal::Refusal;

/// The longest cursor that `Last-Event-ID` may hold, in bytes.
const LONGEST_CURSOR: usize = 1024;

/// GraphQL over server-sent events, distinct connections: one operation, `next` for each result, `complete` at its end.
pub fn answer(signals: BoxStream<'static, Signal>) -> Response {
    // `None` is the end of the operation, which is sent as `complete`. A stopping server breaks off without it, so that
    // clients come back and resume.
    let ended = signals.map(Some).chain(futures_util::stream::once(async { None }));
    let body = ended.scan(false, |over, signal| {
        let text = match signal {
            _ if *over => return std::future::ready(None),
            Some(Signal::Event(Event::Next(frame))) => next(&frame),
            Some(Signal::Event(Event::Refused(errors))) => {
                data(None, &format!("{{\"errors\":{errors}}}"))
            }
            Some(Signal::KeepAlive) => ":\n\n".to_owned(),
            Some(Signal::Expired) => data(
                None,
                &Refusal::new(Code::Unauthenticated, "the token has expired").graphql_body(),
            ),
            Some(Signal::Stopping) => {
                *over = true;
                ": the server is stopping\n\n".to_owned()
            }
            None => "event: complete\ndata:\n\n".to_owned(),
        };
        std::future::ready(Some(Ok::<_, Infallible>(Bytes::from(text))))
    });
    // A first byte at once, so that proxies and browsers see the stream open.
    let opened = futures_util::stream::once(async { Ok(Bytes::from_static(b":\n\n")) }).chain(body);
    let mut response = Response::new(Body::from_stream(opened));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENTS));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Where a client that lost its stream goes on.
pub fn last_event_id(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    match headers.get("last-event-id").map(|value| value.to_str()) {
        None | Some(Ok("")) => Ok(None),
        Some(Ok(cursor)) if cursor.len() <= LONGEST_CURSOR => Ok(Some(cursor.to_owned())),
        Some(_) => Err(Refusal::new(Code::InvalidCursor, "Last-Event-ID is not a cursor")),
    }
}

fn next(frame: &Frame) -> String {
    data(frame.cursor.as_deref(), &frame.body)
}

/// JSON has no raw line breaks, so one `data:` line holds it.
fn data(id: Option<&str>, json: &str) -> String {
    match id {
        // A line break in an id would be a field of its own.
        Some(id) if !id.contains(['\n', '\r', '\0']) => {
            format!("id: {id}\nevent: next\ndata: {json}\n\n")
        }
        _ => format!("event: next\ndata: {json}\n\n"),
    }
}
