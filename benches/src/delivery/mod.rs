//! Ten thousand people watch one customer, and one event goes to all of them: rapport, and bare sockets, by turns.

mod listen;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::delivery::listen::{Board, subscribe};
use crate::generate::sink::connect;
use crate::generate::{open_as_it_is, size};
use crate::load::http::{Connection, Request};
use crate::load::{documents, token};
use crate::proc::Usage;
use crate::run::servers::{self, Server};

const WATCHED: &str = "merged2@bench.example";
/// Before each event.
const QUIET: Duration = Duration::from_millis(200);
/// After many came or left.
const CALM: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Args)]
pub struct Delivery {
    /// A filled store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    #[arg(long, default_value = "target/release/rapport")]
    pub rapport: PathBuf,
    #[arg(long, default_value_t = 10_000)]
    pub subscribers: usize,
    /// Turns of rapport and of the floor
    #[arg(long, default_value_t = 2)]
    pub turns: usize,
    /// Events that are sent to all of them in each turn, one after the other
    #[arg(long, default_value_t = 20)]
    pub events: usize,
    /// Subscriptions that begin at once
    #[arg(long, default_value_t = 64)]
    pub together: usize,
}

/// Everybody who watches one server, until this is dropped.
struct Party {
    board: Arc<Board>,
    tasks: JoinSet<Result<()>>,
}

/// Of one server, over all turns: milliseconds, and microseconds of CPU for each who was told.
#[derive(Default)]
struct Figures {
    delays: Vec<f64>,
    took: Vec<f64>,
    cpu: f64,
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
    let (mut ours, mut floors) = (Figures::default(), Figures::default());
    for turn in 0..options.turns {
        let before = Usage::of(Some(server.pid))?;
        let party = Party::begin(options, &server).await?;
        if turn == 0 {
            memory(options, &server, before)?;
            idle(options, &server).await?;
        }
        let send = async |n| record(&server, &format!("{run}-{turn}-{n}")).await;
        party.events(options.events, &server, send, &mut ours).await?;
        let message = party.board.text.get().context("nobody got a message")?.clone();
        drop(party);
        tokio::time::sleep(CALM).await;
        let floor = servers::sockets()?;
        servers::ready(&floor, "/").await?;
        let party = Party::begin(options, &floor).await?;
        let send = async |_| tell(&floor, &message).await;
        party.events(options.events, &floor, send, &mut floors).await?;
        drop(party);
        tokio::time::sleep(CALM).await;
    }
    let (watched, alone) = (middle(&mut ours.took), middle(&mut alone));
    let [p99, floor_p99] = [("rapport", &mut ours), ("bare sockets", &mut floors)]
        .map(|(name, figures)| figures.tell(name, options.turns * options.events));
    println!(
        "p99 of rapport by that of bare sockets: {:.2} (at most 1.4 wanted; p99 at most 150 ms)",
        p99 / floor_p99
    );
    println!(
        "the mutation itself: p50 {alone:.2} ms with nobody watching, {watched:.2} ms with {} ({:.2} times; at most 1.5 wanted)",
        options.subscribers,
        watched / alone
    );
    Ok(())
}

fn middle(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

impl Figures {
    /// The p99.
    fn tell(&mut self, name: &str, events: usize) -> f64 {
        self.delays.sort_by(f64::total_cmp);
        let at = |part: f64| self.delays[((self.delays.len() - 1) as f64 * part) as usize];
        println!(
            "{name}, one event to all, from its being sent: p50 {:.0} ms, p99 {:.0} ms, last {:.0} ms; {:.1} µs of the server each",
            at(0.5),
            at(0.99),
            at(1.0),
            self.cpu / events as f64
        );
        at(0.99)
    }
}

impl Party {
    async fn begin(options: &Delivery, server: &Server) -> Result<Self> {
        let (caught_up, mut hear) = mpsc::unbounded_channel();
        let mut party =
            Party { board: Arc::new(Board::of(options.subscribers)), tasks: JoinSet::new() };
        let token = token()?;
        let started = Instant::now();
        let mut open = 0;
        while open < options.subscribers {
            let more = options.together.min(options.subscribers - open);
            for n in open..open + more {
                let (address, token) = (server.address.clone(), token.clone());
                let (board, caught_up) = (party.board.clone(), caught_up.clone());
                party.tasks.spawn(subscribe(n, address, token, board, caught_up));
            }
            for _ in 0..more {
                tokio::time::timeout(Duration::from_secs(30), hear.recv())
                    .await
                    .context("a subscription does not begin")?;
            }
            open += more;
        }
        println!("{open} subscriptions began in {:.1} s", started.elapsed().as_secs_f64());
        tokio::time::sleep(CALM).await;
        Ok(party)
    }

    async fn events(
        &self,
        events: usize,
        server: &Server,
        send: impl AsyncFn(usize) -> Result<(Instant, f64)>,
        figures: &mut Figures,
    ) -> Result<()> {
        let Board { heard, start, count, all, .. } = &*self.board;
        for n in 0..events {
            tokio::time::sleep(QUIET).await;
            let before = Usage::of(Some(server.pid))?;
            let (sent, took) = send(n).await?;
            figures.took.push(took);
            tokio::time::timeout(Duration::from_secs(30), all.notified())
                .await
                .context("an event did not reach everybody")?;
            let once = count.swap(0, Ordering::AcqRel) == heard.len()
                && heard.iter().all(|heard| heard.load(Ordering::Relaxed) > 0);
            ensure!(once, "an event came twice");
            let sent = sent.duration_since(*start).as_secs_f64() * 1_000.0;
            let delays =
                heard.iter().map(|heard| heard.swap(0, Ordering::Relaxed) as f64 / 1_000.0 - sent);
            figures.delays.extend(delays);
            let after = Usage::of(Some(server.pid))?;
            figures.cpu += (after.cpu - before.cpu) / heard.len() as f64;
        }
        Ok(())
    }
}

fn memory(options: &Delivery, server: &Server, before: Usage) -> Result<()> {
    let watching = Usage::of(Some(server.pid))?;
    let each = (watching.memory.saturating_sub(before.memory)) as f64 / options.subscribers as f64;
    println!(
        "server memory: {:.1} MiB idle, {:.1} MiB with all of them, {each:.1} KiB each (at most 8 wanted)",
        before.memory as f64 / 1024.0,
        watching.memory as f64 / 1024.0
    );
    Ok(())
}

/// The same message to everybody; when it was handed over, and how long that took (ms).
async fn tell(floor: &Server, message: &str) -> Result<(Instant, f64)> {
    let mut connection = Connection::open(&floor.address).await?;
    let start = Instant::now();
    let (status, _) = connection.ask(&Request::post("/", None, message)).await?;
    ensure!(status == 200, "the floor did not tell it: {status}");
    Ok((start, start.elapsed().as_secs_f64() * 1_000.0))
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

/// What the store hears while nothing happens: transactions, which are statements here.
async fn idle(options: &Delivery, server: &Server) -> Result<()> {
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
