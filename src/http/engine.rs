use async_graphql::{Request, Response};
use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::domain::identify::{Answer, IdentifyRequest};
use crate::domain::rapport::Rapport;
use crate::error::Error;
use crate::graphql::pages::{Asked, Ticket};
use crate::graphql::{Api, Frame, RequestContext};

/// What the transports run: the [`Api`], or in their tests a schema that is made to hang, flood and fail.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Runs a query or mutation to its end.
    async fn execute(&self, request: Request, context: RequestContext) -> Response;

    /// Runs a subscription; `Err` when it does not start.
    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
    ) -> Result<BoxStream<'static, Frame>, Response>;

    /// Links addresses, for `POST /identify`.
    async fn identify(
        &self,
        request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Answer, Error>;

    /// The store behind, where answers under an `Idempotency-Key` are kept; a schema without one keeps none.
    fn store(&self) -> Option<Rapport> {
        None
    }

    /// What is known of a query's answer before it runs.
    async fn page(&self, _request: &mut Request, _context: &RequestContext) -> Asked {
        Asked::No
    }

    /// Keeps an answer without errors.
    fn keep_page(&self, _ticket: Ticket, _body: &str) {}
}

#[async_trait]
impl Engine for Api {
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

    fn store(&self) -> Option<Rapport> {
        Some(self.rapport().clone())
    }

    async fn page(&self, request: &mut Request, context: &RequestContext) -> Asked {
        Api::page(self, request, context).await
    }

    fn keep_page(&self, ticket: Ticket, body: &str) {
        Api::keep_page(self, ticket, body);
    }
}
