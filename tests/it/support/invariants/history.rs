//! Counts and change logs: what each home counts is what it has, and a log has each position once.

use std::collections::{BTreeMap, BTreeSet};

use rapport::ids::TenantId;
use rapport::store::Store;
use sea_orm::QueryResult;

use crate::support::invariants::{maybe, number, rows, text};

/// Counts and last times of each home are those of its items.
pub async fn history(store: &Store, tenant: TenantId, heads: &[QueryResult]) -> Vec<String> {
    let mut broken = Vec::new();
    let items = rows(
        store,
        tenant,
        "SELECT home, kind, record_type, CAST(COUNT(*) AS BIGINT), MAX(occurred_at) FROM \
         (SELECT tenant, home, CAST(kind AS BIGINT) AS kind, record_type, occurred_at FROM engagement \
          UNION ALL SELECT tenant, home, 4, NULL, occurred_at FROM page_view) i WHERE tenant = {tenant} GROUP BY home, kind, record_type",
    )
    .await;
    let mut counts: BTreeMap<i64, BTreeMap<String, (i64, i64)>> = BTreeMap::new();
    for row in &items {
        let key = match text(row, 2) {
            Some(record_type) => format!("{}:{record_type}", number(row, 1)),
            None => number(row, 1).to_string(),
        };
        counts.entry(number(row, 0)).or_default().insert(key, (number(row, 3), number(row, 4)));
    }
    for row in heads {
        let home = number(row, 0);
        let kept: BTreeMap<String, (i64, i64)> =
            serde_json::from_str(&text(row, 6).expect("counts")).expect("counts are JSON");
        let real = counts.remove(&home).unwrap_or_default();
        if kept != real {
            broken.push(format!("home {home} counts {kept:?}, but has {real:?}"));
        }
        let last = real.values().map(|(_, at)| *at).max();
        if maybe(row, 4) != last {
            broken.push(format!("home {home} was last seen at {:?}, not {last:?}", maybe(row, 4)));
        }
    }
    broken.extend(counts.keys().map(|home| format!("items of home {home}, which is not there")));
    broken
}

/// A log has each position once, none above its head's, and relink entries come in pairs.
pub async fn logs(store: &Store, tenant: TenantId, heads: &[QueryResult]) -> Vec<String> {
    let mut broken = Vec::new();
    let positions: BTreeMap<i64, i64> =
        heads.iter().map(|row| (number(row, 0), number(row, 2))).collect();
    let changes =
        rows(store, tenant, "SELECT customer, position, other, other_position FROM change WHERE tenant = {tenant} ORDER BY seq").await;
    let all: BTreeSet<(i64, i64)> =
        changes.iter().map(|row| (number(row, 0), number(row, 1))).collect();
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    for row in &changes {
        let (customer, position) = (number(row, 0), number(row, 1));
        if positions.get(&customer).is_some_and(|head| *head < position) {
            broken.push(format!("the log of {customer} is ahead of its head: {position}"));
        }
        if last.insert(customer, position).is_some_and(|before| before >= position) {
            broken.push(format!("the log of {customer} goes back at {position}"));
        }
        if let Some((other, at)) = maybe(row, 2).zip(maybe(row, 3))
            && !all.contains(&(other, at))
        {
            broken.push(format!(
                "the relink of {customer} at {position} has no other side at {other}:{at}"
            ));
        }
    }
    broken
}
