//! The schema as async-graphql's own adapters run it, without what [`Api`] adds: an oracle for
//! tests.

use async_graphql::{Executor, Request, Response, Value};
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::graphql::api::{Api, refused};
use crate::graphql::request::RequestContext;

/// Executes everything for one caller.
#[derive(Clone)]
struct Plain {
    api: Api,
    context: RequestContext,
}

impl Api {
    /// For tests: async-graphql's executor merges, orders and encodes, and nothing is kept or shared. Leaves that
    /// resolvers hand over as JSON text are read back into values.
    pub fn plain(self, context: RequestContext) -> impl Executor {
        Plain { api: self, context }
    }
}

impl Executor for Plain {
    async fn execute(&self, request: Request) -> Response {
        match self.api.prepare(request, &self.context).await {
            Ok(request) => values(self.api.schema.execute(request).await),
            Err(error) => refused(&error),
        }
    }

    fn execute_stream(
        &self,
        request: Request,
        _: Option<std::sync::Arc<async_graphql::Data>>,
    ) -> BoxStream<'static, Response> {
        let plain = self.clone();
        let start = async move {
            match plain.api.prepare(request, &plain.context).await {
                Ok(request) => plain.api.schema.execute_stream(request).map(values).boxed(),
                Err(error) => stream::iter([refused(&error)]).boxed(),
            }
        };
        stream::once(start).flatten().boxed()
    }
}

fn values(mut response: Response) -> Response {
    response.data = value(response.data);
    response
}

fn value(data: Value) -> Value {
    match data {
        Value::Binary(text) => serde_json::from_slice(&text).unwrap_or_default(),
        Value::List(items) => Value::List(items.into_iter().map(value).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, field)| (name, value(field))).collect())
        }
        leaf => leaf,
    }
}
