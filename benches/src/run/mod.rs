//! The one command: floors and rapport alternate over one store, and their ratios are told.

mod disk;
mod line;
mod lines;
mod merge;
pub mod servers;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::process::Command;

use crate::floor::lean;
use crate::generate::{Generate, generate, open, size};
use crate::load::{Job, Report, Target, token};
use crate::run::line::{Line, Turns, Wanted};
use crate::run::servers::Server;
use crate::run::table::Table;

/// The first merges of a server plan their statements, which takes longer than to run them.
const LEAST_MERGES: usize = 7;

#[derive(Clone, Debug, Args)]
pub struct Run {
    /// The store: filled if it is empty. PostgreSQL is compared with the floors; SQLite has none
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// How many customers an empty store is filled with
    #[arg(long, default_value_t = 10_000)]
    pub customers: usize,
    /// rapport's binary
    #[arg(long, default_value = "target/release/rapport")]
    pub rapport: PathBuf,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 3.0)]
    pub seconds: f64,
    /// How often floors and rapport take turns
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    #[arg(long, default_value_t = 16)]
    pub concurrency: usize,
    /// Only lines whose name contains this
    #[arg(long)]
    pub only: Option<String>,
    /// Where the table goes
    #[arg(long, default_value = "benches/results")]
    pub results: PathBuf,
}

struct Bench<'a> {
    options: &'a Run,
    rapport: Server,
    /// On rapport's tables, and on lean ones.
    floors: Option<[Server; 2]>,
    table: Table,
}

pub async fn run(options: &Run) -> Result<()> {
    let url = &options.database_url;
    let rapport = open(url).await?;
    if size(&rapport).await?.1 == 0 {
        let (database_url, customers) = (url.clone(), options.customers);
        generate(&Generate { database_url, customers, seed: 1 }).await?;
    }
    let customers = size(&rapport).await?.1;
    drop(rapport);
    lean::schema::ensure(url).await?;
    let sqlite = url.starts_with("sqlite:");
    let server = servers::rapport(&options.rapport, url, false)?;
    servers::ready(&server, "/readyz").await?;
    let floors =
        if sqlite { None } else { Some([servers::floor(url, false)?, servers::floor(url, true)?]) };
    for floor in floors.iter().flatten() {
        servers::ready(floor, "/list").await?;
    }
    let table = Table::new(if sqlite { "sqlite" } else { "postgres" }, customers, options);
    let mut bench = Bench { options, rapport: server, floors, table };
    bench.all(sqlite).await?;
    bench.table.write()
}

/// What a process of its own asks a server.
pub struct Asked {
    pub target: Target,
    pub job: Job,
    pub concurrency: usize,
    pub rate: f64,
    pub seconds: f64,
    /// Searches are drawn from it.
    pub seed: u64,
}

/// One measurement, by a process of its own.
pub async fn measure(server: &Server, database_url: &str, asked: &Asked) -> Result<Report> {
    let name = |value: &dyn std::fmt::Debug| {
        format!("{value:?}").chars().fold(String::new(), |out, c| {
            if c.is_uppercase() && !out.is_empty() {
                out + "-" + &c.to_lowercase().to_string()
            } else {
                out + &c.to_lowercase().to_string()
            }
        })
    };
    let (target, job) = (name(&asked.target), name(&asked.job));
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["load", "--address", &server.address, "--target", &target, "--job", &job]);
    command.args(["--database-url", database_url, "--pid", &server.pid.to_string()]);
    command.args(["--seconds", &asked.seconds.to_string()]);
    command.args(["--concurrency", &asked.concurrency.to_string()]);
    command.args(["--rate", &asked.rate.to_string(), "--seed", &asked.seed.to_string()]);
    let output = command.output().await?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let why = text.split("\n\nStack").next().unwrap_or_default();
        bail!(
            "the load failed: {job} of {target}: {}",
            why.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    serde_json::from_slice(&output.stdout).context("the load told no report")
}

impl Bench<'_> {
    fn wanted(&self, name: &str) -> bool {
        self.options
            .only
            .as_ref()
            .is_none_or(|only| name.to_lowercase().contains(&only.to_lowercase()))
    }

    /// What reads comes before what writes, so that it meets the store as it was filled.
    async fn all(&mut self, sqlite: bool) -> Result<()> {
        for (name, job, wanted) in lines::READS {
            self.compare(name, *job, *wanted).await?;
        }
        let many = self.options.concurrency;
        self.alone("CustomerPage", Job::CustomerPage, many, 0.0).await?;
        self.alone("PlainPage, one connection", Job::Page, 1, 0.0).await?;
        if !sqlite {
            for (name, job, rate) in lines::SEARCHES {
                self.alone(name, *job, many, *rate).await?;
            }
            self.alone("identify in one of 1,000 contacts", Job::IdentifyWide, 1, 0.0).await?;
        }
        self.flat("100,000 items against 50, p50", Job::FiftyPage, Job::HotPage, 1.3).await?;
        self.flat("90 % deep against the first page, p50", Job::HotPage, Job::DeepPage, 1.2)
            .await?;
        self.flat("32 homes against one, p50", Job::FiftyPage, Job::MergedPage, 0.0).await?;
        self.again().await?;
        for (name, job, wanted) in lines::WRITES {
            self.compare(name, *job, *wanted).await?;
        }
        if sqlite { self.ingest().await } else { self.merges().await }
    }

    async fn measure(
        &self,
        server: &Server,
        target: Target,
        job: Job,
        (concurrency, rate): (usize, f64),
        round: usize,
    ) -> Result<Report> {
        let (seconds, seed) = (self.options.seconds, round as u64 + 1);
        let asked = Asked { target, job, concurrency, rate, seconds, seed };
        measure(server, &self.options.database_url, &asked).await
    }

    async fn ours(&self, job: Job, how: (usize, f64), round: usize) -> Result<Report> {
        self.measure(&self.rapport, Target::Rapport, job, how, round).await
    }

    /// Floors and rapport by turns.
    async fn compare(&mut self, name: &str, job: Job, wanted: Wanted) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let how = (self.options.concurrency, 0.0);
        let mut turns = Turns::default();
        for round in 0..self.options.rounds {
            if let Some([shared, lean]) = &self.floors {
                turns.shared.push(self.measure(shared, Target::Floor, job, how, round).await?);
                turns.lean.push(self.measure(lean, Target::Lean, job, how, round).await?);
            }
            turns.ours.push(self.ours(job, how, round).await?);
        }
        let servers = [
            ("shared floor", &turns.shared),
            ("lean floor", &turns.lean),
            ("rapport", &turns.ours),
        ];
        for (server, reports) in servers {
            let most = reports.iter().map(|report| report.found_nothing).fold(0.0, f64::max);
            if most > 0.0 {
                self.table.say(format!(
                    "{name}: {server} found nothing for {:.1} % of what was typed (**0 wanted**)",
                    most * 100.0
                ));
            }
        }
        self.table.add(Line::compared(name, wanted, turns, job.writes()));
        Ok(())
    }

    async fn alone(&mut self, name: &str, job: Job, concurrency: usize, rate: f64) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let mut ours = Vec::new();
        for round in 0..self.options.rounds {
            match self.ours(job, (concurrency, rate), round).await {
                Ok(report) => ours.push(report),
                // A store that gives up a search for a word is a figure as well.
                Err(error) if job.band().is_some() => {
                    self.table.say(format!("{name}: **no figure**, {error:#}"));
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        self.table.add(Line::alone(name, ours, job.finds()));
        Ok(())
    }

    /// Two pages of rapport by turns, one connection, p50 against p50.
    async fn flat(&mut self, name: &str, short: Job, long: Job, most: f64) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for round in 0..self.options.rounds {
            first.push(self.ours(short, (1, 0.0), round).await?);
            second.push(self.ours(long, (1, 0.0), round).await?);
        }
        self.table.add(Line::flat(name, most, first, second));
        Ok(())
    }

    /// The same pages again: a server with its cache against one without.
    async fn again(&mut self) -> Result<()> {
        let name = "the same page again, cached";
        if !self.wanted(name) {
            return Ok(());
        }
        let cached = servers::rapport(&self.options.rapport, &self.options.database_url, true)?;
        servers::ready(&cached, "/readyz").await?;
        let how = (self.options.concurrency, 0.0);
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for round in 0..self.options.rounds {
            without.push(self.ours(Job::AgainPage, how, round).await?);
            let job = Job::AgainPage;
            with.push(self.measure(&cached, Target::Rapport, job, how, round).await?);
        }
        self.table.add(Line::again(name, 2.0, without, with));
        Ok(())
    }

    async fn merges(&mut self) -> Result<()> {
        let name = "merge of two with 100,000 events";
        if !self.wanted(name) {
            return Ok(());
        }
        let (mut took, mut moved) = (Vec::new(), 0);
        for n in 0..self.options.rounds.max(LEAST_MERGES) {
            let run = format!("{:x}", chrono::Utc::now().timestamp_micros() as u64 + n as u64);
            let merge =
                merge::merge(&self.options.database_url, &self.rapport.address, &token()?, &run)
                    .await?;
            took.push(merge.milliseconds);
            moved += merge.moved;
        }
        took.sort_by(f64::total_cmp);
        self.table.say(format!(
            "{name}: {:.1} ms (p50 of {}; at most 10 wanted), event rows written: {moved}",
            took[took.len() / 2],
            took.len()
        ));
        Ok(())
    }

    /// Ingest of an embedded store against what its disk can sync.
    async fn ingest(&mut self) -> Result<()> {
        let path = self
            .options
            .database_url
            .trim_start_matches("sqlite:")
            .trim_start_matches("//")
            .split('?')
            .next()
            .unwrap_or_default();
        let syncs = disk::syncs_per_second(std::path::Path::new(path))?;
        self.table
            .say(format!("the disk syncs 4 KiB {syncs:.0} times a second: one engagement a mutation cannot go faster than that by much"));
        Ok(())
    }
}
