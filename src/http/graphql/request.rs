//! One HTTP request to `/graphql`, and the answers that it can get.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RequestContext;
use crate::graphql::execute::Answer;
use crate::graphql::operation::OperationKind;
use crate::http::accept::{Accepted, Single};
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::http::viewer::Peer;
use crate::http::{encode, metrics};

/// What is known of a request once its head is read.
pub(super) struct GraphqlRequest<'a> {
    pub server: &'a Arc<Server>,
    pub peer: Peer,
    pub id: &'a RequestId,
    pub parts: &'a Parts,
    pub accepted: Accepted,
    pub start: Instant,
}

impl GraphqlRequest<'_> {
    /// What resolvers are told of it.
    pub fn context(&self, viewer: Viewer) -> RequestContext {
        let base = self.server.public_base(self.parts, self.peer);
        self.server.context(viewer, self.id, base)
    }

    /// The answer to a request that is well formed and whose document does not run.
    pub fn refused(&self, refusal: Refusal) -> Response {
        let legacy = matches!(
            refusal.code,
            Code::GraphqlParseFailed
                | Code::GraphqlValidationFailed
                | Code::DocumentTooComplex
                | Code::DocumentNotTrusted
                | Code::InvalidArgument
        );
        let (media, status) = match (self.accepted.single, self.accepted.stream) {
            (Some(Single::Legacy), _) if legacy => (Single::Legacy, StatusCode::OK),
            (Some(media), _) => (media, refusal.status()),
            (None, _) => (Single::Legacy, refusal.status()),
        };
        self.count("refused", status);
        refusal.graphql(media.media(), status)
    }

    /// The answer to an operation that ran.
    pub fn answered(&self, answer: Answer, kind: OperationKind, media: Single) -> Response {
        let status = encode::status(&answer, media);
        self.count(metrics::name_of(kind), status);
        json(status, media, answer.body)
    }

    /// Counts the answer among the metrics.
    pub fn count(&self, kind: &'static str, status: StatusCode) {
        self.server.metrics.answered(kind, status.as_u16(), self.start.elapsed());
    }
}

/// A body in the media type that the client takes.
pub(super) fn json(status: StatusCode, media: Single, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.media()));
    response
}
