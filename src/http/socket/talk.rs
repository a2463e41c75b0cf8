use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::ws::{Message as Frame, WebSocket};
use futures_util::StreamExt;
use futures_util::future::AbortHandle;
use futures_util::stream::{Abortable, BoxStream, SelectAll};
use serde_json::{Map, Value};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::auth::Viewer;
use crate::error::Code;
use crate::http::edge::Server;
use crate::http::encode;
use crate::http::live::{self, Event};
use crate::http::parameters::Parameters;
use crate::http::refusal::Refusal;
use crate::http::socket::Handshake;
use crate::http::socket::bucket::Bucket;
use crate::http::socket::close::{self, Close};
use crate::http::socket::message::{self, Message};

/// Operations that run side by side on one socket.
const MOST_OPERATIONS: usize = 64;

/// What an operation of a socket says; `None` at its end.
type Said = (Arc<str>, Option<Event>);

/// One socket. Everything happens in its one task: while a message is being sent nothing is taken from the operations,
/// so that a slow client holds one message and no queue.
pub struct Talk {
    server: Arc<Server>,
    handshake: Handshake,
    socket: WebSocket,
    viewer: Option<Viewer>,
    /// By name; few, so that a list is smaller and no slower.
    running: Vec<(Arc<str>, AbortHandle)>,
    operations: SelectAll<Abortable<BoxStream<'static, Said>>>,
    bucket: Bucket,
    heard: Instant,
}

impl Talk {
    pub fn new(server: Arc<Server>, handshake: Handshake, socket: WebSocket) -> Box<Self> {
        let now = Instant::now();
        Box::new(Talk {
            server,
            handshake,
            socket,
            viewer: None,
            running: Vec::new(),
            operations: SelectAll::new(),
            bucket: Bucket::new(now),
            heard: now,
        })
    }

    /// Talks until one side ends it. The close is sent before the operations are dropped. Boxed, as is what only the end
    /// needs: a task has room for all of its futures at once, and ten thousand sockets say nothing.
    pub async fn run(mut self: Box<Self>) {
        let Err(close) = self.talk().await else {
            return Box::pin(close::answer(self.socket)).await;
        };
        if close == Close::SLOW {
            self.server.metrics.slow_clients.inc();
        }
        tracing::debug!(id = %self.handshake.id.0, code = close.code, "a socket is closed");
        Box::pin(close.send(self.socket)).await;
    }

    /// `Ok` when the client has gone.
    async fn talk(&mut self) -> Result<(), Close> {
        let pace = self.server.edge.pace;
        let shutdown = self.server.shutdown.clone();
        let mut over: Pin<Box<dyn Future<Output = Close> + Send>> = Box::pin(async move {
            sleep(pace.init).await;
            Close::INIT_TIMEOUT
        });
        let mut begun = false;
        let mut ping: Interval = interval(pace.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        loop {
            if let Some(viewer) = self.viewer.as_ref().filter(|_| !begun) {
                let expired = live::expired(viewer.expires_at);
                over = Box::pin(async move {
                    expired.await;
                    Close::EXPIRED
                });
                begun = true;
            }
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Err(Close::STOPPING),
                close = &mut over => return Err(close),
                _ = ping.tick() => {
                    if self.heard.elapsed() > pace.ping * 5 / 2 {
                        return Ok(());
                    }
                    self.send(Frame::Ping(Default::default())).await?;
                }
                frame = self.socket.recv() => match frame {
                    Some(Ok(frame)) => {
                        // Boxed: what a message needs must not stay with a socket that says nothing.
                        if !Box::pin(self.hear(frame)).await? {
                            return Ok(());
                        }
                    }
                    Some(Err(error)) => return broken(error),
                    None => return Ok(()),
                },
                Some((id, event)) = self.operations.next() => self.say(id, event).await?,
            }
        }
    }

    /// `false` when the client closes.
    async fn hear(&mut self, frame: Frame) -> Result<bool, Close> {
        let now = Instant::now();
        self.heard = now;
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
                self.stop(&id);
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
                    self.server.edge.pace.send,
                    self.server.verify(authorization),
                );
                verified.await.unwrap_or_else(|_| {
                    Err(Refusal::busy("the token could not be checked in time"))
                })
            }
            (Some(_), _) => return Err(Close::forbidden("authorization is not a string")),
            (None, Some(viewer)) => Ok(viewer),
            (None, None) => {
                std::mem::replace(&mut self.handshake.visitor, Err(Refusal::stopping()))
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
        if self.running.iter().any(|(name, _)| **name == id) {
            return Err(Close::exists(&id));
        }
        if self.running.len() >= MOST_OPERATIONS {
            let refusal = Refusal::busy(format!(
                "{MOST_OPERATIONS} operations run on this socket already; complete one first"
            ));
            return self.send_text(message::error(&id, &encode::errors(refusal.into()))).await;
        }
        let id: Arc<str> = id.into();
        let events = self.operation(parameters, viewer);
        let name = id.clone();
        let said = events
            .map(Some)
            .chain(futures_util::stream::once(async { None }))
            .map(move |event| (name.clone(), event))
            .boxed();
        let (said, handle) = futures_util::stream::abortable(said);
        self.running.push((id, handle));
        self.operations.push(said);
        Ok(())
    }

    /// An operation says nothing more. What has ended is not harmed.
    fn stop(&mut self, id: &str) {
        if let Some(at) = self.running.iter().position(|(name, _)| **name == *id) {
            self.running.swap_remove(at).1.abort();
        }
    }

    /// The whole of an operation, its admission included, so that the socket never waits for it.
    fn operation(&self, parameters: Parameters, viewer: Viewer) -> BoxStream<'static, Event> {
        let (server, id) = (self.server.clone(), self.handshake.id.clone());
        let admitted = async move {
            match server.admit(parameters, &viewer).await {
                Ok(prepared) => {
                    let context = server.context(viewer, &id);
                    server.events(prepared, context)
                }
                Err(refusal) => {
                    server.metrics.answered(
                        "refused",
                        refusal.code.status(),
                        std::time::Duration::ZERO,
                    );
                    let errors = encode::errors(refusal.into());
                    futures_util::stream::once(async { Event::Refused(errors) }).boxed()
                }
            }
        };
        // Boxed, so that an operation that runs does not keep the room that its admission took.
        futures_util::stream::once(Box::pin(admitted)).flatten().boxed()
    }

    async fn say(&mut self, id: Arc<str>, event: Option<Event>) -> Result<(), Close> {
        match event {
            Some(Event::Next(frame)) => self.send_text(message::next(&id, &frame.body)).await,
            Some(Event::Refused(errors)) => {
                // An error is the operation's last word: its end is not told again.
                self.stop(&id);
                self.send_text(message::error(&id, &errors)).await
            }
            None => {
                self.stop(&id);
                self.send_text(message::complete(&id)).await
            }
        }
    }

    async fn send_text(&mut self, text: String) -> Result<(), Close> {
        self.send(Frame::Text(text.into())).await
    }

    /// Sends within the time that a slow client has. Stopping does not wait that long.
    async fn send(&mut self, frame: Frame) -> Result<(), Close> {
        let shutdown = self.server.shutdown.clone();
        tokio::select! {
            biased;
            sent = self.socket.send(frame) => sent.or(Ok(())),
            () = sleep(self.server.edge.pace.send) => Err(Close::SLOW),
            () = shutdown.cancelled() => Err(Close::STOPPING),
        }
    }
}

/// A frame that cannot be read: too large is told, the rest is a client that has gone.
fn broken(error: axum::Error) -> Result<(), Close> {
    let text = error.to_string();
    if text.contains("too long") || text.contains("Space limit") || text.contains("too big") {
        return Err(Close::TOO_BIG);
    }
    if text.to_ascii_lowercase().contains("utf-8") {
        return Err(Close::bad("it is not UTF-8"));
    }
    Ok(())
}
