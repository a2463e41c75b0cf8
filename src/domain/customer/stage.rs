//! The stages of the company's own on which customers are.

use std::collections::HashMap;

use crate::domain::rapport::Rapport;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;

impl Rapport {
    /// What these survivors' stages are called by the company, for those who are on one of its own.
    pub async fn stage_names(
        &self,
        tenant: TenantId,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, String>> {
        let rules = self.rules(tenant).await?;
        let stages = &rules.settings.stages;
        if stages.list.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = self.store.sql();
        sql.push("SELECT number, stage_id FROM customer WHERE tenant = ").bind(tenant);
        sql.push(" AND stage_id IS NOT NULL AND number").among(customers.iter().map(|id| id.0));
        let mut names = HashMap::new();
        for row in self.store.all(sql).await? {
            if let Some(stage) = stages.by_id(get(&row, 1)?) {
                names.insert(get(&row, 0)?, stage.name.clone());
            }
        }
        Ok(names)
    }
}
