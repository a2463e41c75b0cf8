//! Lists of customers: filters, orders, pages by key.
//!
//! A list is gone through by the index of its order, and each customer is asked for the conditions of the filter. Where an
//! index says that few meet one of them, those are read and put in order instead; and where a page is not filled after so
//! many customers, all who meet every condition that has an index. See [`Bounds`].

use sea_orm::QueryResult;

use crate::domain::customer::beside::{Beside, Found};
pub use crate::domain::customer::filter::CustomerFilter;
use crate::domain::customer::filter::{Conditions, Lead, all_of};
pub use crate::domain::customer::order::{CustomerOrder, CustomerPlace};
use crate::domain::rapport::Rapport;
use crate::domain::search::TextFilter;
use crate::error::Result;
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::Store;
use crate::store::row::{get, maybe};
use crate::store::sql::Sql;

/// How much of a store a page reads.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So many are few: they are read and put in order.
    pub few: i64,
    /// The most customers that are asked one by one.
    pub steps: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { few: 2_000, steps: 10_000 }
    }
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

/// How the rows of a list are come by.
enum Way<'l> {
    /// By the list's own index, at most as far as this place.
    Through(Option<CustomerPlace>),
    /// Those who meet all of these; whether these are all that have an index.
    By(Vec<Lead<'l>>, bool),
}

impl Rapport {
    /// A page of survivors with what is wanted beside each, and whether there are more; in one statement, unless the
    /// filter has conditions with an index of their own.
    pub async fn customer_list(
        &self,
        tenant: TenantId,
        list: &CustomerList,
        beside: Beside<'_>,
    ) -> Result<(Vec<Placed>, bool)> {
        self.customer_list_within(tenant, list, beside, Bounds::default()).await
    }

    /// The same within other bounds: they change what is read, never what is told.
    pub async fn customer_list_within(
        &self,
        tenant: TenantId,
        list: &CustomerList,
        beside: Beside<'_>,
        bounds: Bounds,
    ) -> Result<(Vec<Placed>, bool)> {
        let (mut page, more) = if list.is_everybody(beside) {
            self.everybody(tenant, list, beside).await?
        } else {
            list.page(self.filtered(tenant, list, beside, bounds).await?)
        };
        let found = page.iter_mut().map(|(found, _)| found).collect();
        self.with_pages(tenant, beside, found).await?;
        Ok((page, more))
    }

    /// The rows of a page of those who meet the filter, one more than the page has.
    async fn filtered(
        &self,
        tenant: TenantId,
        list: &CustomerList,
        beside: Beside<'_>,
        bounds: Bounds,
    ) -> Result<Vec<Placed>> {
        let conditions = self.conditions(tenant, &list.filter).await?;
        let leads = conditions.leads(list.order);
        let mut page = Vec::new();
        for way in self.ways(&conditions, list, &leads, bounds).await? {
            let mut sql = self.store.sql();
            way.begin(&mut sql, tenant);
            beside.columns(sql.push("SELECT c.name_key, "), tenant);
            way.select(&mut sql, &conditions, list, beside);
            list.order.order(&mut sql, list.backwards);
            sql.push(" LIMIT ").bind((list.limit + 1) as i64);
            let rows = way.run(&self.store, sql).await?;
            let placed = |row| {
                let found = beside.read(tenant, row, 1)?;
                list.order.place(row, &found.customer).map(|place| (found, place))
            };
            page = rows.iter().map(placed).collect::<Result<Vec<Placed>>>()?;
            if page.len() as u64 > list.limit {
                break;
            }
        }
        Ok(page)
    }

    /// How many a list in this order has, counted no further than `most`.
    pub async fn count_customers(
        &self,
        tenant: TenantId,
        wanted: &CustomerFilter,
        order: CustomerOrder,
        most: u64,
    ) -> Result<u64> {
        self.count_customers_within(tenant, wanted, order, most, Bounds::default()).await
    }

    /// The same within other bounds.
    pub async fn count_customers_within(
        &self,
        tenant: TenantId,
        wanted: &CustomerFilter,
        order: CustomerOrder,
        most: u64,
        bounds: Bounds,
    ) -> Result<u64> {
        let filter = wanted.clone();
        let (limit, after, before, backwards) = (0, None, None, false);
        let list = CustomerList { filter, order, limit, after, before, backwards };
        let conditions = self.conditions(tenant, wanted).await?;
        let leads = conditions.leads(order);
        let mut count = 0;
        for way in self.ways(&conditions, &list, &leads, bounds).await? {
            let mut sql = self.store.sql();
            way.begin(&mut sql, tenant);
            sql.push("SELECT COUNT(*) FROM (SELECT 1");
            way.select(&mut sql, &conditions, &list, Beside::default());
            sql.push(" LIMIT ").bind(most as i64).push(") AS counted");
            let rows = way.run(&self.store, sql).await?;
            count =
                rows.first().map(|row| get::<i64>(row, 0)).transpose()?.unwrap_or(0).unsigned_abs();
            if count >= most {
                break;
            }
        }
        Ok(count)
    }

    pub(super) async fn conditions<'f>(
        &self,
        tenant: TenantId,
        filter: &'f CustomerFilter,
    ) -> Result<Conditions<'f>> {
        let text = match &filter.text {
            Some(typed) => Some(TextFilter::parse(typed, &self.rules(tenant).await?.identifiers)),
            None => None,
        };
        let own_stages = if filter.stage_names.is_empty() {
            None
        } else {
            Some(self.rules(tenant).await?.settings.stages.ids(&filter.stage_names))
        };
        Ok(Conditions { tenant, filter, text, own_stages })
    }

    /// How the list is read: by the first of these that fills the page; the last one always tells all.
    async fn ways<'l>(
        &self,
        conditions: &Conditions<'l>,
        list: &CustomerList,
        leads: &[Lead<'l>],
        bounds: Bounds,
    ) -> Result<Vec<Way<'l>>> {
        if leads.is_empty() {
            return Ok(vec![Way::Through(None)]);
        }
        let mut sql = self.store.sql();
        let tenant = conditions.tenant;
        for (n, lead) in leads.iter().enumerate() {
            sql.push(&format!("SELECT {n} AS part, COUNT(*) AS a, CAST(0 AS BIGINT) AS b, CAST(NULL AS TEXT) AS name FROM (SELECT 1 FROM ("));
            lead.select(&mut sql, tenant);
            sql.push(&format!(") AS lead{n} LIMIT {}) AS counted{n} UNION ALL ", bounds.few + 1));
        }
        list.far_place(&mut sql, tenant, bounds.steps);
        let mut fewest: Option<(i64, usize)> = None;
        let mut far = None;
        for row in self.store.search(sql).await? {
            let (part, a, b) = (get::<i32>(&row, 0)?, get::<i64>(&row, 1)?, get::<i64>(&row, 2)?);
            if let Ok(part) = usize::try_from(part) {
                let count = (a, part);
                fewest = Some(fewest.map_or(count, |fewest| fewest.min(count)));
            } else {
                let id = CustomerId(b);
                far = Some(match list.order {
                    CustomerOrder::LastSeenDesc => CustomerPlace::Seen(Micros(a), id),
                    CustomerOrder::CreatedDesc => CustomerPlace::Created(id),
                    CustomerOrder::NameAsc | CustomerOrder::NameDesc => {
                        let name = maybe::<String>(&row, 3)?.unwrap_or_default();
                        CustomerPlace::Name(name, id)
                    }
                });
            }
        }
        Ok(match (fewest, far) {
            (Some((count, lead)), _) if count <= bounds.few => {
                vec![Way::By(vec![leads[lead]], leads.len() == 1)]
            }
            (_, None) => vec![Way::Through(None)],
            (_, far) => vec![Way::Through(far), Way::By(leads.to_vec(), true)],
        })
    }
}

impl Way<'_> {
    /// Adds what stands before the select.
    fn begin(&self, sql: &mut Sql, tenant: TenantId) {
        if let Way::By(leads, _) = self {
            let materialized = sql.dialect.materialized();
            sql.push("WITH lead AS ").push(materialized).push("(");
            all_of(sql, tenant, leads);
            sql.push(") ");
        }
    }

    /// Adds the tables and conditions of the select.
    fn select(
        &self,
        sql: &mut Sql,
        conditions: &Conditions<'_>,
        list: &CustomerList,
        beside: Beside<'_>,
    ) {
        sql.push(match self {
            Way::Through(_) => " FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number",
            Way::By(..) => " FROM lead CROSS JOIN customer_head s CROSS JOIN customer c",
        });
        beside.join(sql);
        sql.push(match self {
            Way::Through(_) => " WHERE s.tenant = ",
            Way::By(..) => " WHERE c.tenant = s.tenant AND c.number = s.number AND s.number = lead.number AND s.tenant = ",
        });
        sql.bind(conditions.tenant);
        sql.push(list.order.listed());
        list.between(sql);
        if let Way::Through(Some(far)) = self {
            far.compare(sql, if list.order.ascending(list.backwards) { " <= " } else { " >= " });
        }
        conditions.push(sql);
        if !matches!(self, Way::By(_, true)) {
            conditions.push_looked_up(sql);
        }
    }

    /// Runs the select. How many a condition finds depends on its values, so that no plan of it is kept, and no table is
    /// read for it.
    async fn run(&self, store: &Store, sql: Sql) -> Result<Vec<QueryResult>> {
        match self {
            Way::Through(None) => store.all(sql).await,
            _ => store.search(sql).await,
        }
    }
}

impl CustomerList {
    /// The page of what a select brings that asks for one row more, and whether there are more.
    pub(super) fn page<T>(&self, mut placed: Vec<T>) -> (Vec<T>, bool) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = placed.len() > limit;
        placed.truncate(limit);
        if self.backwards {
            placed.reverse();
        }
        (placed, more)
    }
}
