//! How many customers a filter admits: in all, and by tag, stage, status and day.

use sea_orm::QueryResult;

use crate::domain::customer::filter::{Conditions, all_of};
use crate::domain::customer::list::CustomerFilter;
use crate::domain::customer::order::CustomerOrder;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::{CustomerStatus, LifecycleStage};
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::row::{get, kind, maybe};
use crate::store::sql::Sql;

/// Tags that are counted.
pub const TAGS: usize = 100;
/// Days that are counted: 53 weeks.
pub const DAYS: usize = 371;
const MICROS_OF_A_DAY: i64 = 86_400_000_000;

/// What is counted beside the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CountedBy {
    Tag,
    Stage,
    Status,
    Day,
}

/// How many customers there are of a filter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CustomerCounts {
    pub total: i64,
    /// The most frequent ones first, at most [`TAGS`]; each in one of its spellings.
    pub by_tag: Vec<(String, i64)>,
    pub by_stage: Vec<(LifecycleStage, i64)>,
    pub by_status: Vec<(CustomerStatus, i64)>,
    /// Days since 1970 (UTC) on which customers began, the newest first, at most [`DAYS`].
    pub by_day: Vec<(i64, i64)>,
}

const TOTAL: i32 = 0;
const BY_TAG: i32 = 1;
const BY_STAGE: i32 = 2;
const BY_STATUS: i32 = 3;
const BY_DAY: i32 = 4;

impl Rapport {
    /// Counts the customers of a filter, in one statement. It reads all of them.
    pub async fn customer_counts(
        &self,
        tenant: TenantId,
        filter: &CustomerFilter,
        by: &[CountedBy],
    ) -> Result<CustomerCounts> {
        let conditions = self.conditions(tenant, filter).await?;
        let mut sql = self.store.sql();
        statement(&mut sql, &conditions, by);
        let mut counts = CustomerCounts::default();
        for row in self.store.all(sql).await? {
            counts.add(&row)?;
        }
        counts.by_tag.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.by_stage.sort();
        counts.by_status.sort();
        counts.by_day.sort_by(|a, b| b.cmp(a));
        Ok(counts)
    }
}

/// Rows of part, value, tag, count.
fn statement(sql: &mut Sql, conditions: &Conditions<'_>, by: &[CountedBy]) {
    let tenant = conditions.tenant;
    let leads = conditions.leads(CustomerOrder::CreatedDesc);
    let materialized = sql.dialect.materialized();
    sql.push("WITH ");
    if !leads.is_empty() {
        sql.push("lead AS ").push(materialized).push("(");
        all_of(sql, tenant, &leads);
        sql.push("), ");
    }
    sql.push("m AS ").push(materialized);
    sql.push("(SELECT c.number, c.stage, c.status, c.created_at FROM ");
    sql.push(if leads.is_empty() { "" } else { "lead CROSS JOIN " });
    sql.push("customer_head s CROSS JOIN customer c WHERE c.tenant = s.tenant AND c.number = s.number AND s.list_seen IS NOT NULL AND s.tenant = ");
    sql.bind(tenant).push(if leads.is_empty() { "" } else { " AND s.number = lead.number" });
    // Those whose looks into indexes are leads.
    conditions.push(sql);
    sql.push(&format!(
            ") SELECT {TOTAL} AS part, CAST(0 AS BIGINT) AS value, CAST(NULL AS TEXT) AS tag, COUNT(*) AS number FROM m"
        ));
    let parts = [
        (CountedBy::Stage, BY_STAGE, "CAST(stage AS BIGINT)".to_owned()),
        (CountedBy::Status, BY_STATUS, "CAST(status AS BIGINT)".to_owned()),
        (CountedBy::Day, BY_DAY, format!("created_at / {MICROS_OF_A_DAY}")),
    ];
    for (_, part, value) in parts.iter().filter(|(wanted, ..)| by.contains(wanted)) {
        sql.push(&format!(" UNION ALL SELECT * FROM (SELECT {part}, {value} AS value, CAST(NULL AS TEXT), COUNT(*) FROM m GROUP BY 2 ORDER BY 2 DESC LIMIT {DAYS}) AS by{part}"));
    }
    if by.contains(&CountedBy::Tag) {
        sql.push(&format!(
            " UNION ALL SELECT * FROM (SELECT {BY_TAG}, CAST(0 AS BIGINT), MIN(t.tag"
        ));
        sql.push(sql.dialect.bytewise()).push(
            "), COUNT(*) FROM m JOIN customer_tag t ON t.number = m.number WHERE t.tenant = ",
        );
        sql.bind(tenant);
        sql.push(&format!(
            " GROUP BY t.tag_key ORDER BY 4 DESC, t.tag_key LIMIT {TAGS}) AS by{BY_TAG}"
        ));
    }
}

impl CustomerCounts {
    fn add(&mut self, row: &QueryResult) -> Result<()> {
        let (part, value, count) = (get::<i32>(row, 0)?, get::<i64>(row, 1)?, get(row, 3)?);
        match part {
            TOTAL => self.total = count,
            BY_TAG => self.by_tag.push((maybe::<String>(row, 2)?.unwrap_or_default(), count)),
            BY_STAGE => {
                self.by_stage.push((kind(small(value), LifecycleStage::from_number)?, count));
            }
            BY_STATUS => {
                self.by_status.push((kind(small(value), CustomerStatus::from_number)?, count));
            }
            _ => self.by_day.push((value, count)),
        }
        Ok(())
    }
}

fn small(value: i64) -> i32 {
    i32::try_from(value).unwrap_or_default()
}
