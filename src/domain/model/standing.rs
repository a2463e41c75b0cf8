//! What a person's head, and those of the homes merged into it, tell: what changes with every event.

use sea_orm::QueryResult;

use crate::domain::model::customer::Counts;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// What the heads tell of a person.
pub struct Standing {
    pub tenant: TenantId,
    pub customer: CustomerId,
    /// Merged into it, by age.
    pub merged: Vec<CustomerId>,
    pub version: i64,
    pub last_seen: Option<Micros>,
    pub last_inbound: Option<Micros>,
    pub last_outbound: Option<Micros>,
    pub counts: Counts,
}

/// The head of a merged home: number, counts, last inbound, last outbound.
type MergedHead = (i64, String, Option<i64>, Option<i64>);

/// How many columns a standing takes in a row.
pub const STANDING: usize = 6;

/// The columns of the standing of somebody whose head is `head`, and whose number is its column `number`; see
/// [`Standing::read`].
pub fn standing_columns(sql: &mut Sql, tenant: TenantId, head: &str, number: &str) {
    let own = ["position", "list_seen", "last_inbound", "last_outbound", "counts"];
    for column in own {
        sql.push(head).push(".").push(column).push(", ");
    }
    sql.push("CASE WHEN ").push(head).push(".shape > 0 THEN (SELECT ");
    let merged = "m.number, m.counts, m.last_inbound, m.last_outbound";
    sql.push(&sql.dialect.json_lists(merged, "m.number"));
    sql.push(" FROM customer_head m WHERE m.tenant = ").bind(tenant);
    sql.push(&format!(" AND m.merged_into = {head}.{number}) END"));
}

impl Standing {
    /// Of somebody of whom nothing but this is known.
    pub fn of(tenant: TenantId, customer: CustomerId, last_seen: Option<Micros>) -> Standing {
        Standing {
            tenant,
            customer,
            merged: Vec::new(),
            version: 0,
            last_seen,
            last_inbound: None,
            last_outbound: None,
            counts: Counts::default(),
        }
    }

    /// Reads the columns of [`standing_columns`], which begin at `at`.
    pub fn read(
        tenant: TenantId,
        customer: CustomerId,
        row: &QueryResult,
        at: usize,
    ) -> Result<Standing> {
        let time = |at| -> Result<Option<Micros>> { Ok(maybe::<i64>(row, at)?.map(Micros)) };
        let mut standing = Standing {
            version: get(row, at)?,
            last_inbound: time(at + 2)?,
            last_outbound: time(at + 3)?,
            counts: Counts::parse(&get::<String>(row, at + 4)?)?,
            ..Standing::of(tenant, customer, time(at + 1)?)
        };
        if let Some(merged) = maybe::<String>(row, at + 5)? {
            let heads: Vec<MergedHead> = serde_json::from_str(&merged)
                .map_err(|error| Error::Internal(format!("merged heads: {error}")))?;
            for (number, counts, inbound, outbound) in heads {
                standing.merged.push(CustomerId(number));
                standing.counts.merge(&Counts::parse(&counts)?);
                standing.last_inbound = standing.last_inbound.max(inbound.map(Micros));
                standing.last_outbound = standing.last_outbound.max(outbound.map(Micros));
            }
        }
        Ok(standing)
    }
}
