//! Who was told too little, too much, or in the wrong order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use rapport::domain::rapport::Rapport;
use rapport::ids::TenantId;

use crate::support::trial::Counts;
use crate::support::trial::log::{expected, log, told};
use crate::support::trial::reader::StartedReader;
use crate::support::trial::stage::Stage;

/// Compares what each reader was told with what the log says, and counts.
pub async fn judge(
    counts: &mut Counts,
    rapport: &Rapport,
    tenant: TenantId,
    stage: &Stage,
    readers: Vec<StartedReader>,
    before: usize,
) {
    let mut ended = Vec::new();
    for reader in readers {
        ended.push((reader.task.await.expect("a reader ends"), reader.start));
    }
    counts.cuts = stage.cuts.load(Ordering::Relaxed);
    let log = log(rapport, tenant).await;
    let present: BTreeSet<i64> = log.iter().filter_map(|row| row.item).collect();
    counts.missing = stage.acknowledged.lock().values().filter(|id| !present.contains(id)).count();
    let until = |events: Vec<(bool, i64)>, end: &str| {
        let end = stage.acknowledged.lock().get(end).copied();
        let length =
            events.iter().position(|event| Some(event.1) == end).map_or(events.len(), |at| at + 1);
        events[..length].to_vec()
    };
    for (reader, start) in ended {
        counts.resets += reader.resets;
        let should = match (&reader.email, start) {
            (Some(email), Some((home, start))) => {
                until(expected(&log, home, start), &format!("end-{email}"))
            }
            _ => until(log[before..].iter().filter_map(told).collect(), "end-feed"),
        };
        let before = counts.broken();
        compare(counts, &reader.told, &should);
        if counts.broken() > before {
            println!(
                "trial: {} was told {} events, not {}",
                reader.email.as_deref().unwrap_or("the feed"),
                reader.told.len(),
                should.len()
            );
        }
    }
}

/// Compares what was told with what should have been.
fn compare(totals: &mut Counts, told: &[(bool, i64)], expected: &[(bool, i64)]) {
    let count = |events: &[(bool, i64)]| {
        let mut counts: BTreeMap<(bool, i64), usize> = BTreeMap::new();
        for event in events {
            *counts.entry(*event).or_default() += 1;
        }
        counts
    };
    let (was, should) = (count(told), count(expected));
    totals.events += told.len();
    totals.lost += should
        .iter()
        .map(|(event, n)| n.saturating_sub(was.get(event).copied().unwrap_or(0)))
        .sum::<usize>();
    totals.repeated += was
        .iter()
        .map(|(event, n)| n.saturating_sub(should.get(event).copied().unwrap_or(0)))
        .sum::<usize>();
    let mut places: BTreeMap<(bool, i64), Vec<usize>> = BTreeMap::new();
    for (n, event) in expected.iter().enumerate().rev() {
        places.entry(*event).or_default().push(n);
    }
    let order: Vec<usize> =
        told.iter().filter_map(|event| places.get_mut(event).and_then(Vec::pop)).collect();
    totals.out_of_order += order.windows(2).filter(|pair| pair[0] > pair[1]).count();
}
