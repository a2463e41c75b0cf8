use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use async_stream::stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::{Frame, RequestContext};
use crate::http::edge::{Server, Slot};
use crate::http::encode::{self, Encoded};
use crate::http::metrics;
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;

/// What an operation of any kind says, one after the other.
pub enum Event {
    /// One result.
    Next(Frame),
    /// It did not run; nothing follows. The JSON list of its errors.
    Refused(String),
}

/// What is sent on a stream over HTTP.
pub enum Signal {
    Event(Event),
    /// Nothing happened for a while.
    Quiet,
    /// The viewer's token has expired; nothing follows.
    Expired,
    /// The server stops; nothing follows.
    Stopping,
}

impl Server {
    /// Runs a query or mutation within the time that one may take.
    pub async fn execute(&self, prepared: Prepared, context: RequestContext) -> Response {
        let start = Instant::now();
        let kind = metrics::name_of(prepared.kind);
        let limit = Duration::from_secs(self.edge.config.execution_seconds);
        match tokio::time::timeout(limit, self.edge.api.execute(prepared.request, context)).await {
            Ok(response) => response,
            Err(_) => {
                tracing::warn!(
                    kind,
                    seconds = start.elapsed().as_secs(),
                    "an operation took longer than its limit"
                );
                Refusal::new(
                    Code::Timeout,
                    format!("the operation took longer than {} s", limit.as_secs()),
                )
                .into()
            }
        }
    }

    /// The events of one operation, of whichever kind.
    pub fn events(
        self: &Arc<Self>,
        prepared: Prepared,
        context: RequestContext,
    ) -> BoxStream<'static, Event> {
        let server = self.clone();
        // Boxed, so that a subscription does not keep the room of its request for as long as it lives.
        let asked = Box::new((prepared, context));
        Box::pin(stream! {
            let start = Instant::now();
            let operation = asked.0.kind;
            let kind = metrics::name_of(operation);
            if operation != OperationType::Subscription {
                let response = Box::pin(server.run(asked)).await;
                let refused = encode::is_refused(&response);
                server.metrics.answered(kind, if refused { 400 } else { 200 }, start.elapsed());
                yield if refused { Event::Refused(encode::errors(response)) } else { Event::Next(Frame { cursor: None, body: Encoded::of(response).body.into() }) };
                return;
            }
            match server.subscribe(asked).await {
                Err(response) => {
                    server.metrics.answered(kind, 400, start.elapsed());
                    yield Event::Refused(encode::errors(response));
                }
                Ok(mut frames) => {
                    server.metrics.answered(kind, 200, start.elapsed());
                    while let Some(frame) = frames.next().await {
                        yield Event::Next(frame);
                    }
                }
            }
        })
    }

    async fn run(&self, asked: Box<(Prepared, RequestContext)>) -> Response {
        let (prepared, context) = *asked;
        self.execute(prepared, context).await
    }

    fn subscribe(
        &self,
        asked: Box<(Prepared, RequestContext)>,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Frame>, Response>> {
        let (prepared, context) = *asked;
        self.edge.api.subscribe(prepared.request, context)
    }

    /// The same for a response that streams: with signs of life, and an end when the token ends or the server does.
    pub fn signals(
        self: &Arc<Self>,
        mut events: BoxStream<'static, Event>,
        viewer: &Viewer,
        slot: Slot,
    ) -> BoxStream<'static, Signal> {
        let server = self.clone();
        let expiry = expired(viewer.expires_at);
        Box::pin(stream! {
            let _slot = slot;
            let tracked = server.tasks.token();
            let mut quiet = tokio::time::interval(server.edge.pace.ping);
            quiet.reset();
            let mut expiry = std::pin::pin!(expiry);
            loop {
                tokio::select! {
                    biased;
                    () = server.shutdown.cancelled() => {
                        yield Signal::Stopping;
                        break;
                    }
                    () = &mut expiry => {
                        yield Signal::Expired;
                        break;
                    }
                    event = events.next() => match event {
                        Some(event) => {
                            quiet.reset();
                            yield Signal::Event(event);
                        }
                        None => break,
                    },
                    _ = quiet.tick() => yield Signal::Quiet,
                }
            }
            drop(tracked);
        })
    }
}

/// Until a token has expired; for ever if it never does. The clock of the wall may be set, so it
/// is looked at again every few seconds.
pub async fn expired(at: Option<SystemTime>) {
    let Some(at) = at else { return std::future::pending().await };
    while let Ok(left) = at.duration_since(SystemTime::now()) {
        tokio::time::sleep(left.min(Duration::from_secs(10)) + Duration::from_millis(10)).await;
    }
}
