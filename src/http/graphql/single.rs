//! One GraphQL request: a query or mutation answered as JSON, or a stream of results.

use axum::http::StatusCode;
use axum::response::Response;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RequestContext;
use crate::graphql::operation::OperationKind;
use crate::http::accept::{Single, Stream};
use crate::http::execute::{Event, Signal};
use crate::http::graphql::request::{GraphqlRequest, json};
use crate::http::idempotent::Outcome;
use crate::http::parameters::Parameters;
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;
use crate::http::request_log::RequestLog;
use crate::http::{encode, events, idempotent, metrics, multipart};

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
            Err(refusal) => return Ok(self.refused_to(refusal)),
        };
        if get && prepared.kind() == OperationKind::Mutation {
            return Err(Refusal::method("POST", "mutations are sent by POST"));
        }
        let kind = prepared.kind();
        match (kind, self.answer_as(kind)?) {
            (_, AnswerAs::Stream(stream)) => self.stream(prepared, &viewer, stream),
            (OperationKind::Mutation, AnswerAs::One(media)) => {
                self.mutation(prepared, viewer, media).await
            }
            (_, AnswerAs::One(media)) => {
                let context = self.context(viewer);
                Ok(self.query(prepared, context, media).await)
            }
        }
    }

    /// A document that is not valid is told on the stream to whoever takes nothing else: a browser's `EventSource` shows
    /// its page no body of another status.
    fn refused_to(&self, refusal: Refusal) -> Response {
        let stream = self.accepted.stream.filter(|_| self.accepted.single.is_none());
        let Some(stream) = stream.filter(|_| refusal.code == Code::GraphqlValidationFailed) else {
            return self.refused(refusal);
        };
        self.count("refused", StatusCode::OK);
        let told = Signal::Event(Event::Refused(refusal.error_list()));
        let signals = Box::pin(futures_util::stream::iter([told]));
        match stream {
            Stream::Events => events::answer(signals),
            Stream::Multipart => multipart::answer(signals),
        }
    }

    fn answer_as(&self, kind: OperationKind) -> Result<AnswerAs, Refusal> {
        match (kind, self.accepted.single, self.accepted.stream) {
            (OperationKind::Subscription, _, Some(stream)) => Ok(AnswerAs::Stream(stream)),
            (OperationKind::Subscription, _, None) => Err(Refusal::new(
                Code::NotAcceptable,
                "subscriptions need Accept: text/event-stream or multipart/mixed;subscriptionSpec=1.0, or a WebSocket (graphql-transport-ws)",
            )),
            (OperationKind::Mutation, None, Some(_))
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
        let transport = match stream {
            Stream::Events => "sse",
            Stream::Multipart => "multipart",
        };
        let permit = self.server.stream_permit(transport)?;
        let context = self.context(viewer.clone());
        let log = RequestLog::of_stream(self.id, self.parts.method.clone(), transport);
        let events = self.server.events(prepared, context, log, None);
        let signals = self.server.signals(events, viewer, permit);
        Ok(match stream {
            Stream::Events => events::answer(signals),
            Stream::Multipart => multipart::answer(signals),
        })
    }

    async fn query(&self, prepared: Prepared, context: RequestContext, media: Single) -> Response {
        let answer = self.server.execute(prepared, context).await;
        self.answered(answer, OperationKind::Query, media)
    }

    async fn mutation(
        &self,
        prepared: Prepared,
        viewer: Viewer,
        media: Single,
    ) -> Result<Response, Refusal> {
        let context = self.context(viewer);
        if let Some(key) = idempotent::key_of(&self.parts.headers)? {
            return self.once(key, prepared, context, media).await;
        }
        let answer = self.server.execute(prepared, context).await;
        Ok(self.answered(answer, OperationKind::Mutation, media))
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
        let variables = serde_json::to_vec(&prepared.variables).unwrap_or_default();
        let hash = idempotent::hash_of([
            b"graphql".as_slice(),
            request.document.text.as_bytes(),
            request.operation().name.as_deref().unwrap_or_default().as_bytes(),
            &variables,
        ]);
        let (viewer, api) = (context.viewer.clone(), self.server.services.api.clone());
        let run = async move {
            let answer = api.execute(prepared.request, context, prepared.transported).await;
            Outcome {
                status: encode::status(&answer, Single::Response).as_u16(),
                is_final: answer.is_final,
                body: answer.body,
            }
        };
        let answered = self.server.once(&viewer, key, hash, run).await?;
        // Legacy clients get 200 whatever the document was.
        let status = if media == Single::Legacy {
            StatusCode::OK
        } else {
            StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK)
        };
        self.count(metrics::name_of(OperationKind::Mutation), status);
        let mut response = json(status, media, answered.body.clone());
        answered.mark(&mut response);
        Ok(response)
    }
}
