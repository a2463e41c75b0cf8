//! Two builds of rapport, both running, by turns: what a request costs the one and the other.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::load::{Job, Report, Target};
use crate::run::servers::{self, Server};
use crate::run::{Asked, measure};

#[derive(Clone, Debug, Args)]
pub struct Builds {
    /// The older binary
    #[arg(long)]
    pub before: PathBuf,
    /// The newer binary
    #[arg(long)]
    pub after: PathBuf,
    /// A filled store at the older build's migrations
    #[arg(long)]
    pub before_url: String,
    /// The same store (a copy of it) at the newer build's migrations
    #[arg(long)]
    pub after_url: String,
    /// Seconds of each turn
    #[arg(long, default_value_t = 2.0)]
    pub seconds: f64,
    /// How many turns each has
    #[arg(long, default_value_t = 7)]
    pub rounds: usize,
    #[arg(long, default_value_t = 16)]
    pub concurrency: usize,
    /// Only lines whose name contains this
    #[arg(long)]
    pub only: Option<String>,
}

const LINES: &[(&str, Job)] = &[
    ("`{ __typename }`", Job::Typename),
    ("PlainPage", Job::Page),
    ("CustomerPage", Job::CustomerPage),
    ("CustomerList of 20", Job::List),
    ("SearchAsTyped", Job::Search),
    ("identify, known", Job::IdentifyKnown),
    ("identify, new", Job::IdentifyNew),
    ("one engagement", Job::Record),
    ("batches of 100", Job::Batch),
];

pub async fn run(options: &Builds) -> Result<()> {
    let before = servers::rapport(&options.before, &options.before_url, false)?;
    let after = servers::rapport(&options.after, &options.after_url, false)?;
    servers::ready(&before, "/readyz").await?;
    servers::ready(&after, "/readyz").await?;
    println!(
        "| line | server: before | after | ratio | store: before | after | ratio | a second: ratio |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: |");
    for (name, job) in LINES {
        if options.only.as_ref().is_none_or(|only| name.to_lowercase().contains(only.as_str())) {
            line(options, name, *job, &before, &after).await?;
        }
    }
    Ok(())
}

async fn line(
    options: &Builds,
    name: &str,
    job: Job,
    before: &Server,
    after: &Server,
) -> Result<()> {
    let (target, rate) = (Target::Rapport, 0.0);
    let (concurrency, seconds) = (options.concurrency, options.seconds);
    let mut turns = Vec::new();
    for round in 0..options.rounds {
        let seed = round as u64 + 1;
        let asked = Asked { target, job, concurrency, rate, seconds, seed };
        let old = measure(before, &options.before_url, &asked).await?;
        turns.push((old, measure(after, &options.after_url, &asked).await?));
    }
    let pair = |of: fn(&Report) -> f64| {
        format!(
            "{:.0} µs | {:.0} µs | {:.2}",
            middle(turns.iter().map(|(old, _)| of(old))),
            middle(turns.iter().map(|(_, new)| of(new))),
            middle(turns.iter().map(|(old, new)| of(new) / of(old)))
        )
    };
    let rate = middle(turns.iter().map(|(old, new)| new.per_second / old.per_second));
    let (server, store) = (pair(|one| one.server_cpu), pair(|one| one.store_cpu));
    println!("| {name} | {server} | {store} | {rate:.2} |");
    Ok(())
}

/// Each turn by itself, then the middle one: what disturbs the machine meets both builds.
fn middle(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
