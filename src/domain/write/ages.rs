//! When a person was seen last, to ten minutes, as the search terms tell it: renewed beside the work of the server, so that an
//! event need not write all terms of its customer anew.

use std::collections::BTreeSet;

use sea_orm::Value;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::text::{age, age_sql};
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::CellType;

/// Homes that are looked at in one go.
const ROWS: i64 = 2_000;
/// Homes that are written in one transaction: others wait for their customers meanwhile.
const HOMES: usize = 50;

impl Rapport {
    pub async fn tenants(&self) -> Result<Vec<TenantId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT id FROM tenant ORDER BY id");
        self.store.all(sql).await?.iter().map(|row| get(row, 0)).collect()
    }

    /// Renews the ages of the next homes after one; the last that was looked at, nothing where there is none.
    pub async fn renew_ages(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
    ) -> Result<Option<CustomerId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT h.number, EXISTS (SELECT 1 FROM search_term t WHERE t.tenant = h.tenant AND t.home = h.number AND t.age <> ");
        sql.push(&age_sql("s.list_seen"));
        sql.push(") FROM customer_head h JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) WHERE h.tenant = ")
            .bind(tenant);
        sql.push(" AND h.number > ").bind(after.map_or(0, |home| home.0));
        sql.push(" ORDER BY h.number LIMIT ").bind(ROWS);
        let mut last = None;
        let mut late: Vec<CustomerId> = Vec::new();
        for row in self.store.all(sql).await? {
            let home = get(&row, 0)?;
            last = Some(home);
            if get(&row, 1)? {
                late.push(home);
            }
        }
        let scope = Scope::of_the_worker(tenant);
        for homes in late.chunks(HOMES) {
            let renewed = self.write(&scope, Ending::Commit, &RenewAges { homes }).await;
            match renewed {
                // Erased since it was read: the next walk looks at its neighbours again.
                Err(Error::User(_)) => {}
                renewed => renewed?,
            }
        }
        Ok(last)
    }
}

struct RenewAges<'a> {
    homes: &'a [CustomerId],
}

impl Write for RenewAges<'_> {
    type Done = ();
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let locked = LockedCustomers::read(unit, self.homes).await?;
        let homes: BTreeSet<CustomerId> = self.homes.iter().copied().collect();
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for home in homes {
            let person = locked.survivor(home).ok_or(Error::Retry)?;
            let age = age(unit.changes.head(person)?.list_seen);
            rows.push(vec![unit.tenant().0.into(), home.into(), age.into()]);
        }
        let mut sql = unit.sql();
        sql.push("UPDATE search_term SET age = v.column3 FROM ");
        sql.rows(&[CellType::Big, CellType::Big, CellType::Int], &rows);
        sql.push(" AS v WHERE search_term.tenant = v.column1 AND search_term.home = v.column2 AND search_term.age <> v.column3");
        unit.derive(sql).await
    }
}
