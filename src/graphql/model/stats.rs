//! Counts of what happened with a customer, by kind.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use rapport_macros::Fields;

use crate::domain::model::customer::Stats;
use crate::graphql::enums::HistoryKind;
use crate::graphql::scalars::time;

/// How much happened, kept in the writing transaction.
#[derive(Fields, SimpleObject)]
pub struct CustomerStats {
    /// All items of the history.
    total: i32,
    /// By kind and, for records, by type.
    by_kind: Vec<KindCount>,
    /// When the customer reached out last.
    last_inbound_at: Option<DateTime<Utc>>,
    /// When the company reached out last.
    last_outbound_at: Option<DateTime<Utc>>,
}

/// How much happened of one kind.
#[derive(Fields, SimpleObject)]
pub struct KindCount {
    /// The kind.
    kind: HistoryKind,
    /// The type, for records.
    record_type: Option<String>,
    /// How many.
    count: i32,
    /// When the newest of them happened.
    last_at: Option<DateTime<Utc>>,
}

impl From<&Stats> for CustomerStats {
    fn from(stats: &Stats) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        CustomerStats {
            total: count(stats.counts.total()),
            by_kind: stats
                .counts
                .0
                .iter()
                .map(|((kind, record_type), (n, at))| KindCount {
                    kind: (*kind).into(),
                    record_type: record_type.clone(),
                    count: count(*n),
                    last_at: Some(time(*at)),
                })
                .collect(),
            last_inbound_at: stats.last_inbound.map(time),
            last_outbound_at: stats.last_outbound.map(time),
        }
    }
}
