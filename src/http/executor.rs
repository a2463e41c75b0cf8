//! The GraphQL schema as the [`Executor`] of the transports.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::domain::identity::identify::{Answer as Identified, IdentifyRequest};
use crate::domain::rapport::Rapport;
use crate::error::Error;
use crate::graphql::execute::Answer;
use crate::graphql::operation::{Documents, Request};
use crate::graphql::{Api, Frame, Outlet, RequestContext, Transported};
use crate::http::services::Executor;

#[async_trait]
impl Executor for Api {
    fn documents(&self) -> &Documents {
        Api::documents(self)
    }

    async fn execute(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
    ) -> Answer {
        Api::execute(self, request, &context, transported).await
    }

    async fn subscribe(
        &self,
        request: Request,
        context: RequestContext,
        transported: Transported,
        outlet: Option<Arc<dyn Outlet>>,
    ) -> Result<BoxStream<'static, Frame>, Answer> {
        Api::subscribe(self, request, context, transported, outlet).await
    }

    async fn identify(
        &self,
        request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Identified, Error> {
        Api::identify(self, request, context).await
    }

    fn rapport(&self) -> Option<Rapport> {
        Some(Api::rapport(self).clone())
    }
}
