//! How fast rapport is, measured against the least that the same work can cost. See README.md.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures and generated rows, far from the ends of their types"
)]

mod builds;
mod calls;
mod channels;
mod delivery;
mod floor;
mod generate;
mod load;
mod pgbench;
mod proc;
mod rng;
mod run;
mod sizes;
mod start;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill an empty store
    Generate(generate::Generate),
    /// Measure everything: floor and rapport by turns
    Run(run::Run),
    /// Two builds of rapport by turns: what a request costs each
    Builds(builds::Builds),
    /// Many subscribers, one event
    Delivery(delivery::Delivery),
    /// From exec to the first page; memory; size
    Start(start::Start),
    /// The floor's page against pgbench running the same statements
    Pgbench(pgbench::Pgbench),
    /// `/v1/batch` against `recordEngagements`, by turns
    Channels(channels::Channels),
    /// Time the calls of rapport's domain in the process
    Calls(calls::Calls),
    /// What each table and index of a store takes, as Markdown
    Sizes(sizes::Sizes),
    /// Fill the lean floor's tables anew from rapport's rows
    Lean(floor::lean::schema::Lean),
    /// Serve the least that the same work costs
    Floor(floor::Floor),
    /// Serve the least that a delivery costs: bare WebSockets that are all told the same
    Sockets(floor::sockets::Sockets),
    /// Ask a server, check every answer, and tell a report as JSON
    Load(load::Load),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Generate(options) => generate::generate(&options).await,
        Command::Run(options) => run::run(&options).await,
        Command::Builds(options) => builds::run(&options).await,
        Command::Delivery(options) => delivery::run(&options).await,
        Command::Start(options) => start::run(&options).await,
        Command::Pgbench(options) => pgbench::run(&options).await,
        Command::Channels(options) => channels::run(&options).await,
        Command::Calls(options) => calls::run(&options).await,
        Command::Sizes(options) => sizes::run(&options).await,
        Command::Lean(options) => floor::lean::schema::fill_anew(&options).await,
        Command::Floor(options) => floor::serve(&options).await,
        Command::Sockets(options) => floor::sockets::serve(&options).await,
        Command::Load(options) => {
            println!("{}", serde_json::to_string(&load::run(&options).await?)?);
            Ok(())
        }
    }
}
