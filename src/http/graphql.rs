use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use axum::Extension;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures_util::future::join_all;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::RequestContext;
use crate::graphql::pages::Asked as Page;
use crate::http::accept::{Accepted, Single, Stream};
use crate::http::edge::Server;
use crate::http::encode::Encoded;
use crate::http::idempotent::Outcome;
use crate::http::parameters::{Parameters, Payload};
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::viewer::Peer;
use crate::http::{body, events, idempotent, metrics, multipart, socket};

/// `/graphql`: one address for all transports.
pub async fn handle(
    State(server): State<Arc<Server>>,
    Extension(peer): Extension<Peer>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let start = Instant::now();
    let (mut parts, body) = request.into_parts();
    let upgrades = parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    if parts.method == Method::GET && upgrades {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &server).await {
            Ok(upgrade) => socket::upgrade(server, peer, id, &parts, upgrade)
                .await
                .unwrap_or_else(Refusal::rest),
            Err(_) => Refusal::bad("the WebSocket handshake is incomplete").rest(),
        };
    }
    let accepted = Accepted::of(&parts.headers);
    let asked = Asked { server: &server, peer, id: &id, parts: &parts, accepted, start };
    let answer = match asked.answer(body).await {
        Ok(response) => response,
        Err(refusal) => {
            server.metrics.answered("refused", refusal.code.status(), start.elapsed());
            let status = refusal.status();
            refusal.graphql(accepted.single.unwrap_or(Single::Legacy).media(), status)
        }
    };
    vary(answer)
}

fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// One HTTP request to `/graphql`.
struct Asked<'a> {
    server: &'a Arc<Server>,
    peer: Peer,
    id: &'a RequestId,
    parts: &'a Parts,
    accepted: Accepted,
    start: Instant,
}

impl Asked<'_> {
    async fn answer(&self, body: Body) -> Result<Response, Refusal> {
        let (server, headers) = (self.server, &self.parts.headers);
        server.arrive(self.peer, headers).await?;
        if self.accepted.nothing() {
            return Err(Refusal::new(
                Code::NotAcceptable,
                "accept application/graphql-response+json, application/json or text/event-stream",
            ));
        }
        let get = match self.parts.method {
            Method::GET => true,
            Method::POST => false,
            _ => {
                return Err(Refusal::method("GET, POST", "send GraphQL by POST, or queries by GET"));
            }
        };
        if !get {
            body::expect_json(headers)?;
        }
        let viewer = server.viewer(headers, self.peer.0).await?;
        if server.draining() {
            return Err(Refusal::stopping());
        }
        let payload = if get {
            Payload::Single(Parameters::of_query_string(
                self.parts.uri.query().unwrap_or_default(),
            )?)
        } else {
            let bytes =
                body::read(headers, body, server.edge.config.max_body_bytes, server.edge.pace.body)
                    .await?;
            Payload::of(body::parse(&bytes)?, server.edge.config.max_batch)?
        };
        match payload {
            Payload::Single(parameters) => self.single(parameters, viewer, get).await,
            Payload::Batch(batch) => self.batch(batch, viewer).await,
        }
    }

    async fn single(
        &self,
        parameters: Parameters,
        viewer: Viewer,
        get: bool,
    ) -> Result<Response, Refusal> {
        let mut prepared = match self.server.admit(parameters, &viewer).await {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(self.refused(refusal)),
        };
        if get && prepared.kind == OperationType::Mutation {
            return Err(Refusal::method("POST", "mutations are sent by POST"));
        }
        let context = self.server.context(viewer.clone(), self.id);
        let stream = match (prepared.kind, self.accepted.single, self.accepted.stream) {
            (OperationType::Subscription, _, Some(stream)) => stream,
            (OperationType::Subscription, _, None) => {
                return Err(Refusal::new(
                    Code::NotAcceptable,
                    "subscriptions need Accept: text/event-stream or multipart/mixed;subscriptionSpec=1.0, or a WebSocket (graphql-transport-ws)",
                ));
            }
            (OperationType::Mutation, None, Some(_))
                if idempotent::key_of(&self.parts.headers)?.is_some() =>
            {
                return Err(Refusal::bad(
                    "a mutation with an Idempotency-Key is answered as JSON: accept application/json",
                ));
            }
            (_, None, Some(stream)) => stream,
            (OperationType::Mutation, Some(media), _) => {
                return match idempotent::key_of(&self.parts.headers)? {
                    Some(key) => self.once(key, prepared, context, media).await,
                    None => Ok(self.encoded(
                        self.server.execute(prepared, context).await,
                        OperationType::Mutation,
                        media,
                    )),
                };
            }
            (OperationType::Query, Some(media), _) => {
                return Ok(self.query(prepared, context, media).await);
            }
            (_, None, None) => {
                return Err(Refusal::new(
                    Code::NotAcceptable,
                    "no media type of the Accept header can be served",
                ));
            }
        };
        prepared.resume_after(events::last_event_id(&self.parts.headers)?);
        let name = match stream {
            Stream::Events => "sse",
            Stream::Multipart => "multipart",
        };
        let slot = self.server.slot(name)?;
        let signals = self.server.signals(self.server.events(prepared, context), &viewer, slot);
        Ok(match stream {
            Stream::Events => events::answer(signals),
            Stream::Multipart => multipart::answer(signals),
        })
    }

    /// A query; the same page asked again may be at hand.
    async fn query(
        &self,
        mut prepared: Prepared,
        context: RequestContext,
        media: Single,
    ) -> Response {
        let api = &self.server.edge.api;
        let ticket = match api.page(&mut prepared.request, &context).await {
            Page::Kept(body) => {
                self.server.metrics.answered(
                    metrics::name_of(OperationType::Query),
                    200,
                    self.start.elapsed(),
                );
                return json(StatusCode::OK, media, body.as_ref().to_owned());
            }
            Page::Keep(ticket) => Some(ticket),
            Page::No => None,
        };
        let response = self.server.execute(prepared, context).await;
        let headers = response.http_headers.clone();
        let encoded = Encoded::of(response);
        if let Some(ticket) = ticket.filter(|_| encoded.clean) {
            api.keep_page(ticket, &encoded.body);
        }
        self.told(encoded, headers, OperationType::Query, media)
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
        let (viewer, api) = (context.viewer.clone(), self.server.edge.api.clone());
        let run = async move {
            let encoded = Encoded::of(api.execute(prepared.request, context).await);
            Outcome {
                status: encoded.status(Single::Response).as_u16(),
                lasts: encoded.lasts,
                body: encoded.body,
            }
        };
        let answered = self.server.once(&viewer, key, hash, run).await?;
        // Legacy clients are told 200 whatever the document was.
        let status = if media == Single::Legacy {
            StatusCode::OK
        } else {
            StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK)
        };
        self.server.metrics.answered(
            metrics::name_of(OperationType::Mutation),
            status.as_u16(),
            self.start.elapsed(),
        );
        let mut response = json(status, media, answered.body.clone());
        answered.mark(&mut response);
        Ok(response)
    }

    /// Mutations of a batch one after the other, queries side by side; answers in the order of the requests.
    async fn batch(&self, batch: Vec<Parameters>, viewer: Viewer) -> Result<Response, Refusal> {
        let media = self.accepted.single.ok_or_else(|| {
            Refusal::new(Code::NotAcceptable, "batches are answered as JSON only")
        })?;
        let mut admitted = Vec::with_capacity(batch.len());
        for parameters in batch {
            admitted.push(match self.server.admit(parameters, &viewer).await {
                Ok(prepared) if prepared.kind == OperationType::Subscription => {
                    Err(Refusal::bad("a batch takes no subscriptions"))
                }
                other => other,
            });
        }
        if admitted.iter().flatten().any(|prepared| prepared.kind == OperationType::Mutation)
            && idempotent::key_of(&self.parts.headers)?.is_some()
        {
            return Err(Refusal::bad(
                "an Idempotency-Key goes with one mutation, not with a batch",
            ));
        }
        let in_turn =
            admitted.iter().flatten().any(|prepared| prepared.kind == OperationType::Mutation);
        let runs = admitted.into_iter().map(|prepared| async {
            match prepared {
                Ok(prepared) => {
                    Encoded::of(
                        self.server
                            .execute(prepared, self.server.context(viewer.clone(), self.id))
                            .await,
                    )
                    .body
                }
                Err(refusal) => refusal.graphql_body(),
            }
        });
        let bodies = if in_turn {
            let mut bodies = Vec::new();
            for run in runs {
                bodies.push(run.await);
            }
            bodies
        } else {
            join_all(runs).await
        };
        self.server.metrics.answered("batch", 200, self.start.elapsed());
        Ok(json(StatusCode::OK, media, format!("[{}]", bodies.join(","))))
    }

    /// A request that is well formed and whose document does not run.
    fn refused(&self, refusal: Refusal) -> Response {
        let legacy = matches!(
            refusal.code,
            Code::GraphqlParseFailed
                | Code::GraphqlValidationFailed
                | Code::DocumentTooComplex
                | Code::DocumentNotTrusted
                | Code::InvalidArgument
        );
        let (media, status) = match (self.accepted.single, self.accepted.stream) {
            (Some(Single::Legacy), _) if legacy => (Single::Legacy, StatusCode::OK),
            (Some(media), _) => (media, refusal.status()),
            (None, _) => (Single::Legacy, refusal.status()),
        };
        self.server.metrics.answered("refused", status.as_u16(), self.start.elapsed());
        refusal.graphql(media.media(), status)
    }

    fn encoded(
        &self,
        response: async_graphql::Response,
        kind: OperationType,
        media: Single,
    ) -> Response {
        let headers = response.http_headers.clone();
        self.told(Encoded::of(response), headers, kind, media)
    }

    fn told(
        &self,
        encoded: Encoded,
        headers: HeaderMap,
        kind: OperationType,
        media: Single,
    ) -> Response {
        let status = encoded.status(media);
        self.server.metrics.answered(metrics::name_of(kind), status.as_u16(), self.start.elapsed());
        let mut response = json(status, media, encoded.body);
        response.headers_mut().extend(headers);
        response
    }
}

fn json(status: StatusCode, media: Single, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.media()));
    response
}
