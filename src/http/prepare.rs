//! Everything before a document runs: finding it, what it may be, cost, and the points that it takes.

use std::sync::Arc;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::operation::{OperationKind, Request};
use crate::graphql::{RequestContext, Transported};
use crate::http::metrics;
use crate::http::parameters::Parameters;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::server::Server;
use crate::request_notes;

/// A request that may run.
pub struct Prepared {
    pub request: Request,
    /// What the transport adds.
    pub transported: Transported,
    /// The variables as they were sent.
    pub variables: serde_json::Map<String, serde_json::Value>,
}

impl Server {
    /// Everything before the run: document, limits, points. What is left of the points goes along.
    pub async fn admit(
        &self,
        parameters: Parameters,
        viewer: &Viewer,
    ) -> Result<Prepared, Refusal> {
        let mut prepared = self.prepare(parameters).await?;
        prepared.transported.rate_limit = self.charge(viewer, prepared.request.points).await?;
        Ok(prepared)
    }

    /// Finds the document and reads it, within all limits; then the request for one of its operations.
    pub async fn prepare(&self, parameters: Parameters) -> Result<Prepared, Refusal> {
        // What is wrong with a document is told under the name that its client has for it.
        request_notes::note(|noted| {
            let name = parameters.operation_name.as_deref().filter(|name| is_name(name));
            noted.operation = name.map(request_notes::shown);
        });
        let found = self.documents.find(&parameters).await?;
        if !found.trusted {
            self.metrics.untrusted.inc();
            let hash = <sha2::Sha256 as sha2::Digest>::digest(found.text.as_bytes());
            tracing::warn!(hash = hex::encode(hash), "a document that is not trusted");
        }
        let documents = self.services.api.documents();
        let document = documents.get(&found.text).map_err(|errors| Refusal::of(&errors))?;
        let name = parameters.operation_name.as_deref();
        let request = documents
            .request(document, name, &parameters.variables)
            .map_err(|errors| Refusal::of(&errors))?;
        request_notes::note(|noted| {
            let operation = request.operation();
            noted.kind = Some(metrics::name_of(operation.kind));
            noted.operation = operation.name.as_deref().map(request_notes::shown);
        });
        if request.operation().facts.introspects && !self.services.introspection {
            return Err(Refusal::new(
                Code::GraphqlValidationFailed,
                "introspection is switched off on this server",
            ));
        }
        if let Some(hash) = found.keep {
            self.documents.keep(hash, found.text.clone()).await;
        }
        let variables = parameters.variables;
        Ok(Prepared { request, transported: Transported::default(), variables })
    }

    pub fn context(&self, viewer: Viewer, id: &RequestId, public_base: Arc<str>) -> RequestContext {
        RequestContext {
            public_base,
            viewer,
            request_id: id.0.clone(),
            introspection: self.services.introspection,
        }
    }
}

/// Whether it could be the name of an operation.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Prepared {
    pub fn kind(&self) -> OperationKind {
        self.request.operation().kind
    }

    /// Goes on behind this cursor, whatever the document's `after` says.
    pub fn resume_after(&mut self, cursor: Option<String>) {
        if cursor.is_some() {
            self.transported.resume_after = cursor;
        }
    }
}
