//! Running an operation: within its time limit, as one response, as a sequence of events, and as the signals that a
//! stream over HTTP carries.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_stream::stream;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::auth::Viewer;
use crate::error::Code;
use crate::graphql::execute::Answer;
use crate::graphql::operation::OperationKind;
use crate::graphql::{Frame, Outlet, RequestContext};
use crate::http::metrics;
use crate::http::prepare::Prepared;
use crate::http::refusal::Refusal;
use crate::http::request_log::RequestLog;
use crate::http::server::{Server, StreamPermit};
use crate::http::socket::SocketOutlet;

/// What an operation of any kind answers, one after the other.
pub enum Event {
    /// One result.
    Next(Frame),
    /// It did not run; nothing follows. The JSON list of its errors.
    Refused(String),
}

/// What is sent on a stream over HTTP.
pub enum Signal {
    Event(Event),
    /// Nothing happened for a while: a sign of life.
    KeepAlive,
    /// The viewer's token has expired; nothing follows.
    Expired,
    /// The server stops; nothing follows.
    Stopping,
}

impl Server {
    /// Runs a query or mutation within the time that one may take.
    pub async fn execute(&self, prepared: Prepared, context: RequestContext) -> Answer {
        let limit = Duration::from_secs(self.services.config.execution_seconds);
        let run = self.services.api.execute(prepared.request, context, prepared.transported);
        if let Ok(response) = tokio::time::timeout(limit, run).await {
            return response;
        }
        let message = format!("the operation took longer than {} s", limit.as_secs());
        Refusal::new(Code::Timeout, message).into_answer()
    }

    /// The events of one operation, of whichever kind; the log is told by them, and by what the outlet takes of them.
    pub fn events(
        self: &Arc<Self>,
        prepared: Prepared,
        context: RequestContext,
        mut log: RequestLog,
        outlet: Option<Arc<SocketOutlet>>,
    ) -> BoxStream<'static, Event> {
        let server = self.clone();
        // Boxed, so that a subscription does not keep the room of its request for as long as it lives.
        let request = Box::new((prepared, context));
        Box::pin(stream! {
            let start = Instant::now();
            let operation = request.0.kind();
            let kind = metrics::name_of(operation);
            if operation != OperationKind::Subscription {
                let answer = Box::pin(log.scope(server.run(request))).await;
                let status = if answer.refused { 400 } else { 200 };
                server.metrics.answered(kind, status, start.elapsed());
                log.answered(status);
                yield if answer.refused {
                    Event::Refused(answer.error_list().to_owned())
                } else {
                    Event::Next(Frame { cursor: None, body: answer.body.into() })
                };
                return;
            }
            log.outlet.clone_from(&outlet);
            match log.scope(server.subscribe(*request, outlet)).await {
                Err(answer) => {
                    server.metrics.answered(kind, 400, start.elapsed());
                    log.answered(400);
                    yield Event::Refused(answer.error_list().to_owned());
                }
                Ok(mut frames) => {
                    server.metrics.answered(kind, 200, start.elapsed());
                    log.subscribed();
                    while let Some(frame) = log.scope(frames.next()).await {
                        log.event();
                        yield Event::Next(frame);
                    }
                }
            }
        })
    }

    async fn run(&self, request: Box<(Prepared, RequestContext)>) -> Answer {
        let (prepared, context) = *request;
        self.execute(prepared, context).await
    }

    fn subscribe(
        &self,
        (prepared, context): (Prepared, RequestContext),
        outlet: Option<Arc<SocketOutlet>>,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Frame>, Answer>> {
        let outlet = outlet.map(|outlet| outlet as Arc<dyn Outlet>);
        self.services.api.subscribe(prepared.request, context, prepared.transported, outlet)
    }

    /// The same for a response that streams: with signs of life, and an end when the token ends or the server does.
    pub fn signals(
        self: &Arc<Self>,
        mut events: BoxStream<'static, Event>,
        viewer: &Viewer,
        permit: StreamPermit,
    ) -> BoxStream<'static, Signal> {
        let server = self.clone();
        let expiry = expired(viewer.expires_at);
        Box::pin(stream! {
            let _permit = permit;
            let tracked = server.tasks.token();
            let mut keep_alive = tokio::time::interval(server.services.timeouts.ping);
            keep_alive.reset();
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
                            keep_alive.reset();
                            yield Signal::Event(event);
                        }
                        None => break,
                    },
                    _ = keep_alive.tick() => yield Signal::KeepAlive,
                }
            }
            drop(tracked);
        })
    }
}

/// Until a token has expired; for ever if it never does.
async fn expired(at: Option<SystemTime>) {
    let Some(at) = at else { return std::future::pending().await };
    while let Some(left) = until_expired(at) {
        tokio::time::sleep(left).await;
    }
}

/// How long a token is good, or until it is to be looked at again: the system clock may be set. Nothing once it has expired.
pub fn until_expired(at: SystemTime) -> Option<Duration> {
    let left = at.duration_since(SystemTime::now()).ok()?;
    Some(left.min(Duration::from_secs(10)) + Duration::from_millis(10))
}
