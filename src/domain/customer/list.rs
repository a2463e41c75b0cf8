//! Lists of customers: filters, orders, pages by key.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::customer::contacts;
use crate::domain::customer::identities::of_kinds;
use crate::domain::model::customer::{self, Customer};
use crate::domain::rapport::Rapport;
use crate::entity::contact::Model as Contact;
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

/// A customer, and its place in the list it was asked for in.
pub type Placed = (Arc<Customer>, CustomerPlace);

/// Contacts by survivor, each list oldest first.
pub type Contacts = HashMap<CustomerId, Vec<Contact>>;

impl Rapport {
    /// A page of survivors, and whether there are more.
    pub async fn customer_list(
        &self,
        tenant: TenantId,
        list: &CustomerList,
    ) -> Result<(Vec<Placed>, bool)> {
        let mut sql = self.store.sql();
        list.add(&mut sql, tenant);
        let placed = self
            .store
            .all(sql)
            .await?
            .iter()
            .map(|row| place(row, 0, list.order))
            .collect::<Result<_>>()?;
        Ok(list.page(placed))
    }

    /// The same and the contacts of each customer that has any, oldest first: in one statement on PostgreSQL.
    pub async fn customer_list_with_contacts(
        &self,
        tenant: TenantId,
        list: &CustomerList,
    ) -> Result<(Vec<Placed>, Contacts, bool)> {
        if !self.store.is_postgres() {
            let (placed, more) = self.customer_list(tenant, list).await?;
            let survivors: Vec<CustomerId> =
                placed.iter().map(|(customer, _)| customer.id).collect();
            return Ok((placed, self.contacts_of(tenant, &survivors).await?, more));
        }
        let mut sql = self.store.sql();
        sql.push("WITH page AS MATERIALIZED (");
        list.add(&mut sql, tenant);
        sql.push(") SELECT 0, page.* FROM page UNION ALL SELECT 1, o.email, ")
            .push(contacts::BESIDE_CUSTOMERS);
        // How long the page is, the planner does not know: OFFSET leaves it no choice but the index.
        sql.push(" FROM page CROSS JOIN LATERAL (SELECT * FROM contact WHERE tenant = ")
            .bind(tenant);
        sql.push(" AND customer = page.number AND deleted_at IS NULL OFFSET 0) AS o");
        let (mut placed, mut contacts) = (Vec::new(), Vec::new());
        for row in self.store.all(sql).await? {
            match get::<i32>(&row, 0)? {
                0 => placed.push(place(&row, 1, list.order)?),
                _ => contacts.push(contacts::read_beside(tenant, &row, 1)?),
            }
        }
        // Nobody promises the order of two selects together.
        placed.sort_by(|(_, a), (_, b)| if list.ascending() { a.cmp(b) } else { b.cmp(a) });
        let (placed, more) = list.page(placed);
        Ok((placed, contacts::by_survivor(contacts), more))
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
    fn add(&self, sql: &mut Sql, tenant: TenantId) {
        sql.push("SELECT c.name_key, ");
        customer::columns(sql);
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

    /// The page of what [`CustomerList::add`] brings, and whether there are more.
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

/// A customer whose `name_key` and columns begin at a place.
fn place(row: &QueryResult, at: usize, order: CustomerOrder) -> Result<Placed> {
    let customer = Customer::read(row, at + 1)?;
    let place = match order {
        CustomerOrder::LastSeenDesc => {
            CustomerPlace::Seen(customer.last_seen.unwrap_or_default(), customer.id)
        }
        CustomerOrder::CreatedDesc => CustomerPlace::Created(customer.id),
        CustomerOrder::NameAsc => {
            CustomerPlace::Name(maybe::<String>(row, at)?.unwrap_or_default(), customer.id)
        }
    };
    Ok((Arc::new(customer), place))
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
