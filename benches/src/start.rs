//! From exec to the first page, and how much memory that takes.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::json;

use crate::generate::{open, size};
use crate::load::http::{Connection, Request};
use crate::load::{Job, Load, Target, documents, token};
use crate::proc::Usage;
use crate::run::servers;

#[derive(Clone, Debug, Args)]
pub struct Start {
    /// A filled store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    #[arg(long, default_value = "target/release/rapport")]
    pub rapport: PathBuf,
    #[arg(long, default_value_t = 10)]
    pub times: usize,
}

pub async fn run(options: &Start) -> Result<()> {
    ensure!(
        size(&open(&options.database_url).await?).await?.1 > 0,
        "the store is not filled: run `generate` first"
    );
    let variables =
        json!({"by": {"identity": {"kind": "EMAIL", "value": "merged2@bench.example"}}});
    let page = Request::post(
        "/graphql",
        Some(&token()?),
        &json!({"query": documents::PLAIN_PAGE, "variables": variables}).to_string(),
    );
    let mut took = Vec::new();
    for _ in 0..options.times {
        let start = Instant::now();
        let server = servers::rapport(&options.rapport, &options.database_url, false)?;
        loop {
            if let Ok(mut connection) = Connection::open(&server.address).await {
                let (status, body) = connection.ask(&page).await?;
                ensure!(
                    status == 200 && body.len() > 5_000,
                    "no page: {}",
                    String::from_utf8_lossy(body)
                );
                break;
            }
            ensure!(start.elapsed() < Duration::from_secs(30), "rapport does not start");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        took.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    println!(
        "exec to the first answered page: p50 {:.0} ms, most {:.0} ms (at most 100 wanted)",
        took[took.len() / 2],
        took[took.len() - 1]
    );
    let server = servers::rapport(&options.rapport, &options.database_url, false)?;
    servers::ready(&server, "/readyz").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!(
        "resident, idle: {:.1} MiB (at most 30 wanted)",
        Usage::of(Some(server.pid))?.memory as f64 / 1024.0
    );
    let load = Load {
        address: server.address.clone(),
        target: Target::Rapport,
        job: Job::Page,
        database_url: options.database_url.clone(),
        pid: Some(server.pid),
        seconds: 5.0,
        warm_up: 0.5,
        concurrency: 32,
        rate: 0.0,
        customers: None,
        seed: 1,
    };
    let report = load_apart(&load).await?;
    println!(
        "resident, under 32 connections: {:.1} MiB (at most 60 wanted), {:.0} pages/s",
        report.server_memory as f64 / 1024.0,
        report.per_second
    );
    let bytes = std::fs::metadata(&options.rapport)?.len();
    println!("binary: {:.1} MiB (at most 30 wanted)", bytes as f64 / 1_048_576.0);
    Ok(())
}

async fn load_apart(load: &Load) -> Result<crate::load::Report> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.args([
        "load",
        "--address",
        &load.address,
        "--target",
        "rapport",
        "--job",
        "page",
        "--database-url",
        &load.database_url,
    ]);
    command.args([
        "--pid",
        &load.pid.unwrap_or(0).to_string(),
        "--seconds",
        &load.seconds.to_string(),
        "--concurrency",
        &load.concurrency.to_string(),
    ]);
    let output = command.stderr(Stdio::inherit()).output().await?;
    serde_json::from_slice(&output.stdout).context("the load told no report")
}
