//! GraphQL subscriptions over multipart HTTP.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::error::Code;
use crate::http::accept::MULTIPART;
use crate::http::execute::{Event, Signal};
use crate::http::refusal::Refusal;

/// Apollo's subscriptions over multipart HTTP: a part for each result, wrapped in `payload`, and `{}` as heartbeat.
/// Errors of the stream itself stand beside a `payload` of null.
pub fn answer(signals: BoxStream<'static, Signal>) -> Response {
    let parts = signals.map(|signal| match signal {
        Signal::Event(Event::Next(frame)) => part(&format!("{{\"payload\":{}}}", frame.body)),
        Signal::Event(Event::Refused(errors)) => {
            part(&format!("{{\"payload\":null,\"errors\":{errors}}}"))
        }
        Signal::KeepAlive => part("{}"),
        Signal::Expired => fatal(&Refusal::new(Code::Unauthenticated, "the token has expired")),
        Signal::Stopping => fatal(&Refusal::stopping()),
    });
    // Each part ends with the next boundary, so that a client can take it as soon as it is there.
    let body = futures_util::stream::once(async { Bytes::from_static(b"\r\n--graphql") })
        .chain(parts)
        .chain(futures_util::stream::once(async { Bytes::from_static(b"--\r\n") }))
        .map(Ok::<_, Infallible>);
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MULTIPART));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn part(json: &str) -> Bytes {
    Bytes::from(format!("\r\ncontent-type: application/json\r\n\r\n{json}\r\n--graphql"))
}

fn fatal(refusal: &Refusal) -> Bytes {
    part(&format!("{{\"payload\":null,\"errors\":{}}}", refusal.error_list()))
}
