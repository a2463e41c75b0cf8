//! The schema as async-graphql's own executor and adapters run it: an oracle for tests. Only debug builds answer through
//! it; the types that it is made of are there for the registry.

use async_graphql::{Executor, Pos, Request, Response};
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::graphql::api::{Api, Declared, declared};
use crate::graphql::fault::Fault;
use crate::graphql::request::{RequestContext, Transported};

/// Executes everything for one caller.
#[derive(Clone)]
struct Stock {
    api: Api,
    schema: Declared,
    context: RequestContext,
}

impl Api {
    /// For tests: async-graphql's executor merges, orders and encodes, and nothing is kept or shared.
    pub fn stock(self, context: RequestContext) -> impl Executor {
        Stock { api: self, schema: declared(), context }
    }
}

impl Stock {
    async fn prepare(&self, request: Request) -> Result<Request, Response> {
        match self.api.data(&self.context, Transported::default()).await {
            Ok(data) => Ok(request.data(data)),
            Err(error) => {
                let error = async_graphql::Error::from(Fault::from(error));
                Err(Response::from_errors(vec![error.into_server_error(Pos::default())]))
            }
        }
    }
}

impl Executor for Stock {
    async fn execute(&self, request: Request) -> Response {
        match self.prepare(request).await {
            Ok(request) => self.schema.execute(request).await,
            Err(refused) => refused,
        }
    }

    fn execute_stream(
        &self,
        request: Request,
        _: Option<std::sync::Arc<async_graphql::Data>>,
    ) -> BoxStream<'static, Response> {
        let stock = self.clone();
        let start = async move {
            match stock.prepare(request).await {
                Ok(request) => stock.schema.execute_stream(request).boxed(),
                Err(refused) => stream::iter([refused]).boxed(),
            }
        };
        stream::once(start).flatten().boxed()
    }
}
