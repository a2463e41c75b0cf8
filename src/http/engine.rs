use async_graphql::{Request, Response};
use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::domain::identify::{Answer, IdentifyRequest};
use crate::error::Error;
use crate::graphql::{Api, Frame, RequestContext};

/// What the transports run: the [`Api`], or in their tests a schema that is made to hang, flood and fail.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Runs a query or mutation to its end.
    async fn execute(&self, request: Request, context: RequestContext) -> Response;

    /// Runs a subscription; `Err` when it does not start.
    async fn subscribe(&self, request: Request, context: RequestContext) -> Result<BoxStream<'static, Frame>, Response>;

    /// Links addresses, for `POST /identify`.
    async fn identify(&self, request: IdentifyRequest, context: RequestContext) -> Result<Answer, Error>;
}

#[async_trait]
impl Engine for Api {
    async fn execute(&self, request: Request, context: RequestContext) -> Response {
        Api::execute(self, request, context).await
    }

    async fn subscribe(&self, request: Request, context: RequestContext) -> Result<BoxStream<'static, Frame>, Response> {
        Api::subscribe(self, request, context).await
    }

    async fn identify(&self, request: IdentifyRequest, context: RequestContext) -> Result<Answer, Error> {
        Api::identify(self, request, context).await
    }
}
