//! The load: a process of its own, which reads and checks every answer.

pub mod documents;
pub mod http;
mod jobs;
mod sample;
pub use crate::load::sample::sample;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use rapport::auth::{Role, sign};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::generate::{TENANT, open_as_it_is, size};
use crate::load::http::{Connection, Request};
pub use crate::load::jobs::{Job, Target};
use crate::load::jobs::{Maker, first_cursor};
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
    let workers: Vec<_> = (0..options.concurrency)
        .map(|worker| {
            tokio::spawn(work(options.clone(), maker.clone(), worker, start, from, until))
        })
        .collect();
    tokio::time::sleep_until(from.into()).await;
    let before =
        (Usage::of(options.pid)?, store.usage().await?, Usage::of(Some(std::process::id()))?);
    tokio::time::sleep_until(until.into()).await;
    let after =
        (Usage::of(options.pid)?, store.usage().await?, Usage::of(Some(std::process::id()))?);
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.await??);
    }
    ensure!(!took.is_empty(), "no request was answered in time");
    took.sort_unstable();
    let at = |part: f64| f64::from(took[((took.len() - 1) as f64 * part) as usize]);
    let requests = took.len() as f64;
    let per_second = requests / options.seconds;
    Ok(Report {
        requests: took.len() as u64,
        per_second,
        events_per_second: per_second * options.job.events() as f64,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        most: at(1.0),
        server_cpu: (after.0.cpu - before.0.cpu) / requests,
        store_cpu: (after.1.cpu - before.1.cpu) / requests,
        client_cpu: (after.2.cpu - before.2.cpu) / requests,
        server_memory: after.0.memory,
        store_memory: after.1.memory,
    })
}

/// Latencies of what was asked and answered between `from` and `until`; those before warm up.
async fn work(
    options: Load,
    maker: Arc<Maker>,
    worker: usize,
    start: Instant,
    from: Instant,
    until: Instant,
) -> Result<Vec<u32>> {
    let mut connection = Connection::open(&options.address).await?;
    // Another run draws other new addresses.
    let mut rng = Rng::of(options.seed ^ maker.drawn, 7, worker as u64);
    let mut took = Vec::new();
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
        let (status, body) = connection.ask(&asked.request).await?;
        let answered = Instant::now();
        asked
            .check(status, body)
            .with_context(|| format!("{:?} of {:?}", options.job, options.target))?;
        if at >= from && answered <= until {
            took.push(u32::try_from((answered - at).as_micros()).unwrap_or(u32::MAX));
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
        names: [
            "maria",
            "muller",
            "thomas",
            "silva",
            "kowalski",
            "hamalainen",
            "reilly",
            "wojcik",
            "sofia",
            "denmar",
            "korli",
            "vilwin",
            "gonc",
            "yilmaz",
            "santos",
        ]
        .map(String::from)
        .to_vec(),
    };
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
