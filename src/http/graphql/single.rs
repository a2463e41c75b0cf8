//! One GraphQL request: a query or mutation answered as JSON, or a stream of results.

use async_graphql::parser::types::OperationType;
use axum::http::StatusCode;
use axum::response::Response;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RequestContext;
use crate::graphql::response_cache::CacheLookup;
use crate::http::accept::{Single, Stream};
use crate::http::encode::Encoded;
use crate::http::graphql::request::{GraphqlRequest, json};
use crate::http::idempotent::Outcome;
use crate::http::parameters::Parameters;
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;
use crate::http::{events, idempotent, metrics, multipart};

/// How a request is answered, which its operation and the Accept header decide together.
enum AnswerAs {
    One(Single),
    Stream(Stream),
}

impl GraphqlRequest<'_> {
    /// `get` tells that the request came by GET, which is for queries and subscriptions only.
    pub async fn single(
        &self,
        parameters: Parameters,
        viewer: Viewer,
        get: bool,
    ) -> Result<Response, Refusal> {
        let prepared = match self.server.admit(parameters, &viewer).await {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(self.refused(refusal)),
        };
        if get && prepared.kind == OperationType::Mutation {
            return Err(Refusal::method("POST", "mutations are sent by POST"));
        }
        match (prepared.kind, self.answer_as(prepared.kind)?) {
            (_, AnswerAs::Stream(stream)) => self.stream(prepared, &viewer, stream),
            (OperationType::Mutation, AnswerAs::One(media)) => {
                self.mutation(prepared, viewer, media).await
            }
            (_, AnswerAs::One(media)) => {
                let context = self.server.context(viewer, self.id);
                Ok(self.query(prepared, context, media).await)
            }
        }
    }

    fn answer_as(&self, kind: OperationType) -> Result<AnswerAs, Refusal> {
        match (kind, self.accepted.single, self.accepted.stream) {
            (OperationType::Subscription, _, Some(stream)) => Ok(AnswerAs::Stream(stream)),
            (OperationType::Subscription, _, None) => Err(Refusal::new(
                Code::NotAcceptable,
                "subscriptions need Accept: text/event-stream or multipart/mixed;subscriptionSpec=1.0, or a WebSocket (graphql-transport-ws)",
            )),
            (OperationType::Mutation, None, Some(_))
                if idempotent::key_of(&self.parts.headers)?.is_some() =>
            {
                Err(Refusal::bad(
                    "a mutation with an Idempotency-Key is answered as JSON: accept application/json",
                ))
            }
            (_, Some(media), _) => Ok(AnswerAs::One(media)),
            (_, None, Some(stream)) => Ok(AnswerAs::Stream(stream)),
            (_, None, None) => Err(Refusal::new(
                Code::NotAcceptable,
                "no media type of the Accept header can be served",
            )),
        }
    }

    fn stream(
        &self,
        mut prepared: Prepared,
        viewer: &Viewer,
        stream: Stream,
    ) -> Result<Response, Refusal> {
        prepared.resume_after(events::last_event_id(&self.parts.headers)?);
        let permit = self.server.stream_permit(match stream {
            Stream::Events => "sse",
            Stream::Multipart => "multipart",
        })?;
        let context = self.server.context(viewer.clone(), self.id);
        let signals = self.server.signals(self.server.events(prepared, context), viewer, permit);
        Ok(match stream {
            Stream::Events => events::answer(signals),
            Stream::Multipart => multipart::answer(signals),
        })
    }

    /// A query; the cache may have the answer to the same query.
    async fn query(
        &self,
        mut prepared: Prepared,
        context: RequestContext,
        media: Single,
    ) -> Response {
        let api = &self.server.services.api;
        let slot = match api.cached(&mut prepared.request, &context).await {
            CacheLookup::Hit(body) => {
                self.count(metrics::name_of(OperationType::Query), StatusCode::OK);
                return json(StatusCode::OK, media, body.as_ref().to_owned());
            }
            CacheLookup::Miss(slot) => Some(slot),
            CacheLookup::Uncacheable => None,
        };
        let response = self.server.execute(prepared, context).await;
        let headers = response.http_headers.clone();
        let encoded = Encoded::of(response);
        if let Some(slot) = slot.filter(|_| encoded.clean) {
            api.keep(slot, &encoded.body);
        }
        self.answered(encoded, headers, OperationType::Query, media)
    }

    async fn mutation(
        &self,
        prepared: Prepared,
        viewer: Viewer,
        media: Single,
    ) -> Result<Response, Refusal> {
        let context = self.server.context(viewer, self.id);
        if let Some(key) = idempotent::key_of(&self.parts.headers)? {
            return self.once(key, prepared, context, media).await;
        }
        let response = self.server.execute(prepared, context).await;
        let headers = response.http_headers.clone();
        Ok(self.answered(Encoded::of(response), headers, OperationType::Mutation, media))
    }

    /// A mutation that runs once under its key.
    async fn once(
        &self,
        key: &str,
        prepared: Prepared,
        context: RequestContext,
        media: Single,
    ) -> Result<Response, Refusal> {
        let request = &prepared.request;
        let variables = serde_json::to_vec(&request.variables).expect("variables are JSON");
        let name = request.operation_name.as_deref().unwrap_or_default();
        let hash = idempotent::hash_of([
            b"graphql".as_slice(),
            request.query.as_bytes(),
            name.as_bytes(),
            &variables,
        ]);
        let (viewer, api) = (context.viewer.clone(), self.server.services.api.clone());
        let run = async move {
            let encoded = Encoded::of(api.execute(prepared.request, context).await);
            Outcome {
                status: encoded.status(Single::Response).as_u16(),
                is_final: encoded.is_final,
                body: encoded.body,
            }
        };
        let answered = self.server.once(&viewer, key, hash, run).await?;
        // Legacy clients get 200 whatever the document was.
        let status = if media == Single::Legacy {
            StatusCode::OK
        } else {
            StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK)
        };
        self.count(metrics::name_of(OperationType::Mutation), status);
        let mut response = json(status, media, answered.body.clone());
        answered.mark(&mut response);
        Ok(response)
    }
}
