//! The schema, and the one door to it: [`Api`].

mod at_hand;
pub mod connection;
pub mod enums;
pub mod env;
pub mod fault;
mod identity_mutation;
mod identity_query;
pub mod limits;
pub mod loaders;
pub mod model;
mod mutation;
pub mod opaque;
mod order;
pub mod pages;
mod query;
mod resume;
pub mod scalars;
mod shared;
mod subscription;
pub mod text;

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{MergedObject, Request, Response, Schema, ServerError, SimpleObject};
use futures_util::stream::{BoxStream, StreamExt};

use crate::auth::Viewer;
use crate::domain::identify::{Answer, IdentifyRequest};
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::error::{Code, Error};
use crate::graphql::env::Env;
use crate::graphql::identity_mutation::IdentityMutation;
use crate::graphql::identity_query::IdentityQuery;
use crate::graphql::mutation::CoreMutation;
use crate::graphql::opaque::Cursors;
use crate::graphql::order::Order;
use crate::graphql::pages::Pages;
use crate::graphql::query::CoreQuery;
use crate::graphql::resume::LastSaid;
use crate::graphql::shared::{Place, Runs, Template, Told};
use crate::graphql::subscription::Live;
use crate::graphql::text::encoded;
use crate::ids::TenantId;

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
    pub cursor: Option<Arc<str>>,
    /// `{"data": …}` as JSON.
    pub body: Arc<str>,
}

/// Request data: what the request cost the token, told by the transport where there is a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, SimpleObject)]
pub struct RateLimit {
    /// Points that this request cost at most; a point is about one row.
    pub cost: u32,
    /// Points that are left.
    pub remaining: u32,
    /// Points that come back each second.
    pub per_second: u32,
    /// The most points that there can be.
    pub burst: u32,
}

/// What can be read.
#[derive(Default, MergedObject)]
pub struct Query(CoreQuery, IdentityQuery);

/// What can be written.
#[derive(Default, MergedObject)]
pub struct Mutation(CoreMutation, IdentityMutation);

type RapportSchema = Schema<Query, Mutation, Live>;

/// Executes requests against the schema.
#[derive(Clone)]
pub struct Api {
    schema: RapportSchema,
    rapport: Rapport,
    pages: Option<Arc<Pages>>,
    runs: Arc<Runs>,
}

/// The schema without a store behind it, for the SDL; `suggestions` name similar fields in errors.
fn schema(suggestions: bool) -> RapportSchema {
    let mut builder = Schema::build(Query::default(), Mutation::default(), Live);
    if !suggestions {
        builder = builder.disable_suggestions();
    }
    builder.finish()
}

impl Api {
    /// `introspection` decides about suggestions as well: they tell the same.
    pub fn new(rapport: Rapport, introspection: bool) -> Self {
        Api { schema: schema(introspection), rapport, runs: Arc::default(), pages: None }
    }

    /// The same, and pages that are asked for again are kept there.
    #[must_use]
    pub fn with_pages(self, pages: Arc<Pages>) -> Self {
        Api { pages: Some(pages), ..self }
    }

    /// The domain behind the schema.
    pub fn rapport(&self) -> &Rapport {
        &self.rapport
    }

    /// The schema as text: what `schema.graphql` holds.
    pub fn sdl() -> String {
        schema(true).sdl_with_options(async_graphql::SDLExportOptions::new())
    }

    async fn scope(&self, context: &RequestContext) -> Result<Scope, Error> {
        let tenant = self.rapport.tenant(&context.viewer.tenant).await?;
        Ok(Scope {
            tenant,
            actor: context.viewer.subject.clone(),
            request_id: context.request_id.clone(),
        })
    }

    /// Links addresses, for the route that is not GraphQL.
    pub async fn identify(
        &self,
        request: IdentifyRequest,
        context: RequestContext,
    ) -> Result<Answer, Error> {
        self.rapport.identify(&self.scope(&context).await?, &request).await
    }

    async fn prepare(&self, request: Request, context: &RequestContext) -> Result<Request, Error> {
        let scope = self.scope(context).await?;
        let env = Env::new(self.rapport.clone(), scope, context.viewer.clone());
        let request = if context.introspection { request } else { request.disable_introspection() };
        Ok(request.data(env))
    }

    /// Runs a query or mutation. A mutation runs to its end, also when the caller goes away: a transaction that is
    /// dropped half-way would leave its connection unusable. Only [`text::encoded`] makes JSON of the answer: parts of it are
    /// text already.
    pub async fn execute(&self, mut request: Request, context: RequestContext) -> Response {
        let mutates = writes(&mut request);
        let (order, repeats) = Order::of(&mut request);
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

    /// Runs a subscription. A document or variables that do not fit are the `Err`: there is no stream then.
    pub async fn subscribe(
        &self,
        mut request: Request,
        context: RequestContext,
    ) -> Result<BoxStream<'static, Frame>, Response> {
        let template = Template::of(&mut request, &context);
        let (tenant, stream) = self.start(request, &context).await?;
        Ok(match template {
            Some(template) => self.share(tenant, template, stream),
            None => stream.map(|told| told.frame).boxed(),
        })
    }

    /// One execution of a subscription, for one subscriber.
    async fn start(
        &self,
        mut request: Request,
        context: &RequestContext,
    ) -> Result<(TenantId, BoxStream<'static, Told>), Response> {
        let tenant =
            self.rapport.tenant(&context.viewer.tenant).await.map_err(|error| refused(&error))?;
        let (order, repeats) = Order::of(&mut request);
        let request =
            self.prepare(request, context).await.map_err(|error| refused(&error))?.data(repeats);
        let (started, starts) = Started::new();
        let last = LastSaid::default();
        let mut stream =
            self.schema.execute_stream(request.data(started).data(last.clone())).boxed();
        let api = self.clone();
        let told = move |response| frame(&api, &last, &order.apply(response));
        // A resolver that has its events says so; what is wrong with the request comes before that, and alone.
        let stream = tokio::select! {
            biased;
            first = stream.next() => match first {
                Some(response) if response.data == async_graphql::Value::Null && !response.errors.is_empty() => return Err(response),
                Some(first) => futures_util::stream::iter([told(first)]).chain(stream.map(told)).boxed(),
                None => futures_util::stream::empty().boxed(),
            },
            Ok(()) = starts => stream.map(told).boxed(),
        };
        Ok((tenant, stream))
    }
}

/// Request data of a subscription: its resolver tells that events will come, however long the first one takes.
struct Started(parking_lot::Mutex<Option<tokio::sync::oneshot::Sender<()>>>);

impl Started {
    fn new() -> (Started, tokio::sync::oneshot::Receiver<()>) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        (Started(parking_lot::Mutex::new(Some(sender))), receiver)
    }

    fn tell(ctx: &async_graphql::Context<'_>) {
        if let Some(sender) = ctx.data_opt::<Started>().and_then(|started| started.0.lock().take())
        {
            // Whoever waited may have gone.
            let _ = sender.send(());
        }
    }
}

fn frame(api: &Api, last: &LastSaid, response: &Response) -> Told {
    let body = encoded(response).into();
    let Some(said) = last.take() else {
        return Told { frame: Frame { cursor: None, body }, place: None, caught_up: false };
    };
    let cursors = Cursors { seal: &api.rapport.seal, tenant: said.tenant };
    let customer = cursors.read_live(&said.cursor).ok().map(Place::Customer);
    let place = customer.or_else(|| cursors.read_feed(&said.cursor).ok().map(Place::Feed));
    Told {
        frame: Frame { cursor: Some(said.cursor.into()), body },
        place,
        caught_up: said.caught_up,
    }
}

/// Whether the operation of the request is a mutation; a document that does not parse is not.
fn writes(request: &mut Request) -> bool {
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
    let mut told = ServerError::new(error.message(), None);
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    extensions.set("code", error.code().name());
    told.extensions = Some(extensions);
    Response::from_errors(vec![told])
}
