//! The connection to Redis: made, watched and made again by one background task. redis-rs's own pub/sub stream just
//! ends when Redis goes, and does not notice a half-open connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use futures_util::StreamExt;
use parking_lot::RwLock;
use redis::aio::{MultiplexedConnection, PubSubSink, PubSubStream};
use redis::{AsyncConnectionConfig, Client, RedisResult, cmd};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::bus::cause::cause;
use crate::bus::client::client;
use crate::bus::health::BusHealth;
use crate::bus::notice::{Moved, Notice};
use crate::bus::settings::{ROOT, Settings};
use crate::bus::watch::Watchers;

/// How long nobody asks Redis after it failed once.
const REST: Duration = Duration::from_secs(1);
/// Background work waits longer.
const PATIENT: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_secs(2);
const PING_EVERY: Duration = Duration::from_secs(2);
const PING_WITHIN: Duration = Duration::from_secs(1);
/// Between two attempts to connect; the last one leaves room to be back within a second of Redis.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(750),
];
/// Notices that wait for Redis.
const OUTBOX: usize = 1024;
/// Notices in one message.
const BATCH: usize = 64;

fn millis(passed: Duration) -> u64 {
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
}

#[derive(Clone)]
struct State {
    connected: bool,
    since: SystemTime,
    problem: Option<Arc<str>>,
}

/// One server's link to the others.
pub(crate) struct Link {
    client: Client,
    /// The store's id.
    pub store: String,
    quick: Duration,
    /// This server, among those on the channel.
    id: u64,
    commands: RwLock<Option<MultiplexedConnection>>,
    state: watch::Sender<State>,
    connections: AtomicU64,
    overflowed: AtomicU64,
    born: Instant,
    /// Milliseconds after `born` until which nobody asks Redis.
    rests_until: AtomicU64,
    /// A request saw Redis fail: look now, not at the next ping.
    suspicion: Notify,
    outbox: mpsc::Sender<Moved>,
    /// Something that was to be sent may be lost: send "look at everything" when it is possible again.
    lost: AtomicBool,
}

impl Link {
    /// Starts the background task, which ends with `stop`.
    pub fn start(
        url: &str,
        settings: &Settings,
        watchers: Arc<Watchers>,
        stop: CancellationToken,
    ) -> Result<Arc<Link>, String> {
        let client = client(url)?;
        let (outbox, waiting) = mpsc::channel(OUTBOX);
        let link = Arc::new(Link {
            client,
            store: settings.store.clone(),
            quick: settings.redis_wait,
            id: rand::random(),
            commands: RwLock::default(),
            state: watch::Sender::new(State {
                connected: false,
                since: SystemTime::now(),
                problem: None,
            }),
            connections: AtomicU64::new(0),
            overflowed: AtomicU64::new(0),
            born: Instant::now(),
            rests_until: AtomicU64::new(0),
            suspicion: Notify::new(),
            outbox,
            lost: AtomicBool::new(false),
        });
        let task = link.clone();
        tokio::spawn(async move { stop.run_until_cancelled(task.keep(&watchers, waiting)).await });
        Ok(link)
    }

    /// A key of the servers on this store.
    pub fn key(&self, rest: std::fmt::Arguments<'_>) -> String {
        format!("{ROOT}:{}:{rest}", self.store)
    }

    pub fn publish(&self, moved: &Moved) {
        // Full: the task has at least this much to send, and sees `lost` when it has.
        if self.outbox.try_send(moved.clone()).is_err() {
            self.overflowed.fetch_add(1, Ordering::Relaxed);
            self.lost.store(true, Ordering::Release);
        }
    }

    pub fn health(&self) -> BusHealth {
        let State { connected, since, problem } = self.state.borrow().clone();
        BusHealth::Redis {
            connected,
            since,
            connections: self.connections.load(Ordering::Relaxed),
            overflowed: self.overflowed.load(Ordering::Relaxed),
            problem,
        }
    }

    pub async fn connected(&self, wanted: bool, within: Duration) -> bool {
        let mut state = self.state.subscribe();
        timeout(within, state.wait_for(|state| state.connected == wanted)).await.is_ok()
    }

    /// The connection for a request's commands; `None` while Redis is away or rests.
    pub fn ready(&self) -> Option<MultiplexedConnection> {
        if millis(self.born.elapsed()) < self.rests_until.load(Ordering::Relaxed) {
            return None;
        }
        self.connection()
    }

    /// The connection for work that waits longer; `None` while Redis is away.
    pub fn connection(&self) -> Option<MultiplexedConnection> {
        self.commands.read().clone()
    }

    /// The answer, where it comes in time and without an error; else `None`, and Redis rests for a second.
    pub async fn quick<T>(&self, answer: impl Future<Output = RedisResult<T>>) -> Option<T> {
        let reason = match timeout(self.quick, answer).await {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".into(),
        };
        self.rests_until.store(millis(self.born.elapsed() + REST), Ordering::Relaxed);
        self.suspicion.notify_one();
        tracing::debug!(reason, "Redis is left alone for a second");
        None
    }

    /// The answer to work that nobody waits for, or what went wrong.
    pub async fn patient<T>(
        &self,
        answer: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, String> {
        match timeout(PATIENT, answer).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err("no answer within 2 s".into()),
        }
    }

    async fn keep(&self, watchers: &Watchers, mut outbox: mpsc::Receiver<Moved>) {
        let mut failures = 0;
        // Whether a message was under way when the connection went.
        let mut unsent = false;
        loop {
            let problem = match timeout(CONNECT, self.open()).await {
                Ok(Ok((commands, sink, stream))) => {
                    failures = 0;
                    self.arrive(&commands, watchers);
                    let problem = tokio::select! {
                        problem = self.listen(stream, watchers) => problem,
                        problem = self.send(commands.clone(), &mut outbox, &mut unsent) => problem,
                        problem = self.ping(commands, sink) => problem,
                    };
                    *self.commands.write() = None;
                    problem
                }
                Ok(Err(error)) => cause(&error),
                Err(_) => "no answer within 2 s".into(),
            };
            if failures == 0 {
                let address = self.client.get_connection_info().addr();
                tracing::warn!(
                    %address,
                    problem,
                    "Redis is away; this server works on alone and tries again"
                );
            }
            self.state.send_modify(|state| {
                let since = if state.connected { SystemTime::now() } else { state.since };
                *state = State { connected: false, since, problem: Some(problem.into()) };
            });
            sleep(PAUSES[failures.min(PAUSES.len() - 1)]).await;
            failures += 1;
        }
    }

    fn arrive(&self, commands: &MultiplexedConnection, watchers: &Watchers) {
        *self.commands.write() = Some(commands.clone());
        self.rests_until.store(0, Ordering::Relaxed);
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.state.send_replace(State { connected: true, since: SystemTime::now(), problem: None });
        tracing::info!("connected to Redis");
        // Whatever was published while this server did not listen.
        watchers.wake_all();
    }

    async fn open(&self) -> RedisResult<(MultiplexedConnection, PubSubSink, PubSubStream)> {
        // Each use has a limit of its own.
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let mut commands =
            self.client.get_multiplexed_async_connection_with_config(&config).await?;
        // A server that is still loading its data accepts connections and no commands.
        cmd("PING").exec_async(&mut commands).await?;
        let (mut sink, stream) = self.client.get_async_pubsub().await?.split();
        sink.subscribe(self.channel()).await?;
        Ok((commands, sink, stream))
    }

    fn channel(&self) -> String {
        self.key(format_args!("moved"))
    }

    async fn listen(&self, mut stream: PubSubStream, watchers: &Watchers) -> String {
        while let Some(message) = stream.next().await {
            match serde_json::from_slice::<Notice>(message.get_payload_bytes()) {
                Ok(notice) if notice.from == self.id => {}
                Ok(Notice { all: false, moved, .. }) => {
                    for moved in &moved {
                        watchers.wake(moved);
                    }
                }
                // Also what a server of another version sends and this one does not understand.
                _ => watchers.wake_all(),
            }
        }
        "the subscription ended".into()
    }

    async fn send(
        &self,
        mut commands: MultiplexedConnection,
        outbox: &mut mpsc::Receiver<Moved>,
        unsent: &mut bool,
    ) -> String {
        let mut moved = Vec::with_capacity(BATCH);
        loop {
            if !*unsent
                && !self.lost.load(Ordering::Acquire)
                && outbox.recv_many(&mut moved, BATCH).await == 0
            {
                return std::future::pending().await;
            }
            let all = self.lost.swap(false, Ordering::AcqRel) || *unsent;
            let notice = Notice { from: self.id, all, moved: std::mem::take(&mut moved) };
            let body = serde_json::to_vec(&notice).expect("ids and booleans are always JSON");
            let mut publish = cmd("PUBLISH");
            publish.arg(self.channel()).arg(body);
            *unsent = true;
            if let Err(error) = self.patient(publish.query_async::<u64>(&mut commands)).await {
                return error;
            }
            *unsent = false;
        }
    }

    async fn ping(&self, mut commands: MultiplexedConnection, mut sink: PubSubSink) -> String {
        loop {
            let _ = timeout(PING_EVERY, self.suspicion.notified()).await;
            let ping = cmd("PING");
            let both = async {
                tokio::try_join!(ping.exec_async(&mut commands), sink.ping::<redis::Value>())
            };
            match timeout(PING_WITHIN, both).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return error.to_string(),
                Err(_) => return "a ping was not answered within a second".into(),
            }
        }
    }
}
