//! Request bodies: reading them within limits of size and time, and as JSON.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::domain::text::half_characters::json;
use crate::error::Code;
use crate::http::refusal::Refusal;

/// JSON values, commas and brackets in one body: a tree of them takes about a hundred times the memory of `[[],[],…`.
const MOST_VALUES: usize = 250_000;

/// How much of a body that is too large is read and thrown away, and for how long.
const READ_ON: usize = 8 * 1024 * 1024;
const READ_ON_TIME: Duration = Duration::from_millis(500);

/// Reads a body up to `limit` bytes within `time`.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Refusal> {
    let too_large =
        || Refusal::new(Code::PayloadTooLarge, format!("the body is larger than {limit} bytes"));
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        read_on(body).await;
        return Err(too_large());
    }
    match tokio::time::timeout(time, Limited::new(body, limit).collect()).await {
        Err(_) => Err(Refusal::new(Code::RequestTimeout, "the body did not arrive in time")),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::bad("the body broke off")),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// Reads on for a little: a client that still writes when the connection is closed does not hear why.
async fn read_on(mut body: Body) {
    let mut left = READ_ON;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    // Who is slow is closed upon.
    let _ = tokio::time::timeout(READ_ON_TIME, reading).await;
}

/// Whether the body is JSON in UTF-8, as its headers tell. Plain text and forms are refused: browsers send those from
/// any page without asking.
pub fn expect_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(Code::UnsupportedMediaType, message));
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return refuse("the Content-Type is missing: send application/json");
    };
    let mut parts = value.split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
        return refuse("the Content-Type must be application/json");
    }
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset")
            && !value.eq_ignore_ascii_case("utf-8")
            && !value.eq_ignore_ascii_case("utf8")
        {
            return refuse("the charset must be utf-8");
        }
    }
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(()),
        Some(_) => refuse("the body must not be compressed"),
    }
}

/// The body as JSON. Invalid UTF-8, lone surrogates, nesting beyond 127 and numbers out of range are all refused here.
pub fn parse(body: &[u8]) -> Result<serde_json::Value, Refusal> {
    read_json(body, |body| serde_json::from_slice(body))
}

/// The same of a body that holds texts: half a character (a lone surrogate: an emoji that a client cut in two) is read as
/// U+FFFD.
pub fn parse_texts(body: &[u8]) -> Result<serde_json::Value, Refusal> {
    read_json(body, json)
}

fn read_json(
    body: &[u8],
    read: impl Fn(&[u8]) -> serde_json::Result<serde_json::Value>,
) -> Result<serde_json::Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::bad("the body is empty"));
    }
    if std::str::from_utf8(body).is_err() {
        return Err(Refusal::bad("the body is not UTF-8"));
    }
    if values(body) > MOST_VALUES {
        return Err(Refusal::new(
            Code::PayloadTooLarge,
            format!("the body holds more than {MOST_VALUES} JSON values"),
        ));
    }
    read(body).map_err(|error| Refusal::bad(format!("the body is not JSON: {error}")))
}

/// About how many values there are, without reading them.
fn values(body: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}
