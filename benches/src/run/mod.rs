//! The one command: floor and rapport alternate over one store, and their ratios are told.

mod disk;
mod merge;
pub mod servers;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::process::Command;

use crate::generate::{Generate, generate, open, size};
use crate::load::{Job, Report, Target, token};
use crate::run::servers::Server;
use crate::run::table::{Line, Table};

#[derive(Clone, Debug, Args)]
pub struct Run {
    /// The store: filled if it is empty. PostgreSQL is compared with the floor; SQLite has none
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
    /// How often floor and rapport take turns
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
    floor: Option<Server>,
    table: Table,
}

/// rapport against the floor, and the ratio that is wanted.
const COMPARED: &[(&str, Job, f64)] = &[
    ("PlainPage", Job::Page, 0.5),
    ("CustomerList of 20", Job::List, 0.65),
    ("identify, known", Job::IdentifyKnown, 0.8),
    ("identify, new", Job::IdentifyNew, 0.7),
    ("one engagement", Job::Record, 0.65),
    ("batches of 100", Job::Batch, 0.5),
    ("SearchAsTyped", Job::Search, 0.6),
];

pub async fn run(options: &Run) -> Result<()> {
    let rapport = open(&options.database_url).await?;
    if size(&rapport).await?.1 == 0 {
        generate(&Generate {
            database_url: options.database_url.clone(),
            customers: options.customers,
            seed: 1,
        })
        .await?;
    }
    let customers = size(&rapport).await?.1;
    drop(rapport);
    let sqlite = options.database_url.starts_with("sqlite:");
    let server = servers::rapport(&options.rapport, &options.database_url, false)?;
    servers::ready(&server, "/readyz").await?;
    let floor = if sqlite { None } else { Some(servers::floor(&options.database_url)?) };
    if let Some(floor) = &floor {
        servers::ready(floor, "/list?first=1").await?;
    }
    let table = Table::new(if sqlite { "sqlite" } else { "postgres" }, customers, options);
    let mut bench = Bench { options, rapport: server, floor, table };
    for (name, job, target) in COMPARED {
        bench.compare(name, *job, *target).await?;
    }
    bench.alone("CustomerPage", Job::CustomerPage, options.concurrency, 0.0).await?;
    if !sqlite {
        bench.alone("SearchAsTyped at 200/s", Job::Search, options.concurrency, 200.0).await?;
        bench.alone("identify in one of 1,000 contacts", Job::IdentifyWide, 1, 0.0).await?;
    }
    bench.alone("PlainPage, one connection", Job::Page, 1, 0.0).await?;
    bench.flat("100,000 items against 50, p50", Job::FiftyPage, Job::HotPage, 1.3).await?;
    bench.flat("90 % deep against the first page, p50", Job::HotPage, Job::DeepPage, 1.2).await?;
    bench.flat("32 homes against one, p50", Job::FiftyPage, Job::MergedPage, 0.0).await?;
    bench.again().await?;
    if sqlite {
        bench.ingest().await?;
    } else {
        bench.merges().await?;
    }
    bench.table.write()
}

/// What a process of its own asks a server.
pub struct Asked {
    pub target: Target,
    pub job: Job,
    pub concurrency: usize,
    pub rate: f64,
    pub seconds: f64,
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
    command.args(["--rate", &asked.rate.to_string()]);
    let output = command.stderr(std::process::Stdio::inherit()).output().await?;
    if !output.status.success() {
        bail!("the load failed: {job} of {target}");
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

    async fn measure(
        &self,
        server: &Server,
        target: Target,
        job: Job,
        concurrency: usize,
        rate: f64,
    ) -> Result<Report> {
        let asked = Asked { target, job, concurrency, rate, seconds: self.options.seconds };
        measure(server, &self.options.database_url, &asked).await
    }

    /// Floor and rapport by turns.
    async fn compare(&mut self, name: &'static str, job: Job, target: f64) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let (mut floors, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..self.options.rounds {
            if let Some(floor) = &self.floor {
                floors.push(
                    self.measure(floor, Target::Floor, job, self.options.concurrency, 0.0).await?,
                );
            }
            ours.push(
                self.measure(&self.rapport, Target::Rapport, job, self.options.concurrency, 0.0)
                    .await?,
            );
        }
        self.table.add(Line::compared(name, target, floors, ours));
        Ok(())
    }

    async fn alone(
        &mut self,
        name: &'static str,
        job: Job,
        concurrency: usize,
        rate: f64,
    ) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let mut ours = Vec::new();
        for _ in 0..self.options.rounds {
            ours.push(self.measure(&self.rapport, Target::Rapport, job, concurrency, rate).await?);
        }
        self.table.add(Line::compared(name, 0.0, Vec::new(), ours));
        Ok(())
    }

    /// Two pages of rapport by turns, one connection, p50 against p50.
    async fn flat(&mut self, name: &'static str, short: Job, long: Job, most: f64) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for _ in 0..self.options.rounds {
            first.push(self.measure(&self.rapport, Target::Rapport, short, 1, 0.0).await?);
            second.push(self.measure(&self.rapport, Target::Rapport, long, 1, 0.0).await?);
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
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for _ in 0..self.options.rounds {
            without.push(
                self.measure(
                    &self.rapport,
                    Target::Rapport,
                    Job::AgainPage,
                    self.options.concurrency,
                    0.0,
                )
                .await?,
            );
            with.push(
                self.measure(
                    &cached,
                    Target::Rapport,
                    Job::AgainPage,
                    self.options.concurrency,
                    0.0,
                )
                .await?,
            );
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
        for n in 0..self.options.rounds {
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
