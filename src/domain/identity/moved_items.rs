//! The items that came through some identities, on their way to another home: the one thing of rapport that costs per
//! event.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::QueryResult;

use crate::domain::model::customer::Counts;
use crate::domain::write::customer_changes::CustomerChanges;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::HistoryKind;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, Micros, TenantId};
use crate::store::row::{get, kind};
use crate::store::sql::Sql;

/// What a home has of one kind.
struct Tally {
    home: CustomerId,
    key: (HistoryKind, Option<String>),
    count: i64,
    last: Micros,
    inbound: Option<Micros>,
    outbound: Option<Micros>,
}

impl Tally {
    fn read(row: &QueryResult) -> Result<Tally> {
        let kind = kind(get::<i16>(row, 1)?.into(), HistoryKind::from_number)?;
        Ok(Tally {
            home: get(row, 0)?,
            key: (kind, get(row, 2)?),
            count: get(row, 3)?,
            last: get(row, 4)?,
            inbound: get(row, 5)?,
            outbound: get(row, 6)?,
        })
    }
}

/// Changes of identity are of the customer, not of the address: they stay.
const NOT_IDENTITY: &str = " AND kind <> 7";

/// Moves the items, their comments and their counts from these (locked) homes to the new one.
pub(super) async fn move_items(
    unit: &mut UnitOfWork<'_>,
    from: &BTreeSet<CustomerId>,
    identities: &[IdentityId],
    to: CustomerId,
) -> Result<()> {
    let tenant = unit.tenant();
    let moving = tallies(unit, from, Some(identities)).await?;
    if moving.is_empty() {
        return Ok(());
    }
    for (table, which) in [("engagement", NOT_IDENTITY), ("page_view", "")] {
        let mut sql = unit.sql();
        sql.push("UPDATE ").push(table).push(" SET home = ").bind(to);
        through(&mut sql, tenant, from, Some(identities), which);
        unit.run(sql).await?;
    }
    let mut sql = unit.sql();
    sql.push("UPDATE comment SET home = ")
        .bind(to)
        .push(" WHERE tenant = ")
        .bind(tenant)
        .push(" AND home")
        .among(from.iter().map(|home| home.0));
    sql.push(" AND item IN (SELECT id FROM engagement WHERE tenant = ")
        .bind(tenant)
        .push(" AND home = ")
        .bind(to);
    sql.push(" UNION ALL SELECT id FROM page_view WHERE tenant = ")
        .bind(tenant)
        .push(" AND home = ")
        .bind(to)
        .push(")");
    unit.run(sql).await?;
    let left = tallies(unit, from, None).await?;
    move_counts(&mut unit.changes, &moving, &left, to)
}

/// The counts of both sides afterwards.
fn move_counts(
    changes: &mut CustomerChanges,
    moving: &[Tally],
    left: &[Tally],
    to: CustomerId,
) -> Result<()> {
    let mut gained = Counts::default();
    for tally in moving {
        gained.add(tally.key.0, tally.key.1.as_deref(), tally.count, tally.last);
        let newest = left
            .iter()
            .find(|other| other.home == tally.home && other.key == tally.key)
            .map(|other| other.last);
        let counts = &mut changes.head_mut(tally.home)?.counts.0;
        if let Some(entry) = counts.get_mut(&tally.key) {
            entry.0 -= tally.count;
            entry.1 = newest.unwrap_or(entry.1);
            if entry.0 <= 0 {
                counts.remove(&tally.key);
            }
        }
    }
    let last = |tallies: &[Tally], home: Option<CustomerId>, of: fn(&Tally) -> Option<Micros>| {
        tallies
            .iter()
            .filter(|tally| home.is_none_or(|home| tally.home == home))
            .filter_map(of)
            .max()
    };
    let homes: BTreeSet<CustomerId> = moving.iter().map(|tally| tally.home).collect();
    for home in homes {
        let head = changes.head_mut(home)?;
        head.last_seen = newest(&head.counts.0);
        head.last_inbound = last(left, Some(home), |tally| tally.inbound);
        head.last_outbound = last(left, Some(home), |tally| tally.outbound);
    }
    let head = changes.head_mut(to)?;
    head.counts.merge(&gained);
    head.last_seen = newest(&head.counts.0);
    head.last_inbound = last(moving, None, |tally| tally.inbound);
    head.last_outbound = last(moving, None, |tally| tally.outbound);
    Ok(())
}

fn newest(counts: &BTreeMap<(HistoryKind, Option<String>), (i64, Micros)>) -> Option<Micros> {
    counts.values().map(|(_, last)| *last).max()
}

async fn tallies(
    unit: &UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
    identities: Option<&[IdentityId]>,
) -> Result<Vec<Tally>> {
    let which = if identities.is_some() { NOT_IDENTITY } else { "" };
    let mut sql = unit.sql();
    sql.push("SELECT home, kind, record_type, COUNT(*), MAX(occurred_at), MAX(CASE WHEN direction = 1 THEN occurred_at END), ");
    sql.push(
        "MAX(CASE WHEN direction = 2 THEN occurred_at END) FROM (SELECT home, kind, record_type, direction, occurred_at FROM engagement",
    );
    through(&mut sql, unit.tenant(), homes, identities, which);
    sql.push(
        " UNION ALL SELECT home, CAST(4 AS SMALLINT), NULL, direction, occurred_at FROM page_view",
    );
    through(&mut sql, unit.tenant(), homes, identities, "");
    sql.push(") i GROUP BY home, kind, record_type");
    unit.all(sql).await?.iter().map(Tally::read).collect()
}

/// The condition: items of these homes that came through these identities.
fn through(
    sql: &mut Sql,
    tenant: TenantId,
    homes: &BTreeSet<CustomerId>,
    identities: Option<&[IdentityId]>,
    which: &str,
) {
    sql.push(" WHERE tenant = ")
        .bind(tenant)
        .push(" AND home")
        .among(homes.iter().map(|home| home.0))
        .push(which);
    if let Some(identities) = identities {
        sql.push(" AND identity").among(identities.iter().map(|id| id.0));
    }
}
