//! Who is probably the same person: offered to the staff, never linked by itself.

use std::collections::{BTreeSet, HashMap};

use crate::domain::rapport::Rapport;
use crate::domain::text::SearchField;
use crate::error::Result;
use crate::ids::{CustomerId, TenantId};
use crate::store::row::get;

/// Other people for one customer.
const MOST: usize = 20;

impl Rapport {
    /// For each of these customers (given by its homes) the survivors with an email that differs from one of its own by
    /// Gmail's dots or a plus tag only; at most 20 each.
    pub async fn suggestions(
        &self,
        tenant: TenantId,
        customers: &[Vec<CustomerId>],
    ) -> Result<HashMap<Vec<CustomerId>, Vec<CustomerId>>> {
        let homes: BTreeSet<i64> = customers.iter().flatten().map(|home| home.0).collect();
        let field = SearchField::Suggestion.number();
        let mut sql = self.store.sql();
        sql.push("SELECT a.home, b.person FROM search_term a ");
        sql.push("JOIN search_term b ON b.tenant = a.tenant AND b.term = a.term AND b.field = a.field AND b.home <> a.home WHERE a.tenant = ")
            .bind(tenant);
        sql.push(" AND a.field = ")
            .bind(field)
            .push(" AND a.home")
            .among(homes)
            .push(" ORDER BY 1, 2 LIMIT 2000");
        let mut pairs: Vec<(CustomerId, CustomerId)> = Vec::new();
        for row in self.store.all(sql).await? {
            pairs.push((get(&row, 0)?, get(&row, 1)?));
        }
        let of = |homes: &Vec<CustomerId>| -> Vec<CustomerId> {
            let others: BTreeSet<CustomerId> = pairs
                .iter()
                .filter(|(home, other)| homes.contains(home) && !homes.contains(other))
                .map(|(_, other)| *other)
                .collect();
            others.into_iter().take(MOST).collect()
        };
        Ok(customers.iter().map(|homes| (homes.clone(), of(homes))).collect())
    }
}
