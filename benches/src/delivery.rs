//! Ten thousand people watch one customer, and one event goes to all of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::generate::sink::connect;
use crate::generate::{open_as_it_is, size};
use crate::load::http::{Connection, Request};
use crate::load::{documents, token};
use crate::proc::Usage;
use crate::run::servers::{self, Server};

const WATCHED: &str = "merged2@bench.example";
/// Before each event.
const QUIET: Duration = Duration::from_millis(200);

#[derive(Clone, Debug, Args)]
pub struct Delivery {
    /// A filled store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    #[arg(long, default_value = "target/release/rapport")]
    pub rapport: PathBuf,
    #[arg(long, default_value_t = 10_000)]
    pub subscribers: usize,
    /// Events that are sent to all of them, one after the other
    #[arg(long, default_value_t = 20)]
    pub events: usize,
    /// Subscriptions that begin at once
    #[arg(long, default_value_t = 64)]
    pub together: usize,
}

/// What the subscribers write down. They share the cores with the server, so that they do no more than that.
struct Board {
    /// When each heard the event, in microseconds since `start`.
    heard: Vec<AtomicU64>,
    start: Instant,
    count: AtomicUsize,
    all: Notify,
}

impl Board {
    fn event(&self, n: usize) {
        self.heard[n].store(self.start.elapsed().as_micros() as u64, Ordering::Relaxed);
        if self.count.fetch_add(1, Ordering::AcqRel) + 1 == self.heard.len() {
            self.all.notify_one();
        }
    }
}

pub async fn run(options: &Delivery) -> Result<()> {
    ensure!(
        size(&open_as_it_is(&options.database_url).await?).await?.1 > 0,
        "the store is not filled: run `generate` first"
    );
    let server = servers::rapport(&options.rapport, &options.database_url, false)?;
    servers::ready(&server, "/readyz").await?;
    let run = format!("{:x}", chrono::Utc::now().timestamp_micros());
    let mut alone = Vec::new();
    // With the same quiet before each as below: a machine that has just slept is slower.
    for n in 0..options.events.max(20) {
        tokio::time::sleep(QUIET).await;
        alone.push(record(&server, &format!("{run}-a{n}")).await?.1);
    }
    let idle = Usage::of(Some(server.pid))?;
    let (caught_up, mut hear) = mpsc::unbounded_channel();
    let board = Arc::new(Board {
        heard: (0..options.subscribers).map(|_| AtomicU64::new(0)).collect(),
        start: Instant::now(),
        count: AtomicUsize::new(0),
        all: Notify::new(),
    });
    let token = token()?;
    let started = Instant::now();
    let mut open = 0;
    while open < options.subscribers {
        let more = options.together.min(options.subscribers - open);
        for n in open..open + more {
            tokio::spawn(subscribe(
                n,
                server.address.clone(),
                token.clone(),
                board.clone(),
                caught_up.clone(),
            ));
        }
        for _ in 0..more {
            tokio::time::timeout(Duration::from_secs(30), hear.recv())
                .await
                .context("a subscription does not begin")?;
        }
        open += more;
    }
    println!("{open} subscriptions began in {:.1} s", started.elapsed().as_secs_f64());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let watching = Usage::of(Some(server.pid))?;
    let each = (watching.memory.saturating_sub(idle.memory)) as f64 / open as f64;
    println!(
        "server memory: {:.1} MiB idle, {:.1} MiB with all of them, {each:.1} KiB each (at most 8 wanted)",
        idle.memory as f64 / 1024.0,
        watching.memory as f64 / 1024.0
    );
    statements(options, &server).await?;
    let (mut delays, mut mutations) = (Vec::new(), Vec::new());
    for n in 0..options.events {
        let before = Usage::of(Some(server.pid))?;
        let (sent, took) = record(&server, &format!("{run}-b{n}")).await?;
        mutations.push(took);
        tokio::time::timeout(Duration::from_secs(30), board.all.notified())
            .await
            .context("an event did not reach everybody")?;
        let once = board.count.swap(0, Ordering::AcqRel) == open
            && board.heard.iter().all(|heard| heard.load(Ordering::Relaxed) > 0);
        ensure!(once, "an event came twice");
        let sent = sent.duration_since(board.start).as_secs_f64() * 1_000.0;
        delays.extend(
            board
                .heard
                .iter()
                .map(|heard| heard.swap(0, Ordering::Relaxed) as f64 / 1_000.0 - sent),
        );
        let after = Usage::of(Some(server.pid))?;
        if n == 0 {
            println!(
                "CPU of one delivery: {:.1} µs of the server",
                (after.cpu - before.cpu) / open as f64
            );
        }
        tokio::time::sleep(QUIET).await;
    }
    delays.sort_by(f64::total_cmp);
    let at = |part: f64| delays[((delays.len() - 1) as f64 * part) as usize];
    println!(
        "one event to all, from its mutation's beginning: p50 {:.0} ms, p99 {:.0} ms, last {:.0} ms (p99 at most 150 wanted)",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    for list in [&mut alone, &mut mutations] {
        list.sort_by(f64::total_cmp);
    }
    let (alone, watched) = (alone[alone.len() / 2], mutations[mutations.len() / 2]);
    println!(
        "the mutation itself: p50 {alone:.2} ms with nobody watching, {watched:.2} ms with {open} ({:.2} times; at most 1.5 wanted)",
        watched / alone
    );
    Ok(())
}

/// When the mutation was sent, and how long its answer took (ms).
async fn record(server: &Server, source_id: &str) -> Result<(Instant, f64)> {
    let input = json!({
        "customer": {"identity": {"kind": "EMAIL", "value": WATCHED}}, "channel": "WHATSAPP", "direction": "INBOUND",
        "source": "bench", "sourceId": source_id, "body": {"message": {"text": "to everybody who watches"}},
    });
    let request = Request::post(
        "/graphql",
        Some(&token()?),
        &json!({"query": documents::RECORD, "variables": {"inputs": [input]}}).to_string(),
    );
    let mut connection = Connection::open(&server.address).await?;
    let start = Instant::now();
    let (status, body) = connection.ask(&request).await?;
    let took = start.elapsed().as_secs_f64() * 1_000.0;
    let body = String::from_utf8_lossy(body);
    ensure!(
        status == 200 && body.contains("\"duplicate\":false") && !body.contains("\"errors\""),
        "not recorded: {body}"
    );
    Ok((start, took))
}

/// One subscription, until the server ends it.
///
/// What begins it is a real client's doing. From then on frames are read as they come, one system call for each: the
/// subscribers share the cores with the server, and a client's own state machine would be measured with it.
async fn subscribe(
    n: usize,
    address: String,
    token: String,
    board: Arc<Board>,
    caught_up: mpsc::UnboundedSender<()>,
) -> Result<()> {
    let stream = TcpStream::connect(&address).await?;
    let mut request = format!("ws://{address}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    let config = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
    let (mut socket, _) =
        tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
    socket
        .send(Message::text(json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}}).to_string()))
        .await?;
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        if text.contains("\"connection_ack\"") {
            let payload = json!({"query": documents::LIVE, "variables": {"customer": {"identity": {"kind": "EMAIL", "value": WATCHED}}}});
            socket
                .send(Message::text(
                    json!({"id": "1", "type": "subscribe", "payload": payload}).to_string(),
                ))
                .await?;
        } else if text.contains("\"CaughtUp\"") {
            let stream = socket.into_inner();
            let _ = caught_up.send(());
            return listen(n, stream, &board)
                .await
                .inspect_err(|error| eprintln!("a subscription ended: {error:#}"));
        } else if text.contains("\"error\"") || text.contains("\"complete\"") {
            eprintln!("a subscription ended: {text}");
            break;
        }
    }
    Ok(())
}

async fn listen(n: usize, stream: TcpStream, board: &Board) -> Result<()> {
    let mut buffer = Vec::with_capacity(1024);
    loop {
        stream.readable().await?;
        match stream.try_read_buf(&mut buffer) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                return Err(error.into());
            }
            _ => {}
        }
        while let Some((text, taken)) = frame(&buffer)? {
            let pong = match text {
                None => Some(PONG_FRAME),
                Some(text) if text.contains("\"HistoryItemAdded\"") => {
                    board.event(n);
                    None
                }
                Some(text) if text.contains("\"ping\"") => Some(PONG_MESSAGE),
                Some(text) => bail!("{text}"),
            };
            if let Some(pong) = pong {
                stream.writable().await?;
                ensure!(stream.try_write(pong)? == pong.len(), "a pong was cut");
            }
            buffer.drain(..taken);
        }
    }
}

/// Answers to pings, under a mask of zeros: of the protocol, and of WebSockets themselves.
const PONG_MESSAGE: &[u8] = b"\x81\x8f\0\0\0\0{\"type\":\"pong\"}";
const PONG_FRAME: &[u8] = b"\x8a\x80\0\0\0\0";

/// The text of the first whole frame, none for a ping, and how long the frame is.
fn frame(bytes: &[u8]) -> Result<Option<(Option<&str>, usize)>> {
    let (length, from) = match bytes {
        [0x89, 0, ..] => return Ok(Some((None, 2))),
        [0x81, 126, high, low, ..] => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        [0x81, 126, ..] | [0x81 | 0x89] | [] => return Ok(None),
        [0x81, length @ ..=125, ..] => (usize::from(*length), 2),
        other => bail!(
            "neither a ping nor a text frame of less than 64 KiB: {:?}",
            &other[..other.len().min(8)]
        ),
    };
    let Some(text) = bytes.get(from..from + length) else { return Ok(None) };
    Ok(Some((Some(std::str::from_utf8(text)?), from + length)))
}

/// What the store hears while nothing happens: transactions, which are statements here.
async fn statements(options: &Delivery, server: &Server) -> Result<()> {
    if options.database_url.starts_with("sqlite:") {
        return Ok(());
    }
    let client = connect(&options.database_url).await?;
    // A backend tells its figures within ten seconds of quiet; our own questions count as well.
    let count = async || -> Result<i64> {
        client.execute("SELECT pg_stat_clear_snapshot()", &[]).await?;
        Ok(client
            .query_one("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()", &[])
            .await?
            .get(0))
    };
    // The replays of the beginning are told by now.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let (before, cpu) = (count().await?, Usage::of(Some(server.pid))?.cpu);
    let seconds = 10.0;
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    let (after, cpu_after) = (count().await?, Usage::of(Some(server.pid))?.cpu);
    let own = 2.0;
    println!(
        "idle: {:.1} transactions a second in the store, {:.1} % of a core in the server",
        ((after - before) as f64 - own).max(0.0) / seconds,
        (cpu_after - cpu) / seconds / 10_000.0
    );
    Ok(())
}
