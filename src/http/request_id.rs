//! The id under which the log and the answer speak of a request: `x-request-id`.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Under which name the log speaks of a request; in every answer as `x-request-id`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The client's own, when it is short and plain, else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let plain = |text: &&str| {
            (8..=128).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        match headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(plain) {
            Some(given) => RequestId(given.into()),
            None => RequestId::random(),
        }
    }

    pub fn random() -> Self {
        RequestId(hex::encode(rand::random::<[u8; 12]>()).into())
    }

    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("request ids are plain ASCII")
    }
}
