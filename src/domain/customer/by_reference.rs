//! One customer, by whatever a caller knows of it: the id of any home, a contact's number, an identity.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::customer::beside::{Beside, Found};
use crate::domain::identifier::{self, Parsed};
use crate::domain::model::customer::{self, Customer};
use crate::domain::model::customer_ref::{Given, Ref};
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;

const SURVIVOR: &str = "JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) \
     JOIN customer c ON c.tenant = s.tenant AND c.number = s.number";

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
        sql.push(" FROM customer_head h ").push(SURVIVOR).push(" WHERE h.tenant = ").bind(tenant);
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
        let found = self.customer_and(tenant, by, Beside::default()).await?;
        Ok(found.map(|found| found.customer))
    }

    /// The same with what is wanted beside it, in one statement.
    pub async fn customer_and(
        &self,
        tenant: TenantId,
        by: &Ref,
        beside: Beside<'_>,
    ) -> Result<Option<Found>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ");
        beside.columns(&mut sql, tenant);
        match by {
            Ref::Unknown => return Ok(None),
            Ref::Customer(id) => {
                sql.push(" FROM customer_head h ").push(SURVIVOR);
                beside.join(&mut sql);
                sql.push(" WHERE h.tenant = ").bind(tenant).push(" AND h.number = ").bind(*id);
            }
            Ref::Contact(number) => {
                sql.push(" FROM contact k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home ").push(SURVIVOR);
                beside.join(&mut sql);
                sql.push(" WHERE k.tenant = ").bind(tenant).push(" AND k.number = ").bind(*number);
            }
            Ref::Identity(given) => {
                let Some((namespace, match_key)) = self.key(tenant, given).await? else {
                    return Ok(None);
                };
                sql.push(" FROM identity k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home ").push(SURVIVOR);
                beside.join(&mut sql);
                sql.push(" WHERE k.tenant = ")
                    .bind(tenant)
                    .push(" AND k.namespace = ")
                    .bind(namespace)
                    .push(" AND k.match_key = ")
                    .bind(match_key);
            }
        }
        let row = self.store.one(sql).await?;
        let mut found = row.map(|row| beside.read(tenant, &row, 0)).transpose()?;
        if let Some(found) = &mut found {
            self.with_pages(tenant, beside, vec![found]).await?;
        }
        Ok(found)
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
            Parsed::Identifier(found) => Some(self.key_in_force(tenant, &rules, &found).await?),
            Parsed::Ignored { .. } => None,
            Parsed::Unreadable(error) => return Err(error.into()),
        })
    }
}
