//! The schema, and the one door to it: [`Api`].

pub mod limits;

use std::sync::Arc;

use async_graphql::{EmptyMutation, Object, Request, Response, Schema, Subscription};
use futures_util::stream::{BoxStream, StreamExt};

use crate::auth::Viewer;

/// Who asks, and under which request id the log speaks of it.
#[derive(Clone, Debug)]
pub struct RequestContext {
    pub viewer: Viewer,
    pub request_id: Arc<str>,
    /// Whether this request may introspect.
    pub introspection: bool,
}

/// Request data: where a stream goes on, told by the transport (`Last-Event-ID`); it overrides the argument `after`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResumeAfter(pub String);

/// One event of a subscription, ready to be sent: the encoded execution result, shared by all who ask the same.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The live cursor of the event, whether or not the document selects it.
    pub cursor: Option<String>,
    /// `{"data": …}` as JSON.
    pub body: Arc<str>,
}

/// Executes requests against the schema.
#[derive(Clone)]
pub struct Api {
    schema: Schema<Query, EmptyMutation, Live>,
}

impl Api {
    pub fn new() -> Self {
        Api { schema: Schema::new(Query, EmptyMutation, Live) }
    }

    /// Runs a query or mutation to its end, also when the caller goes away.
    pub async fn execute(&self, request: Request, context: RequestContext) -> Response {
        self.schema.execute(request.data(context)).await
    }

    /// Runs a subscription. A document or variables that do not fit are the `Err`: there is no stream then.
    pub async fn subscribe(&self, request: Request, context: RequestContext) -> Result<BoxStream<'static, Frame>, Response> {
        let stream = self.schema.execute_stream(request.data(context));
        Ok(stream.map(|response| Frame { cursor: None, body: serde_json::to_string(&response).unwrap_or_default().into() }).boxed())
    }
}

pub struct Query;

#[Object]
impl Query {
    async fn viewer(&self) -> &str {
        "stub"
    }
}

pub struct Live;

#[Subscription]
impl Live {
    async fn feed(&self) -> impl futures_util::Stream<Item = i32> {
        futures_util::stream::iter(0..3)
    }
}
