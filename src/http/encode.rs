//! The HTTP status that goes with an answer.

use axum::http::StatusCode;

use crate::error::Code;
use crate::graphql::execute::Answer;
use crate::http::accept::Single;

/// The status of an answer. Legacy clients take anything but 200 for a broken connection and drop the body.
pub fn status(answer: &Answer, media: Single) -> StatusCode {
    let status = match (media, answer.code) {
        (Single::Response, Some(code)) if answer.refused => code.status(),
        (Single::Response, None) if answer.refused => 400,
        // It ran and failed as a whole in a way that caches, balancers and retries should know of.
        (
            Single::Response,
            Some(code @ (Code::Unavailable | Code::Timeout | Code::RateLimited)),
        ) => code.status(),
        _ => 200,
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
