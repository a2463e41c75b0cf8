//! How many customers a filter admits.

use async_graphql::SimpleObject;
use chrono::{DateTime, Duration};
use rapport_macros::Fields;

use crate::domain::customer::counts::CustomerCounts as Counted;
use crate::graphql::enums::{CustomerStatus, LifecycleStage};

/// How many customers a filter admits, in all and by what they are.
#[derive(Clone, Fields, SimpleObject)]
pub struct CustomerCounts {
    /// In all.
    total: i32,
    /// The 100 most frequent tags, the most frequent first. A customer counts for each of its tags.
    by_tag: Vec<TagCount>,
    /// By stage; stages without a customer are left out.
    by_stage: Vec<StageCount>,
    /// By state; states without a customer are left out.
    by_status: Vec<StatusCount>,
    /// By the day (UTC) on which the customer began to exist, newest first: the last 371 days that have one.
    by_day: Vec<DayCount>,
}

/// How many customers have a tag.
#[derive(Clone, Fields, SimpleObject)]
pub struct TagCount {
    /// The tag, in one of its spellings where it has several (`VIP` and `vip` are one).
    tag: String,
    /// Customers.
    count: i32,
}

/// How many customers are on a stage.
#[derive(Clone, Fields, SimpleObject)]
pub struct StageCount {
    /// The stage.
    stage: LifecycleStage,
    /// Customers.
    count: i32,
}

/// How many customers are in a state.
#[derive(Clone, Fields, SimpleObject)]
pub struct StatusCount {
    /// The state.
    status: CustomerStatus,
    /// Customers.
    count: i32,
}

/// How many customers began to exist on a day.
#[derive(Clone, Fields, SimpleObject)]
pub struct DayCount {
    /// The date in UTC, as `YYYY-MM-DD`.
    day: String,
    /// Customers.
    count: i32,
}

impl From<Counted> for CustomerCounts {
    fn from(counted: Counted) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        let date = |day: i64| DateTime::UNIX_EPOCH.date_naive() + Duration::days(day);
        CustomerCounts {
            total: count(counted.total),
            by_tag: counted
                .by_tag
                .into_iter()
                .map(|(tag, n)| TagCount { tag, count: count(n) })
                .collect(),
            by_stage: counted
                .by_stage
                .into_iter()
                .map(|(stage, n)| StageCount { stage: stage.into(), count: count(n) })
                .collect(),
            by_status: counted
                .by_status
                .into_iter()
                .map(|(status, n)| StatusCount { status: status.into(), count: count(n) })
                .collect(),
            by_day: counted
                .by_day
                .into_iter()
                .map(|(day, n)| DayCount { day: date(day).to_string(), count: count(n) })
                .collect(),
        }
    }
}
