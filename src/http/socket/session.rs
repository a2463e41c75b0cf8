//! The session of one socket: receives messages, runs operations, and sends what they answer.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::ws::{Message as Frame, WebSocket};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, poll};
use serde_json::{Map, Value};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::auth::Viewer;
use crate::error::Code;
use crate::http::execute::{self, Event};
use crate::http::parameters::Parameters;
use crate::http::refusal::Refusal;
use crate::http::request_id::RequestId;
use crate::http::request_log::{self, RequestLog};
use crate::http::server::Server;
use crate::http::socket::bucket::TokenBucket;
use crate::http::socket::close::{self, Close};
use crate::http::socket::message::{self, Message};
use crate::http::socket::operations::Operations;
use crate::http::socket::outlet::SocketOutlet;
use crate::http::wire::Wire;

/// What a session knows of its handshake.
pub struct Handshake {
    pub id: RequestId,
    /// The holder of the token in the `Authorization` header, when there was one.
    pub viewer: Option<Viewer>,
    /// Who the client is without any token. Nothing of the request's head is kept: one header of it would hold on to the
    /// eight kilobytes that it was read into.
    pub anonymous: Result<Viewer, Refusal>,
    /// The address under which the client reached this server.
    pub base: Arc<str>,
    /// The sending side of the connection below the socket.
    pub wire: Arc<Wire>,
}

/// One socket. Everything happens in its one task, but for events that are handed to the operations' outlets: while a message is
/// being sent nothing is taken from the operations, so that a slow client holds one message and no queue.
pub struct Session {
    server: Arc<Server>,
    handshake: Handshake,
    socket: WebSocket,
    viewer: Option<Viewer>,
    operations: Operations,
    /// How many messages the client may still send.
    bucket: TokenBucket,
    last_received: Instant,
}

impl Session {
    pub fn new(server: Arc<Server>, handshake: Handshake, socket: WebSocket) -> Box<Self> {
        let now = Instant::now();
        let bucket = TokenBucket::new(now, server.services.config.max_operations_per_socket);
        Box::new(Session {
            server,
            handshake,
            socket,
            viewer: None,
            operations: Operations::default(),
            bucket,
            last_received: now,
        })
    }

    /// Runs until one side ends it. The close is sent before the operations are dropped. Boxed, as is what only the end
    /// needs: a task has room for all of its futures at once, and ten thousand sockets are idle.
    pub async fn run(mut self: Box<Self>) {
        let end = self.serve().await;
        // The close is the last that the client hears.
        self.handshake.wire.close();
        let Err(close) = end else {
            return Box::pin(close::answer(self.socket)).await;
        };
        if close == Close::SLOW {
            self.server.metrics.slow_clients.inc();
        }
        request_log::closed(&self.handshake.id, &close);
        Box::pin(close.send(self.socket)).await;
    }

    /// `Ok` when the client has gone.
    async fn serve(&mut self) -> Result<(), Close> {
        let timeouts = self.server.services.timeouts;
        // Once for all: each begins with a lock that all sockets share.
        let shutdown = self.server.shutdown.clone();
        let mut stopping = pin!(shutdown.cancelled());
        // Until the client has said who it is, then until its token has expired, looked at now and then.
        let mut deadline = Box::pin(sleep(timeouts.init));
        let mut forever = false;
        let mut authenticated = false;
        let mut ping: Interval = interval(timeouts.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        loop {
            if let Some(viewer) = self.viewer.as_ref().filter(|_| !authenticated) {
                authenticated = true;
                forever = viewer.expires_at.is_none();
                deadline.as_mut().reset(tokio::time::Instant::now());
            }
            tokio::select! {
                biased;
                () = &mut stopping => return Err(Close::STOPPING),
                () = &mut deadline, if !forever => {
                    let Some(viewer) = &self.viewer else { return Err(Close::INIT_TIMEOUT) };
                    let left = viewer.expires_at.and_then(execute::until_expired);
                    let left = left.ok_or(Close::EXPIRED)?;
                    deadline.as_mut().reset(tokio::time::Instant::now() + left);
                }
                _ = ping.tick() => {
                    if self.last_received.elapsed() > timeouts.ping * 5 / 2 {
                        return Ok(());
                    }
                    self.send(Frame::Ping(Bytes::default())).await?;
                }
                frame = self.socket.recv() => match frame {
                    Some(Ok(frame)) => {
                        // Boxed: what a message needs must not stay with an idle socket.
                        if !Box::pin(self.receive(frame)).await? {
                            return Ok(());
                        }
                    }
                    Some(Err(error)) => return close::unreadable(&error),
                    None => return Ok(()),
                },
                () = poll_fn(|context| self.handshake.wire.poll_cut(context)) => self.send_rest().await?,
                Some((id, event)) = self.operations.next() => self.send_event(&id, event).await?,
            }
        }
    }

    /// `false` when the client closes.
    async fn receive(&mut self, frame: Frame) -> Result<bool, Close> {
        let now = Instant::now();
        self.last_received = now;
        if !self.bucket.take(now) {
            return Err(Close::FLOOD);
        }
        let text = match frame {
            Frame::Text(text) => text,
            Frame::Binary(_) => return Err(Close::bad("it is not text")),
            // The library answers pings itself.
            Frame::Ping(_) | Frame::Pong(_) => return Ok(true),
            Frame::Close(_) => return Ok(false),
        };
        match Message::of(&text).map_err(Close::bad)? {
            Message::Init(payload) => self.init(&payload).await?,
            Message::Ping(payload) => self.send_text(message::pong(payload)).await?,
            Message::Pong => {}
            Message::Subscribe { id, parameters } => self.subscribe(id, *parameters).await?,
            Message::Complete { id } => {
                self.operations.stop(&id);
            }
        }
        Ok(true)
    }

    async fn init(&mut self, payload: &Map<String, Value>) -> Result<(), Close> {
        if self.viewer.is_some() {
            return Err(Close::TOO_MANY_INITS);
        }
        let given = payload
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .map(|(_, value)| value);
        let viewer = match (given, self.handshake.viewer.take()) {
            (Some(Value::String(authorization)), _) => {
                let verified = tokio::time::timeout(
                    self.server.services.timeouts.send,
                    self.server.verify(authorization),
                );
                verified.await.unwrap_or_else(|_| {
                    Err(Refusal::busy("the token could not be checked in time"))
                })
            }
            (Some(_), _) => return Err(Close::forbidden("authorization is not a string")),
            (None, Some(viewer)) => Ok(viewer),
            (None, None) => {
                std::mem::replace(&mut self.handshake.anonymous, Err(Refusal::stopping()))
            }
        };
        self.viewer = Some(viewer.map_err(|refusal| match refusal.code {
            Code::Unavailable => Close { code: 1013, reason: refusal.message.into() },
            _ => Close::forbidden(&refusal.message),
        })?);
        self.send_text(message::ACK.to_owned()).await
    }

    async fn subscribe(&mut self, id: String, parameters: Parameters) -> Result<(), Close> {
        let Some(viewer) = self.viewer.clone() else { return Err(Close::UNAUTHORIZED) };
        if self.operations.has(&id) {
            return Err(Close::exists(&id));
        }
        let most = usize::from(self.server.services.config.max_operations_per_socket);
        if self.operations.count() >= most {
            let log = RequestLog::of_socket(&self.handshake.id, &viewer);
            let refusal = Refusal::busy(format!(
                "{most} operations run on this socket already (RAPPORT_MAX_OPERATIONS_PER_SOCKET): complete one first"
            ));
            log.refused(&refusal);
            return self.send_text(message::error(&id, &refusal.error_list())).await;
        }
        let id: Arc<str> = id.into();
        let outlet = Arc::new(SocketOutlet::new(self.handshake.wire.clone(), id.clone()));
        let events = self.operation(parameters, viewer, outlet.clone());
        self.operations.start(id, outlet, events);
        Ok(())
    }

    /// The whole of an operation, its admission included, so that the socket never waits for it.
    fn operation(
        &self,
        parameters: Parameters,
        viewer: Viewer,
        outlet: Arc<SocketOutlet>,
    ) -> BoxStream<'static, Event> {
        let (server, id) = (self.server.clone(), self.handshake.id.clone());
        let base = self.handshake.base.clone();
        let log = RequestLog::of_socket(&id, &viewer);
        let admitted = async move {
            match log.scope(server.admit(parameters, &viewer)).await {
                Ok(prepared) => {
                    let context = server.context(viewer, &id, base);
                    server.events(prepared, context, log, Some(outlet))
                }
                Err(refusal) => {
                    log.refused(&refusal);
                    server.metrics.answered("refused", refusal.code.status(), Duration::ZERO);
                    let errors = refusal.error_list();
                    futures_util::stream::once(async { Event::Refused(errors) }).boxed()
                }
            }
        };
        // Boxed, so that an operation that runs does not keep the memory that its admission took.
        futures_util::stream::once(Box::pin(admitted)).flatten().boxed()
    }

    async fn send_event(&mut self, id: &str, event: Option<Event>) -> Result<(), Close> {
        match event {
            Some(Event::Next(frame)) => self.send_text(message::next(id, &frame.body)).await,
            Some(Event::Refused(errors)) => {
                // Nothing follows an error: no `complete`.
                self.operations.stop(id);
                self.send_text(message::error(id, &errors)).await
            }
            None => {
                self.operations.stop(id);
                self.send_text(message::complete(id)).await
            }
        }
    }

    async fn send_text(&mut self, text: String) -> Result<(), Close> {
        self.send(Frame::Text(text.into())).await
    }

    /// Sends within the time that a slow client has. Stopping does not wait that long.
    async fn send(&mut self, frame: Frame) -> Result<(), Close> {
        let sending = pin!(self.socket.send(frame));
        in_time(&self.server, sending).await
    }

    /// Sends what is left of an event that was handed over from elsewhere.
    async fn send_rest(&mut self) -> Result<(), Close> {
        let wire = &self.handshake.wire;
        in_time(&self.server, pin!(poll_fn(|context| wire.poll_rest(context)))).await
    }
}

/// That the client has gone is found when it is read from. By reference: a future that is handed on takes its room twice.
async fn in_time<E>(
    server: &Server,
    mut sending: Pin<&mut impl Future<Output = Result<(), E>>>,
) -> Result<(), Close> {
    if let Poll::Ready(sent) = poll!(&mut sending) {
        return sent.or(Ok(()));
    }
    tokio::select! {
        biased;
        sent = sending => sent.or(Ok(())),
        () = sleep(server.services.timeouts.send) => Err(Close::SLOW),
        () = server.shutdown.cancelled() => Err(Close::STOPPING),
    }
}
