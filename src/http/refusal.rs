//! A request that is not served, and how it is answered over GraphQL and REST.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::{Code, Error};
use crate::graphql::document::RequestError;
use crate::graphql::execute::Answer;
use crate::request_notes;

/// A request that is not served: a code, a message that is safe to show, and headers that go with it.
#[derive(Debug)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Further members of `extensions`.
    pub extensions: serde_json::Map<String, Value>,
    /// What is wrong with the document or its variables, the first of which code and message tell.
    pub errors: Vec<RequestError>,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Refusal {
            code,
            message: message.into(),
            headers: Vec::new(),
            extensions: serde_json::Map::new(),
            errors: Vec::new(),
        }
    }

    /// A request whose document or variables are wrong.
    pub fn of(errors: &[RequestError]) -> Self {
        let mut refusal = match errors.first() {
            Some(first) => Refusal::new(first.code, first.message.clone()),
            None => Refusal::new(Code::GraphqlValidationFailed, "the document is not valid"),
        };
        refusal.errors = errors.to_vec();
        refusal
    }

    pub fn bad(message: impl Into<String>) -> Self {
        Refusal::new(Code::BadRequest, message)
    }

    /// Over capacity: trying again in a few seconds may work.
    pub fn busy(message: impl Into<String>) -> Self {
        Refusal::new(Code::Unavailable, message)
            .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// An address that leads nowhere; answer it by [`Refusal::not_found`].
    pub fn nothing_here() -> Self {
        Refusal::new(Code::BadRequest, "there is nothing at this address")
    }

    pub fn stopping() -> Self {
        Refusal::new(Code::Unavailable, "the server is stopping")
            .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    pub fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Refusal::new(Code::MethodNotAllowed, message)
            .header(header::ALLOW, HeaderValue::from_static(allow))
    }

    /// Who asks has not shown who it is: what the route takes as proof, as `WWW-Authenticate` names it.
    pub fn unauthenticated(challenge: &'static str, message: impl Into<String>) -> Self {
        Refusal::new(Code::Unauthenticated, message)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What is wrong, each as an entry of `errors`.
    fn all(&self) -> Vec<RequestError> {
        if !self.errors.is_empty() {
            return self.errors.clone();
        }
        let mut error = RequestError::new(self.code, self.message.clone());
        error.extensions.clone_from(&self.extensions);
        vec![error]
    }

    /// The answer to a request that did not run.
    pub fn into_answer(self) -> Answer {
        Answer::refused(&self.all())
    }

    /// The JSON list of what is wrong.
    pub fn error_list(&self) -> String {
        Answer::refused(&self.all()).error_list().to_owned()
    }

    /// `{"errors": […]}`.
    pub fn graphql_body(&self) -> String {
        Answer::refused(&self.all()).body
    }

    /// As GraphQL over HTTP, in a media type that the client accepts.
    pub fn graphql(self, media: &'static str, status: StatusCode) -> Response {
        let body = self.graphql_body();
        self.answer(status, media, body)
    }

    /// `{"error": {"code", "message"}}`.
    pub fn rest_body(&self) -> String {
        request_notes::error(self.code.name(), self.code.is_our_fault());
        json!({ "error": { "code": self.code.name(), "message": self.message } }).to_string()
    }

    /// As REST: `{"error": {"code", "message"}}`.
    pub fn rest(self) -> Response {
        let body = self.rest_body();
        let status = self.status();
        self.answer(status, "application/json; charset=utf-8", body)
    }

    /// A path that has nothing: 404, whatever the code.
    pub fn not_found(self) -> Response {
        let mut response = self.rest();
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    }

    fn answer(self, status: StatusCode, media: &'static str, body: String) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        let headers = response.headers_mut();
        headers.extend(self.headers);
        if self.code == Code::Unauthenticated {
            let bearer = HeaderValue::from_static("Bearer");
            headers.entry(header::WWW_AUTHENTICATE).or_insert(bearer);
        }
        response
    }
}

impl From<Error> for Refusal {
    /// The detail of a fault of ours goes to the log here, once.
    fn from(error: Error) -> Self {
        if matches!(error, Error::Store(_) | Error::Internal(_)) {
            tracing::error!(
                code = error.code().name(),
                detail = error.detail(),
                "a request failed"
            );
        }
        let refusal = Refusal::new(error.code(), error.message());
        if error.code() != Code::Unavailable {
            return refusal;
        }
        refusal.header(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.rest()
    }
}
