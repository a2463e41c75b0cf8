//! Time and memory of processes, as the kernel tells them.

use anyhow::{Context, Result};
use tokio_postgres::Client;

use crate::generate::sink::connect;

/// CPU in microseconds since the start, memory in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    pub cpu: f64,
    pub memory: u64,
}

/// The kernel's tick, which is a hundredth of a second on every Linux that we meet.
const TICK: f64 = 10_000.0;

impl Usage {
    /// Nothing for no process.
    pub fn of(pid: Option<u32>) -> Result<Usage> {
        let Some(pid) = pid else { return Ok(Usage::default()) };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .with_context(|| format!("process {pid} is gone"))?;
        // The name may hold blanks, and stands in brackets.
        let rest: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks: f64 =
            [11, 12].into_iter().filter_map(|n| rest.get(n)?.parse::<f64>().ok()).sum();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let memory = status
            .lines()
            .find_map(|line| {
                line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok()
            })
            .unwrap_or(0);
        Ok(Usage { cpu: ticks * TICK, memory })
    }

    /// The part of a process's memory that is its own, shared pages divided among their users.
    fn own(pid: u32) -> u64 {
        let rollup =
            std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        rollup
            .lines()
            .find_map(|line| {
                line.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.trim().parse().ok()
            })
            .unwrap_or(0)
    }
}

/// The processes of a store: PostgreSQL's backends for this database. An embedded store has none.
pub struct Store(Option<Client>);

impl Store {
    pub async fn of(url: &str) -> Result<Self> {
        Ok(Store(if url.starts_with("sqlite:") { None } else { Some(connect(url).await?) }))
    }

    async fn pids(&self) -> Result<Vec<u32>> {
        let Some(client) = &self.0 else { return Ok(Vec::new()) };
        let rows =
            client.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", &[]).await?;
        rows.iter().map(|row| Ok(u32::try_from(row.get::<_, i32>(0))?)).collect()
    }

    /// CPU in microseconds since the start. A backend may end between the question and the answer.
    pub async fn cpu(&self) -> Result<f64> {
        let each = self.pids().await?.into_iter().filter_map(|pid| Usage::of(Some(pid)).ok());
        Ok(each.map(|usage| usage.cpu).sum())
    }

    /// Memory in KiB. It takes long where the store shares much memory: not while something is measured.
    pub async fn memory(&self) -> Result<u64> {
        Ok(self.pids().await?.into_iter().map(Usage::own).sum())
    }

    /// Bytes that the store's log has had so far. The pages of SQLite's are not counted.
    pub async fn wal(&self) -> Result<i64> {
        let Some(client) = &self.0 else { return Ok(0) };
        let text = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
        Ok(client.query_one(text, &[]).await?.try_get(0)?)
    }
}
