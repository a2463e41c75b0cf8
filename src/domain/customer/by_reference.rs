//! One customer, by whatever a caller knows of it: the id of any home, a contact's number, an identity.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::customer::contacts;
use crate::domain::history::page::{Page, PageRequest};
use crate::domain::history::page_sql;
use crate::domain::identifier::{self, Parsed};
use crate::domain::model::customer::{self, Customer};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::rapport::Rapport;
use crate::entity::contact::Model as Contact;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::{get, maybe};

/// A customer, and what was read with it.
pub struct Found {
    pub customer: Arc<Customer>,
    /// Oldest first.
    pub contacts: Option<Vec<Contact>>,
    pub page: Option<Page>,
}

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
            page_sql::column(sql.push(", "), tenant, request);
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
                Some(Page::parse(next()?.as_deref(), request)?)
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
            Parsed::Identifier(found) => {
                Some(self.key_in_force(tenant, &rules, given, found).await?)
            }
            Parsed::Ignored { .. } => None,
            Parsed::Unreadable(error) => return Err(error.into()),
        })
    }
}
