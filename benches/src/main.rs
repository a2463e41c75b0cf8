//! How fast rapport is, measured against the least that the same work can cost. See README.md.

mod calls;
mod floor;
mod generate;
mod rng;

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
    /// Time the calls of rapport's domain in the process
    Calls(calls::Calls),
    /// Serve the least that the same work costs
    Floor(floor::Floor),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Generate(options) => generate::generate(&options).await,
        Command::Calls(options) => calls::run(&options).await,
        Command::Floor(options) => floor::serve(&options).await,
    }
}
