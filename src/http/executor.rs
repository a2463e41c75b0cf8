//! The GraphQL schema as the [`Executor`] of the transports.

use async_graphql::{Request, Response};
use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::domain::identity::identify::{Answer, IdentifyRequest};
use crate::domain::rapport::Rapport;
use crate::error::Error;
use crate::graphql::response_cache::{CacheLookup, CacheSlot};
use crate::graphql::{Api, Frame, RequestContext};
use crate::http::services::Executor;

#[async_trait]
impl Executor for Api {
    async fn execute(&self, request: Request, context: RequestContext) -> Response {
        Api::execute(self, request, context).await
    }

    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
    ) -> Result<BoxStream<'static, Frame>, Response> {
        Api::subscribe(self, request, context).await
    }

    async fn identify(
        &self,
        request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Answer, Error> {
        Api::identify(self, request, context).await
    }

    fn rapport(&self) -> Option<Rapport> {
        Some(Api::rapport(self).clone())
    }

    async fn cached(&self, request: &mut Request, context: &RequestContext) -> CacheLookup {
        Api::cached(self, request, context).await
    }

    fn keep(&self, slot: CacheSlot, body: &str) {
        Api::keep(self, slot, body);
    }
}
