//! Reading people: by id, by identity, by contact, and in lists.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::QueryResult;

use crate::domain::contacts;
use crate::domain::customer::{self, Customer};
use crate::domain::history::{self, Page, PageRequest};
use crate::domain::identifier::{self, Parsed};
use crate::domain::identify::Given;
use crate::domain::item::{get, maybe};
use crate::domain::rapport::Rapport;
use crate::domain::record::Ref;
use crate::domain::sql::Sql;
use crate::entity::contact::Model as Contact;
use crate::entity::identity::{self, Model as Identity};
use crate::entity::kinds::{CustomerStatus, IdentityKind, LifecycleStage};
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, Micros, TenantId};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter};

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

/// A customer, and what was read with it.
pub struct Found {
    pub customer: Arc<Customer>,
    /// Oldest first.
    pub contacts: Option<Vec<Contact>>,
    pub page: Option<Page>,
}

/// Contacts by survivor, each list oldest first.
pub type Contacts = HashMap<CustomerId, Vec<Contact>>;

const SURVIVOR: &str = "JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) \
     JOIN customer c ON c.tenant = s.tenant AND c.number = s.number ";

impl Rapport {
    /// Customers by the id of any of their homes: the id of a merged customer answers the surviving one.
    pub async fn customers_by_id(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Arc<Customer>>> {
        let mut sql = self.store.sql();
        sql.push("SELECT h.number, ");
        customer::columns(&mut sql);
        sql.push(" FROM customer_head h ").push(SURVIVOR).push("WHERE h.tenant = ").bind(tenant);
        match ids {
            [id] => sql.push(" AND h.number = ").bind(*id),
            ids => sql.push(" AND h.number").among(ids.iter().map(|id| id.0)),
        };
        let mut found = HashMap::new();
        for row in self.store.all(sql).await? {
            found.insert(get(&row, 0)?, Arc::new(Customer::read(&row, 1)?));
        }
        Ok(found)
    }

    /// The customer that a reference names, if there is one.
    pub async fn customer(&self, tenant: TenantId, by: &Ref) -> Result<Option<Arc<Customer>>> {
        Ok(self.customer_and(tenant, by, false, None).await?.map(|found| found.customer))
    }

    /// The same, and in the same statement the contacts where they are wanted, and this page of the history where the store
    /// reads it so: on SQLite, of a customer of one home. PostgreSQL is quicker at rows of their own.
    pub async fn customer_and(
        &self,
        tenant: TenantId,
        by: &Ref,
        contacts: bool,
        page: Option<&PageRequest>,
    ) -> Result<Option<Found>> {
        let page = page.filter(|_| !self.store.is_postgres());
        let mut sql = self.store.sql();
        sql.push("SELECT ");
        customer::columns(&mut sql);
        if contacts {
            contacts::column(sql.push(", "));
        }
        if let Some(request) = page {
            history::column(sql.push(", "), tenant, request);
        }
        match by {
            Ref::Unknown => return Ok(None),
            Ref::Customer(id) => {
                sql.push(" FROM customer_head h ")
                    .push(SURVIVOR)
                    .push("WHERE h.tenant = ")
                    .bind(tenant)
                    .push(" AND h.number = ")
                    .bind(*id);
            }
            Ref::Contact(number) => {
                sql.push(" FROM contact k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home ").push(SURVIVOR);
                sql.push("WHERE k.tenant = ").bind(tenant).push(" AND k.number = ").bind(*number);
            }
            Ref::Identity(given) => {
                let Some((namespace, match_key)) = self.key(tenant, given).await? else {
                    return Ok(None);
                };
                sql.push(" FROM identity k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home ").push(SURVIVOR);
                sql.push("WHERE k.tenant = ")
                    .bind(tenant)
                    .push(" AND k.namespace = ")
                    .bind(namespace)
                    .push(" AND k.match_key = ")
                    .bind(match_key);
            }
        }
        let Some(row) = self.store.one(sql).await? else { return Ok(None) };
        let customer = Customer::read(&row, 0)?;
        let mut at = customer::WIDTH..;
        let mut next = || maybe::<String>(&row, at.next().unwrap_or_default());
        let contacts =
            if contacts { Some(contacts::parse(tenant, next()?.as_deref())?) } else { None };
        let page = match page {
            Some(request) if customer.homes.len() == 1 => {
                Some(history::parse(next()?.as_deref(), request)?)
            }
            _ => None,
        };
        Ok(Some(Found { customer: Arc::new(customer), contacts, page }))
    }

    /// The key of an address; none for what is no identifier. What cannot be one is an error.
    pub async fn key(&self, tenant: TenantId, given: &Given) -> Result<Option<(String, String)>> {
        let rules = self.rules(tenant).await?;
        let parsed = identifier::parse(
            given.kind,
            &given.value,
            given.namespace.as_deref(),
            &rules.identifiers,
        )?;
        Ok(match parsed {
            Parsed::Identifier(found) => Some((found.namespace, found.match_key)),
            Parsed::Ignored { .. } => None,
        })
    }

    pub async fn identity_by_key(
        &self,
        tenant: TenantId,
        given: &Given,
    ) -> Result<Option<Identity>> {
        let Some((namespace, match_key)) = self.key(tenant, given).await? else { return Ok(None) };
        let columns = identity::Column::Tenant
            .eq(tenant)
            .and(identity::Column::Namespace.eq(namespace))
            .and(identity::Column::MatchKey.eq(match_key));
        Ok(self.store.find(identity::Entity::find().filter(columns)).await?.into_iter().next())
    }

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

    /// How many a filter admits, counted no further than `most`.
    pub async fn count_customers(
        &self,
        tenant: TenantId,
        wanted: &CustomerFilter,
        most: u64,
    ) -> Result<u64> {
        let mut sql = self.store.sql();
        sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ");
        sql.bind(tenant).push(" AND s.list_seen IS NOT NULL");
        filter(&mut sql, wanted);
        sql.push(" LIMIT ").bind(most as i64).push(") AS counted");
        let row = self.store.one(sql).await?;
        Ok(row.map(|row| get::<i64>(&row, 0)).transpose()?.unwrap_or(0).unsigned_abs())
    }

    /// The identities of these homes, oldest first: at most `each` of one home, so that nobody's many push another's few
    /// away.
    pub async fn identities_of(
        &self,
        tenant: TenantId,
        homes: &BTreeSet<CustomerId>,
        kinds: &[IdentityKind],
        after: Option<IdentityId>,
        each: u64,
    ) -> Result<Vec<Identity>> {
        let mut sql = self.store.sql();
        let one = homes.first().filter(|_| homes.len() == 1);
        sql.push(match one {
            Some(_) => "SELECT * FROM identity WHERE tenant = ",
            None => "SELECT * FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home ORDER BY id) AS n FROM identity i WHERE tenant = ",
        });
        sql.bind(tenant).push(" AND home");
        match one {
            Some(home) => sql.push(" = ").bind(*home),
            None => sql.among(homes.iter().map(|home| home.0)),
        };
        if !kinds.is_empty() {
            sql.push(" AND kind").among(kinds.iter().map(|kind| i64::from(kind.number())));
        }
        if let Some(after) = after {
            sql.push(" AND id > ").bind(after);
        }
        match one {
            Some(_) => sql.push(" ORDER BY id LIMIT ").bind(each as i64),
            None => sql.push(") AS x WHERE n <= ").bind(each as i64).push(" ORDER BY id"),
        };
        self.store
            .all(sql)
            .await?
            .iter()
            .map(|row| Ok(Identity::from_query_result(row, "")?))
            .collect()
    }

    pub async fn identities_by_id(
        &self,
        tenant: TenantId,
        ids: &[IdentityId],
    ) -> Result<Vec<Identity>> {
        let query = identity::Entity::find().filter(identity::Column::Tenant.eq(tenant));
        self.store.find(query.filter(identity::Column::Id.is_in(ids.iter().copied()))).await
    }
}

impl CustomerList {
    /// Adds the select of one customer more than the page shows.
    fn add(&self, sql: &mut Sql, tenant: TenantId) {
        sql.push("SELECT c.name_key, ");
        customer::columns(sql);
        sql.push(" FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ").bind(tenant);
        sql.push(match self.order {
            CustomerOrder::NameAsc => {
                " AND c.tenant = s.tenant AND c.name_key IS NOT NULL AND s.list_seen IS NOT NULL"
            }
            _ => " AND s.list_seen IS NOT NULL",
        });
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
        let find = if sql.is_postgres() { " AND strpos(c.tags, " } else { " AND instr(c.tags, " };
        sql.push(find).bind(quoted).push(") > 0");
    }
    if let Some(since) = filter.seen_since {
        sql.push(" AND s.list_seen >= ").bind(since);
    }
    if !filter.identity_kinds.is_empty() {
        sql.push(" AND EXISTS (SELECT 1 FROM customer_head m JOIN identity i ON i.tenant = m.tenant AND i.home = m.number WHERE m.tenant = s.tenant AND (m.number = s.number OR m.merged_into = s.number) AND i.kind");
        sql.among(filter.identity_kinds.iter().map(|kind| i64::from(kind.number()))).push(")");
    }
}
