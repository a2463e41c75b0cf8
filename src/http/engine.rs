use async_graphql::{Request, Response};
use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::graphql::{Api, Frame, RequestContext};

/// What the transports run: the [`Api`], or in their tests a schema that is made to hang, flood and fail.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Runs a query or mutation to its end.
    async fn execute(&self, request: Request, context: RequestContext) -> Response;

    /// Runs a subscription; `Err` when it does not start.
    async fn subscribe(&self, request: Request, context: RequestContext) -> Result<BoxStream<'static, Frame>, Response>;
}

#[async_trait]
impl Engine for Api {
    async fn execute(&self, request: Request, context: RequestContext) -> Response {
        Api::execute(self, request, context).await
    }

    async fn subscribe(&self, request: Request, context: RequestContext) -> Result<BoxStream<'static, Frame>, Response> {
        Api::subscribe(self, request, context).await
    }
}
