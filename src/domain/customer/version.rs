//! The cheapest question about a customer: who is it now, and at which version.

use crate::domain::model::customer_ref::Ref;
use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;

impl Rapport {
    /// Survivor and version of whom a reference names; one statement. Every committed write to a customer, its history,
    /// its addresses or its make-up has another version.
    pub async fn version_of(
        &self,
        tenant: TenantId,
        by: &Ref,
    ) -> Result<Option<(CustomerId, i64)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT s.number, s.position FROM ");
        let survivor = "customer_head h ON h.tenant = k.tenant AND h.number = k.home JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number)";
        match by {
            Ref::Unknown => return Ok(None),
            Ref::Customer(id) => {
                sql.push("customer_head h JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) WHERE h.tenant = ");
                sql.bind(tenant).push(" AND h.number = ").bind(*id);
            }
            Ref::Contact(number) => {
                sql.push("contact k JOIN ")
                    .push(survivor)
                    .push(" WHERE k.tenant = ")
                    .bind(tenant)
                    .push(" AND k.number = ")
                    .bind(*number);
            }
            Ref::Identity(given) => {
                let Some((namespace, match_key)) = self.key(tenant, given).await? else {
                    return Ok(None);
                };
                sql.push("identity k JOIN ")
                    .push(survivor)
                    .push(" WHERE k.tenant = ")
                    .bind(tenant)
                    .push(" AND k.namespace = ")
                    .bind(namespace);
                sql.push(" AND k.match_key = ").bind(match_key);
            }
        }
        self.store.one(sql).await?.map(|row| Ok((get(&row, 0)?, get(&row, 1)?))).transpose()
    }
}
