//! The floor's page against pgbench running the same three statements, pipelined: what HTTP and JSON cost on top.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::process::Command;

use crate::floor::statements;
use crate::generate::{open, size};
use crate::load::sample;
use crate::run::servers;

#[derive(Clone, Debug, Args)]
pub struct Pgbench {
    /// A filled PostgreSQL store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    #[arg(long, default_value_t = 5)]
    pub seconds: u32,
    #[arg(long, default_value_t = 8)]
    pub concurrency: usize,
}

/// A script for each, because pgbench draws numbers and no text: each connection prepares them all.
const CUSTOMERS: usize = 10;

pub async fn run(options: &Pgbench) -> Result<()> {
    let rapport = open(&options.database_url).await?;
    let tenant = size(&rapport).await?.0;
    let customers = sample(&rapport, tenant, CUSTOMERS, true).await?;
    let folder = std::env::temp_dir().join(format!("rapport-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    for n in 0..customers.len() {
        let texts = statements::page()
            .map(|text| text.replace("$1", ":tenant").replace("$2", &format!(":key{n}")));
        std::fs::write(
            folder.join(format!("{n}.sql")),
            format!("\\startpipeline\n{};\n\\endpipeline\n", texts.join(";\n")),
        )?;
    }
    let floor = servers::floor(&options.database_url, false)?;
    servers::ready(&floor, "/list").await?;
    let mut ratios = Vec::new();
    for _ in 0..options.rounds {
        let mut command = Command::new("pgbench");
        command.args([
            "-n",
            "-M",
            "prepared",
            "-j",
            "2",
            "-c",
            &options.concurrency.to_string(),
            "-T",
            &options.seconds.to_string(),
        ]);
        command
            .args(["-D", &format!("tenant={tenant}")])
            .env("PGOPTIONS", "-c jit=off -c enable_bitmapscan=off");
        for (n, who) in customers.iter().enumerate() {
            command
                .arg("-D")
                .arg(format!("key{n}={}", who.email))
                .arg("-f")
                .arg(folder.join(format!("{n}.sql")));
        }
        let output =
            command.arg(&options.database_url).output().await.context("pgbench is needed")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some(bare) = text
            .lines()
            .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok())
        else {
            bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
        };
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "load",
            "--address",
            &floor.address,
            "--target",
            "floor",
            "--job",
            "again-page",
            "--customers",
            &CUSTOMERS.to_string(),
        ]);
        command.args(["--database-url", &options.database_url]);
        command.args([
            "--seconds",
            &options.seconds.to_string(),
            "--concurrency",
            &options.concurrency.to_string(),
            "--pid",
            &floor.pid.to_string(),
        ]);
        let output = command.stderr(Stdio::inherit()).output().await?;
        let report: crate::load::Report =
            serde_json::from_slice(&output.stdout).context("the load told no report")?;
        println!(
            "pgbench {bare:.0}/s   floor {:.0}/s   ratio {:.2}   CPU of a page: floor {:.0} µs, store {:.0} µs, client {:.0} µs",
            report.per_second,
            report.per_second / bare,
            report.server_cpu,
            report.store_cpu,
            report.client_cpu
        );
        ratios.push(report.per_second / bare);
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "ratio {:.2} (p50 of {}; at least 0.9 wanted)",
        ratios[ratios.len() / 2],
        ratios.len()
    );
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
