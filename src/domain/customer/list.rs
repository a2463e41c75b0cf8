//! Lists of customers: filters, orders, pages by key.

use sea_orm::QueryResult;

use crate::domain::customer::beside::{Beside, Found};
use crate::domain::customer::identities::of_kinds;
use crate::domain::model::customer::Customer;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::{CustomerStatus, IdentityKind, LifecycleStage};
use crate::error::Result;
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// Which customers a list shows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CustomerFilter {
    pub status: Vec<CustomerStatus>,
    pub stages: Vec<LifecycleStage>,
    pub tags: Vec<String>,
    pub seen_since: Option<Micros>,
    pub identity_kinds: Vec<IdentityKind>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CustomerOrder {
    LastSeenDesc,
    CreatedDesc,
    NameAsc,
}

/// A place in a list of customers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CustomerPlace {
    Seen(Micros, CustomerId),
    Created(CustomerId),
    Name(String, CustomerId),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CustomerList {
    pub filter: CustomerFilter,
    pub order: CustomerOrder,
    pub limit: u64,
    pub after: Option<CustomerPlace>,
    pub before: Option<CustomerPlace>,
    pub backwards: bool,
}

/// A customer with what was read beside it, and its place in the list it was asked for in.
pub type Placed = (Found, CustomerPlace);

impl Rapport {
    /// A page of survivors with what is wanted beside each, and whether there are more; in one statement.
    pub async fn customer_list(
        &self,
        tenant: TenantId,
        list: &CustomerList,
        beside: Beside<'_>,
    ) -> Result<(Vec<Placed>, bool)> {
        let mut sql = self.store.sql();
        list.select(&mut sql, tenant, beside);
        let rows = self.store.all(sql).await?;
        let placed = rows.iter().map(|row| {
            let found = beside.read(tenant, row, 1)?;
            let place = list.order.place(row, &found.customer)?;
            Ok((found, place))
        });
        Ok(list.page(placed.collect::<Result<_>>()?))
    }

    /// How many a list in this order has, counted no further than `most`.
    pub async fn count_customers(
        &self,
        tenant: TenantId,
        wanted: &CustomerFilter,
        order: CustomerOrder,
        most: u64,
    ) -> Result<u64> {
        let mut sql = self.store.sql();
        sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ");
        sql.bind(tenant).push(order.listed());
        filter(&mut sql, wanted);
        sql.push(" LIMIT ").bind(most as i64).push(") AS counted");
        let row = self.store.one(sql).await?;
        Ok(row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }
}

impl CustomerOrder {
    /// Whom a list in this order has at all: survivors, by name those who have one.
    fn listed(self) -> &'static str {
        match self {
            CustomerOrder::NameAsc => {
                " AND c.tenant = s.tenant AND c.name_key IS NOT NULL AND s.list_seen IS NOT NULL"
            }
            CustomerOrder::LastSeenDesc | CustomerOrder::CreatedDesc => {
                " AND s.list_seen IS NOT NULL"
            }
        }
    }
}

impl CustomerList {
    /// Adds the select of one customer more than the page shows.
    fn select(&self, sql: &mut Sql, tenant: TenantId, beside: Beside<'_>) {
        sql.push("SELECT c.name_key, ");
        beside.columns(sql, tenant);
        sql.push(" FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ").bind(tenant);
        sql.push(self.order.listed());
        for (place, further) in [(&self.after, true), (&self.before, false)] {
            let descending = self.order != CustomerOrder::NameAsc;
            let sign = if descending == further { " < " } else { " > " };
            match place {
                None => {}
                Some(CustomerPlace::Seen(at, id)) => {
                    sql.push(" AND (s.list_seen, s.number)")
                        .push(sign)
                        .push("(")
                        .bind(*at)
                        .push(", ")
                        .bind(*id)
                        .push(")");
                }
                Some(CustomerPlace::Created(id)) => {
                    sql.push(" AND s.number").push(sign).bind(*id);
                }
                Some(CustomerPlace::Name(name, id)) => {
                    sql.push(" AND (c.name_key, c.number)")
                        .push(sign)
                        .push("(")
                        .bind(name.clone())
                        .push(", ")
                        .bind(*id)
                        .push(")");
                }
            }
        }
        filter(sql, &self.filter);
        let columns = match self.order {
            CustomerOrder::LastSeenDesc => ["s.list_seen", "s.number"],
            CustomerOrder::CreatedDesc => ["s.number", "s.tenant"],
            CustomerOrder::NameAsc => ["c.name_key", "c.number"],
        };
        let direction = if self.ascending() { " ASC" } else { " DESC" };
        sql.push(" ORDER BY ").push(columns[0]).push(direction);
        if self.order != CustomerOrder::CreatedDesc {
            sql.push(", ").push(columns[1]).push(direction);
        }
        sql.push(" LIMIT ").bind((self.limit + 1) as i64);
    }

    /// In which direction the store is asked.
    fn ascending(&self) -> bool {
        (self.order == CustomerOrder::NameAsc) != self.backwards
    }

    /// The page of what [`CustomerList::select`] brings, and whether there are more.
    fn page(&self, mut placed: Vec<Placed>) -> (Vec<Placed>, bool) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = placed.len() > limit;
        placed.truncate(limit);
        if self.backwards {
            placed.reverse();
        }
        (placed, more)
    }
}

impl CustomerOrder {
    /// The place of a customer whose `name_key` comes first in the row.
    fn place(self, row: &QueryResult, customer: &Customer) -> Result<CustomerPlace> {
        Ok(match self {
            CustomerOrder::LastSeenDesc => {
                CustomerPlace::Seen(customer.last_seen.unwrap_or_default(), customer.id)
            }
            CustomerOrder::CreatedDesc => CustomerPlace::Created(customer.id),
            CustomerOrder::NameAsc => {
                CustomerPlace::Name(maybe::<String>(row, 0)?.unwrap_or_default(), customer.id)
            }
        })
    }
}

fn filter(sql: &mut Sql, filter: &CustomerFilter) {
    if !filter.status.is_empty() {
        sql.push(" AND c.status")
            .among(filter.status.iter().map(|status| i64::from(status.number())));
    }
    if !filter.stages.is_empty() {
        sql.push(" AND c.stage").among(filter.stages.iter().map(|stage| i64::from(stage.number())));
    }
    for tag in &filter.tags {
        let quoted = serde_json::to_string(tag).expect("a string is JSON");
        let position = sql.dialect.position();
        sql.push(" AND ").push(position).push("(c.tags, ").bind(quoted).push(") > 0");
    }
    if let Some(since) = filter.seen_since {
        sql.push(" AND s.list_seen >= ").bind(since);
    }
    if !filter.identity_kinds.is_empty() {
        sql.push(" AND EXISTS (SELECT 1 FROM customer_head m JOIN identity i ON i.tenant = m.tenant AND i.home = m.number WHERE m.tenant = s.tenant AND (m.number = s.number OR m.merged_into = s.number) AND ");
        of_kinds(sql, "i", &filter.identity_kinds);
        sql.push(")");
    }
}
