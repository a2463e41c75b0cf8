//! The one entry to the schema: [`Api`] runs operations, and keeps and shares their answers.

mod plain;
mod subscribe;

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Schema, ServerError};

use crate::domain::identity::identify::{Answer, IdentifyRequest};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::error::{Code, Error};
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::deduplication::shared_run::SharedRuns;
use crate::graphql::field_order::FieldOrder;
use crate::graphql::mutation::Mutation;
use crate::graphql::query::Query;
use crate::graphql::request::RequestContext;
use crate::graphql::response_cache::{CacheLookup, CacheSlot, ResponseCache};
use crate::graphql::subscription::Subscription;

type RapportSchema = Schema<Query, Mutation, Subscription>;

/// Executes requests against the schema.
#[derive(Clone)]
pub struct Api {
    schema: RapportSchema,
    rapport: Rapport,
    cache: Option<Arc<ResponseCache>>,
    runs: Arc<SharedRuns>,
}

/// The schema without a store behind it, for the SDL; `suggestions` name similar fields in errors.
fn schema(suggestions: bool) -> RapportSchema {
    let mut builder = Schema::build(Query::default(), Mutation::default(), Subscription::default());
    if !suggestions {
        builder = builder.disable_suggestions();
    }
    builder.finish()
}

impl Api {
    /// `introspection` decides about suggestions as well: they tell the same.
    pub fn new(rapport: Rapport, introspection: bool) -> Self {
        Api { schema: schema(introspection), rapport, runs: Arc::default(), cache: None }
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

    /// The schema as text: what `schema.graphql` holds.
    pub fn sdl() -> String {
        schema(true).sdl_with_options(async_graphql::SDLExportOptions::new())
    }

    /// Links identifiers, for the route that is not GraphQL.
    pub async fn identify(
        &self,
        mut request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Answer, Error> {
        request.own_values_only = !Access::Read.admits(context.viewer.role);
        self.rapport.identify(&self.scope(&context).await?, &request).await
    }

    /// What the response cache knows of a query's answer before it runs.
    pub async fn cached(&self, request: &mut Request, context: &RequestContext) -> CacheLookup {
        match &self.cache {
            Some(cache) => cache.lookup(&self.rapport, request, context).await,
            None => CacheLookup::Uncacheable,
        }
    }

    /// Keeps the body of an answer without errors in the response cache.
    pub fn keep(&self, slot: CacheSlot, body: &str) {
        if let Some(cache) = &self.cache {
            cache.keep(slot, body);
        }
    }

    /// Runs a query or mutation. A mutation runs to its end, also when the caller goes away: a
    /// transaction that is dropped half-way would leave its connection unusable. Only
    /// [`crate::graphql::json::encoded`] makes JSON of the answer: parts of it are text already.
    pub async fn execute(&self, mut request: Request, context: RequestContext) -> Response {
        let mutates = mutates(&mut request);
        let (order, repeats) = FieldOrder::of(&mut request);
        let request = match self.prepare(request, &context).await {
            Ok(request) => request.data(repeats),
            Err(error) => return refused(&error),
        };
        let schema = self.schema.clone();
        if !mutates {
            return order.apply(schema.execute(request).await);
        }
        match tokio::spawn(async move { schema.execute(request).await }).await {
            Ok(response) => order.apply(response),
            Err(error) => refused(&Error::Internal(error.to_string())),
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

    async fn prepare(&self, request: Request, context: &RequestContext) -> Result<Request, Error> {
        let scope = self.scope(context).await?;
        let resolvers = ResolverContext::new(self.rapport.clone(), scope, context.viewer.clone());
        let request = if context.introspection { request } else { request.disable_introspection() };
        Ok(request.data(resolvers))
    }
}

/// Whether the operation of the request is a mutation; a document that does not parse is not.
fn mutates(request: &mut Request) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return false };
    document.operations.iter().any(|(operation, definition)| {
        let chosen = match (&name, operation) {
            (Some(wanted), Some(operation)) => wanted == operation.as_str(),
            (None, _) => true,
            (Some(_), None) => false,
        };
        chosen && definition.node.ty == OperationType::Mutation
    })
}

/// A request that failed before it could be executed.
fn refused(error: &Error) -> Response {
    if matches!(error.code(), Code::Internal | Code::Unavailable) {
        tracing::error!(code = error.code().name(), detail = error.detail(), "a request failed");
    }
    let mut refusal = ServerError::new(error.message(), None);
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", error.code().name());
    refusal.extensions = Some(extensions);
    Response::from_errors(vec![refusal])
}

#[cfg(test)]
mod tests {
    use crate::graphql::api::Api;
    use crate::graphql::field_order::ABSTRACT;

    #[test]
    fn every_abstract_type_is_known() {
        let sdl = Api::sdl();
        let mut abstract_types: Vec<&str> = sdl
            .lines()
            .filter_map(|line| {
                line.strip_prefix("interface ").or_else(|| line.strip_prefix("union "))
            })
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        abstract_types.sort_unstable();
        assert_eq!(abstract_types, ABSTRACT);
    }
}
