//! The change log as the store holds it, and what a reader must have been told of it.

use std::collections::BTreeMap;
use std::time::Duration;

use rapport::domain::rapport::Rapport;
use rapport::entity::kinds::ChangeKind;
use rapport::ids::TenantId;
use sea_orm::QueryResult;

/// A row of the log.
pub struct Row {
    pub customer: i64,
    pub position: i64,
    pub kind: i16,
    pub item: Option<i64>,
    pub other: Option<(i64, i64)>,
    pub homes: Vec<i64>,
}

/// The log in the feed's order.
pub async fn log(rapport: &Rapport, tenant: TenantId) -> Vec<Row> {
    let mut sql = rapport.store.sql();
    sql.push("SELECT customer, position, kind, item, other, other_position, detail FROM change WHERE tenant = ")
        .bind(tenant)
        .push(" ORDER BY xid, seq");
    let number = |row: &QueryResult, at: usize| {
        row.try_get_by_index::<Option<i64>>(at).expect("a number or nothing")
    };
    let row = |row: &QueryResult| Row {
        customer: number(row, 0).expect("a customer"),
        position: number(row, 1).expect("a position"),
        kind: row.try_get_by_index(2).expect("a kind"),
        item: number(row, 3),
        other: number(row, 4).zip(number(row, 5)),
        homes: row
            .try_get_by_index::<Option<String>>(6)
            .expect("text")
            .map(|text| serde_json::from_str(&text).expect("JSON"))
            .unwrap_or_default(),
    };
    // Where PostgreSQL crashed, this process's own connections are dead as well: each is found out by one failure.
    for _ in 0..20 {
        let _ = rapport.store.ping().await;
    }
    let mut left = 20;
    loop {
        match rapport.store.all(sql.clone()).await {
            Ok(rows) => return rows.iter().map(row).collect(),
            Err(error) if left == 0 => panic!("the log cannot be read: {}", error.detail()),
            Err(_) => left -= 1,
        }
    }
}

pub fn told(row: &Row) -> Option<(bool, i64)> {
    let added = row.kind == ChangeKind::ItemAdded.number();
    (added || row.kind == ChangeKind::ItemUpdated.number()).then_some((added, row.item?))
}

/// What a reader of this home must be told, worked out from the log alone.
pub fn expected(log: &[Row], home: i64, start: (i64, i64)) -> Vec<(bool, i64)> {
    let mut logs: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for row in log {
        logs.entry(row.customer).or_default().push(row);
    }
    // The feed's order is that of transactions, a customer's that of positions.
    for rows in logs.values_mut() {
        rows.sort_by_key(|row| row.position);
    }
    let (mut at, mut position) = start;
    let mut events = Vec::new();
    while let Some(row) =
        logs.get(&at).and_then(|rows| rows.iter().find(|row| row.position > position))
    {
        position = row.position;
        events.extend(told(row));
        // The home leaves this log if it is named and its place is on the other side.
        let leaves = if row.kind == ChangeKind::Merged.number() {
            row.homes.contains(&at)
        } else {
            !row.homes.contains(&at)
        };
        if let Some(other) = row.other.filter(|_| leaves && row.homes.contains(&home)) {
            (at, position) = other;
        }
    }
    events
}

/// Where the log of a new customer stands. A server that acknowledges early has it only a little later.
pub async fn start_of(rapport: &Rapport, tenant: TenantId, home: i64) -> (i64, i64) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    loop {
        let mut sql = rapport.store.sql();
        sql.push("SELECT number, position FROM customer_head WHERE tenant = ")
            .bind(tenant)
            .push(" AND number = ")
            .bind(home);
        if let Some(row) = rapport.store.one(sql).await.expect("reads") {
            return (
                row.try_get_by_index(0).expect("a number"),
                row.try_get_by_index(1).expect("a position"),
            );
        }
        looks.tick().await;
    }
}
