//! A GraphQL response as JSON text, and the HTTP status that goes with it.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use axum::http::StatusCode;

use crate::error::Code;
use crate::graphql::json;
use crate::http::accept::Single;

/// Errors in the answer to one request; a document can be made to have thousands.
const MOST_ERRORS: usize = 50;

/// A response as text.
pub struct Encoded {
    pub body: String,
    /// The request was wrong and did not run: there is no `data` at all.
    pub refused: bool,
    /// The code of the first error, unless there is data.
    pub code: Option<Code>,
    /// Whether every error would be there again if the request came again.
    pub is_final: bool,
    /// There are no errors.
    pub clean: bool,
}

impl Encoded {
    pub fn of(mut response: Response) -> Self {
        let clean = response.errors.is_empty();
        let is_final = response.errors.iter().filter_map(code_of).all(Code::is_final);
        let refused = is_refused(&response);
        if refused {
            response.errors.iter_mut().for_each(stamp);
        }
        let more = response.errors.len().saturating_sub(MOST_ERRORS);
        response.errors.truncate(MOST_ERRORS);
        if more > 0 {
            response
                .errors
                .push(ServerError::new(format!("{more} further errors are not shown"), None));
        }
        let code = if response.data == Value::Null {
            response.errors.first().and_then(code_of)
        } else {
            None
        };
        let body = if refused {
            json::encoded(&serde_json::json!({ "errors": response.errors }))
        } else {
            json::encoded(&response)
        };
        Encoded { body, refused, code, is_final, clean }
    }

    /// Legacy clients take anything but 200 for a broken connection and drop the body.
    pub fn status(&self, media: Single) -> StatusCode {
        let status = match (media, self.code) {
            (Single::Response, Some(code)) if self.refused => code.status(),
            (Single::Response, None) if self.refused => 400,
            // It ran and failed as a whole in a way that caches, balancers and retries should know of.
            (
                Single::Response,
                Some(code @ (Code::Unavailable | Code::Timeout | Code::RateLimited)),
            ) => code.status(),
            _ => 200,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Whether a response tells that the request did not run. Errors of execution always have a path.
pub fn is_refused(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// The errors of a refused request as a JSON list.
pub fn errors(mut response: Response) -> String {
    response.errors.truncate(MOST_ERRORS);
    response.errors.iter_mut().for_each(stamp);
    json::encoded(&response.errors)
}

fn stamp(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", Code::GraphqlValidationFailed.name());
    }
}

fn code_of(error: &ServerError) -> Option<Code> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(name) => Code::ALL.iter().find(|row| row.name == name).map(|row| row.code),
        _ => None,
    }
}
