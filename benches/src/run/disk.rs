//! How often a second this disk can make four kilobytes durable: no store commits more often without sharing.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

pub fn syncs_per_second(beside: &Path) -> Result<f64> {
    let path = beside.with_extension("sync-test");
    let mut file = std::fs::File::create(&path)?;
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(path)?;
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
