//! The one entry to the schema: [`Api`] runs operations, and keeps and shares their answers.

mod stock;
mod subscribe;

use std::sync::{Arc, OnceLock};

use async_graphql::Schema as StockSchema;

use crate::domain::identity::identify::{Answer as Identified, IdentifyRequest};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::error::Error;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::deduplication::shared_run::SharedRuns;
use crate::graphql::document::limit::Limits;
use crate::graphql::execute::{Answer, Engine, add_object, refused};
use crate::graphql::fault::Fault;
use crate::graphql::introspection::{self, Introspected};
use crate::graphql::mutation::{Mutation, MutationStock};
use crate::graphql::operation::{Documents, Objects, OperationKind, Request, Schema};
use crate::graphql::query::{Query, QueryStock};
use crate::graphql::request::{FirstRead, RequestContext, RequestData, Transported};
use crate::graphql::response_cache::{CacheLookup, ResponseCache};
use crate::graphql::rows::rows_of;
use crate::graphql::subscription::{Subscription, SubscriptionStock};

/// The schema as async-graphql knows it: where its types are declared.
type Declared = StockSchema<QueryStock, MutationStock, SubscriptionStock>;

fn declared() -> Declared {
    StockSchema::new(QueryStock::default(), MutationStock::default(), SubscriptionStock::default())
}

/// Executes requests against the schema.
#[derive(Clone)]
pub struct Api {
    engine: Arc<Engine>,
    rapport: Rapport,
    cache: Option<Arc<ResponseCache>>,
    runs: Arc<SharedRuns>,
}

impl Api {
    /// `introspection` decides about suggestions in errors as well: they tell the same.
    pub fn new(rapport: Rapport, introspection: bool) -> Self {
        let documents =
            Documents::new(schema(), Limits::default(), Arc::new(rows_of), introspection);
        let engine = Arc::new(Engine::new(documents, Introspected(Query), Mutation, Subscription));
        Api { engine, rapport, runs: Arc::default(), cache: None }
    }

    /// The same, and pages that are asked for again are kept there.
    #[must_use]
    pub fn with_response_cache(self, cache: Arc<ResponseCache>) -> Self {
        Api { cache: Some(cache), ..self }
    }

    /// The domain behind the schema.
    pub fn rapport(&self) -> &Rapport {
        &self.rapport
    }

    /// The documents that it runs.
    pub fn documents(&self) -> &Documents {
        self.engine.documents()
    }

    /// The schema as text: what `schema.graphql` holds.
    pub fn sdl() -> String {
        declared().sdl_with_options(async_graphql::SDLExportOptions::new())
    }

    /// Links identifiers, for the route that is not GraphQL.
    pub async fn identify(
        &self,
        mut request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Identified, Error> {
        request.own_values_only = !Access::Read.admits(context.viewer.role);
        self.rapport.identify(&self.scope(&context).await?, &request).await
    }

    /// Runs a query or mutation; the cache may have the answer to the same query.
    pub async fn execute(
        &self,
        request: Request,
        context: &RequestContext,
        transported: Transported,
    ) -> Answer {
        let mut data = match self.data(context, transported).await {
            Ok(data) => data,
            Err(error) => return refused(&Fault::from(error)),
        };
        let Some(cache) =
            self.cache.as_ref().filter(|_| request.operation().kind == OperationKind::Query)
        else {
            return self.engine.execute(request, data).await;
        };
        match cache.lookup(&self.rapport, self.documents().schema(), &request, context).await {
            CacheLookup::Hit(body) => Answer::kept(&body),
            CacheLookup::Uncacheable => self.engine.execute(request, data).await,
            CacheLookup::Miss(slot) => {
                data.first_read = Some(slot.read.clone());
                let answer = self.engine.execute(request, data).await;
                if answer.clean {
                    cache.keep(slot, &answer.body);
                }
                answer
            }
        }
    }

    async fn scope(&self, context: &RequestContext) -> Result<Scope, Error> {
        let tenant = self.rapport.tenant(&context.viewer.tenant).await?;
        Ok(Scope {
            tenant,
            actor: context.viewer.subject.clone(),
            request_id: context.request_id.clone(),
        })
    }

    async fn data(
        &self,
        context: &RequestContext,
        transported: Transported,
    ) -> Result<RequestData, Error> {
        let scope = self.scope(context).await?;
        let viewer = context.viewer.clone();
        let resolvers = ResolverContext::new(
            self.rapport.clone(),
            scope,
            viewer.clone(),
            context.public_base.clone(),
        );
        let first_read: Option<FirstRead> = None;
        Ok(RequestData {
            resolvers: Some(resolvers),
            viewer: Some(viewer),
            transported,
            first_read,
        })
    }
}

/// The schema, made once: what the SDL says and what the resolvers answer must agree.
fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let sdl: &'static str = Box::leak(Api::sdl().into_boxed_str());
        let mut objects = Objects::default();
        add_object::<Query>(&mut objects);
        add_object::<Mutation>(&mut objects);
        add_object::<Subscription>(&mut objects);
        introspection::add(&mut objects);
        Schema::new(sdl, &objects).unwrap_or_else(|why| panic!("the schema does not hold: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use crate::graphql::api::schema;

    #[test]
    fn the_sdl_and_the_resolvers_agree() {
        assert!(schema().types.by_name("Customer").is_some());
    }
}
