//! The load: a process of its own, which reads and checks every answer.

mod answers;
mod asks;
pub mod documents;
pub mod http;
mod jobs;
mod sample;
mod typed;
mod words;
pub use crate::load::sample::sample;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use rapport::auth::{Role, sign};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::generate::{TENANT, open_as_it_is, size};
use crate::load::answers::first_cursor;
use crate::load::asks::Maker;
use crate::load::http::{Connection, Request};
pub use crate::load::jobs::{Job, Target};
use crate::proc::{Store, Usage};
use crate::rng::Rng;

/// The secret that `run` starts rapport with; for this machine only.
pub const SECRET: &str = "a secret of the benchmarks, on loopback only";

#[derive(Clone, Debug, Args)]
pub struct Load {
    /// Where the server listens
    #[arg(long)]
    pub address: String,
    #[arg(long, value_enum)]
    pub target: Target,
    #[arg(long, value_enum)]
    pub job: Job,
    /// The store behind it: what the answers must hold is read from there
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// Process of the server, whose time and memory are told
    #[arg(long)]
    pub pid: Option<u32>,
    #[arg(long, default_value_t = 3.0)]
    pub seconds: f64,
    #[arg(long, default_value_t = 0.5)]
    pub warm_up: f64,
    /// Requests under way
    #[arg(long, default_value_t = 16)]
    pub concurrency: usize,
    /// Requests a second, whatever the answers take; 0: the next one as soon as there is an answer
    #[arg(long, default_value_t = 0.0)]
    pub rate: f64,
    /// How many customers it asks for; without it, what fits the job
    #[arg(long)]
    pub customers: Option<usize>,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What was measured. Times in microseconds, memory in KiB.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    pub requests: u64,
    pub per_second: f64,
    pub events_per_second: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub most: f64,
    /// CPU of one request.
    pub server_cpu: f64,
    pub store_cpu: f64,
    pub client_cpu: f64,
    pub server_memory: u64,
    pub store_memory: u64,
    /// Bytes of the store's log for one request.
    pub wal: f64,
    /// Of all answers, those that found nothing.
    pub found_nothing: f64,
    /// Requests that were due and not even sent, at a fixed rate: their time is at least the one that is told.
    pub unanswered: u64,
}

pub fn token() -> Result<String> {
    sign(SECRET.as_bytes(), "bench", TENANT, Role::Agent, Duration::from_hours(24), None, None)
        .map_err(anyhow::Error::msg)
}

pub async fn run(options: &Load) -> Result<Report> {
    let maker = Arc::new(prepare(options).await?);
    let store = Store::of(&options.database_url).await?;
    let start = Instant::now() + Duration::from_millis(50);
    let from = start + Duration::from_secs_f64(options.warm_up);
    let until = from + Duration::from_secs_f64(options.seconds);
    let times = Times { start, from, until };
    let tally = Arc::new(Tally::default());
    let workers: Vec<_> = (0..options.concurrency)
        .map(|worker| {
            tokio::spawn(work(options.clone(), maker.clone(), tally.clone(), worker, times))
        })
        .collect();
    tokio::time::sleep_until(from.into()).await;
    let before = Costs::now(options, &store).await?;
    tokio::time::sleep_until(until.into()).await;
    let after = Costs::now(options, &store).await?;
    let store_memory = store.memory().await?;
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.await??);
    }
    ensure!(!took.is_empty(), "no request was answered in time");
    took.sort_unstable();
    let at = |part: f64| f64::from(took[((took.len() - 1) as f64 * part) as usize]);
    let unanswered = tally.unanswered.load(Ordering::Relaxed);
    let requests = (took.len() as u64 - unanswered).max(1) as f64;
    let per_second = requests / options.seconds;
    Ok(Report {
        requests: took.len() as u64,
        per_second,
        events_per_second: per_second * options.job.events() as f64,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        most: at(1.0),
        server_cpu: (after.server.cpu - before.server.cpu) / requests,
        store_cpu: (after.store - before.store) / requests,
        client_cpu: (after.client.cpu - before.client.cpu) / requests,
        server_memory: after.server.memory,
        store_memory,
        wal: (after.wal - before.wal) as f64 / requests,
        found_nothing: tally.nothing.load(Ordering::Relaxed) as f64 / requests,
        unanswered,
    })
}

/// What has been used so far.
struct Costs {
    server: Usage,
    store: f64,
    client: Usage,
    wal: i64,
}

impl Costs {
    async fn now(options: &Load, store: &Store) -> Result<Self> {
        Ok(Costs {
            server: Usage::of(options.pid)?,
            store: store.cpu().await?,
            client: Usage::of(Some(std::process::id()))?,
            wal: store.wal().await?,
        })
    }
}

/// From the first request, what is asked from `from` until `until` is measured; before that the server warms up.
#[derive(Clone, Copy)]
struct Times {
    start: Instant,
    from: Instant,
    until: Instant,
}

#[derive(Default)]
struct Tally {
    nothing: AtomicU64,
    unanswered: AtomicU64,
}

/// Latencies of what was asked and answered in the time that is measured.
async fn work(
    options: Load,
    maker: Arc<Maker>,
    tally: Arc<Tally>,
    worker: usize,
    times: Times,
) -> Result<Vec<u32>> {
    let Times { start, from, until } = times;
    let mut connection = Connection::open(&options.address).await?;
    // Searches are the same for each server; for the others, another run draws other new addresses.
    let searches = !options.job.typed().is_empty() || options.job.band().is_some();
    let drawn = if searches { 0 } else { maker.drawn };
    let mut rng = Rng::of(options.seed ^ drawn, 7, worker as u64);
    let mut took = Vec::new();
    let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    let step = (options.rate > 0.0).then(|| options.concurrency as f64 / options.rate);
    tokio::time::sleep_until(start.into()).await;
    for n in 0u64.. {
        let asked = maker.ask(worker, n, &mut rng);
        let mut at = Instant::now();
        if let Some(step) = step {
            // At a fixed rate a request counts from when it was due, so that a slow answer does not hide the next ones.
            let due = start
                + Duration::from_secs_f64(
                    step * (n as f64 + worker as f64 / options.concurrency as f64),
                );
            if due > at {
                tokio::time::sleep_until(due.into()).await;
            }
            at = due;
        }
        if at >= until {
            break;
        }
        if Instant::now() >= until {
            // Due before the end, and still waiting for the one before it.
            if at >= from {
                tally.unanswered.fetch_add(1, Ordering::Relaxed);
                took.push(micros(at.elapsed()));
            }
            continue;
        }
        let (status, body) = connection.ask(&asked.request).await?;
        let answered = Instant::now();
        let found = asked
            .expect
            .check(status, body)
            .with_context(|| format!("{:?} of {:?}", options.job, options.target))?;
        if at >= from && (answered <= until || step.is_some()) {
            tally.nothing.fetch_add(u64::from(!found), Ordering::Relaxed);
            took.push(micros(answered - at));
        }
    }
    Ok(took)
}

async fn prepare(options: &Load) -> Result<Maker> {
    let rapport = open_as_it_is(&options.database_url).await?;
    let tenant = size(&rapport).await?.0;
    let job = options.job;
    let customers = match job.special() {
        Some(email) => vec![sample::special(&rapport, tenant, email).await?],
        None => {
            sample::sample(
                &rapport,
                tenant,
                options.customers.unwrap_or(job.customers()),
                job.full(),
            )
            .await?
        }
    };
    let drawn = rapport.clock.next_id() as u64;
    let mut maker = Maker {
        target: options.target,
        job,
        token: token()?,
        run: format!("{drawn:x}"),
        drawn,
        customers,
        after: None,
        sought: Vec::new(),
        words: Vec::new(),
    };
    if !job.typed().is_empty() {
        maker.sought = sample::sought(&rapport, tenant, options.seed).await?;
    }
    if let Some(band) = job.band() {
        maker.words = words::words(&rapport, tenant, options.seed, band).await?;
    }
    if job == Job::DeepPage {
        maker.after = Some(deep(options, &maker).await?);
    }
    Ok(maker)
}

/// A cursor with a tenth of the history behind it.
async fn deep(options: &Load, maker: &Maker) -> Result<String> {
    let mut connection = Connection::open(&options.address).await?;
    let who = &maker.customers[0];
    let mut before: Option<String> = None;
    for _ in 0..who.total / 1_000 {
        let variables =
            json!({"by": {"identity": {"kind": "EMAIL", "value": who.email}}, "before": before});
        let body = json!({"query": documents::BACKWARDS, "variables": variables}).to_string();
        let (_, body) =
            connection.ask(&Request::post("/graphql", Some(&maker.token), &body)).await?;
        before = Some(first_cursor(body)?);
    }
    before.context("the history is too short")
}
