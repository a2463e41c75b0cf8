//! What a merge would do: it is rehearsed in a transaction that is rolled back, so that the preview cannot differ from
//! the merge.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::contacts;
use crate::domain::customer::{self, Customer};
use crate::domain::identify::{HoldRule, objections, sides};
use crate::domain::ledger::Ledger;
use crate::domain::locked::Locked;
use crate::domain::merges::{Joining, MergeRequest};
use crate::domain::rapport::Rapport;
use crate::domain::reviews;
use crate::domain::scope::Scope;
use crate::domain::store::{Ending, Tx};
use crate::entity::contact;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};

/// What would be.
#[derive(Clone, PartialEq, Debug)]
pub struct MergePreview {
    /// The merged customer: survivor, homes, name, counts, …; its version is what the merge would make it.
    pub customer: Customer,
    /// The survivor's version now: what `expected_version` of the merge is compared with.
    pub version: i64,
    /// Every contact of it, the primary first, then by age.
    pub contacts: Vec<contact::Model>,
    pub emails: Vec<String>,
    pub phone_numbers: Vec<String>,
    /// Who would be merged into it.
    pub merged: Vec<CustomerId>,
    /// What speaks against it. A merge by hand overrides all but [`HoldRule::KeepApart`].
    pub warnings: Vec<(HoldRule, String)>,
}

impl Rapport {
    /// What this merge would do; nothing changes. Customers who are one already are simply shown as they are.
    pub async fn merge_preview(
        &self,
        scope: &Scope,
        request: MergeRequest,
    ) -> Result<MergePreview> {
        request.check()?;
        let work = Arc::new((self.clone(), scope.clone(), request));
        self.store
            .transact_to(Ending::RollBack, move |tx| {
                let work = work.clone();
                Box::pin(async move { work.0.rehearse(tx, &work.1, &work.2).await })
            })
            .await
    }

    async fn rehearse(
        &self,
        tx: &Tx,
        scope: &Scope,
        request: &MergeRequest,
    ) -> Result<MergePreview> {
        let now = self.clock.now();
        let mut ledger = Ledger::new(scope.tenant, now);
        let locked = Locked::read(tx, &mut ledger, scope.tenant, &request.customers).await?;
        let survivors: BTreeSet<CustomerId> = locked.sides.keys().copied().collect();
        let survivor = *survivors.first().expect("a checked request names customers");
        let version = ledger.head(survivor)?.position;
        let mut warnings = Vec::new();
        if survivors.len() > 1 {
            let rules = self.rules(scope.tenant).await?;
            let apart = reviews::kept_apart(tx, scope.tenant, locked.homes()).await?;
            let known = sides(tx, scope.tenant, &survivors).await?;
            let holds = objections(&survivors, &known, &apart, &rules.settings.guards);
            warnings = holds.into_iter().map(|hold| (hold.rule, hold.message)).collect();
            let mut joining =
                Joining { rapport: self, scope, tx, ledger: &mut ledger, locked: &locked, now };
            let (_, mut statements) = joining.join(&request.customers, None)?;
            statements.extend(ledger.flush(tx));
            tx.run_together(statements).await?;
        }
        let contacts = contacts(tx, scope.tenant, survivor).await?;
        let values = |pick: fn(&contact::Model) -> Option<&String>| {
            let mut seen = BTreeSet::new();
            contacts.iter().filter_map(pick).filter(|value| seen.insert(*value)).cloned().collect()
        };
        Ok(MergePreview {
            customer: customer_row(tx, scope.tenant, survivor).await?,
            version,
            emails: values(|contact| contact.email.as_ref()),
            phone_numbers: values(|contact| contact.phone_number.as_ref()),
            merged: survivors.into_iter().skip(1).collect(),
            warnings,
            contacts,
        })
    }
}

async fn customer_row(tx: &Tx, tenant: TenantId, survivor: CustomerId) -> Result<Customer> {
    let mut sql = tx.sql();
    sql.push("SELECT ");
    customer::columns(&mut sql);
    sql.push(" FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ").bind(tenant);
    sql.push(" AND s.number = ").bind(survivor);
    Customer::read(&tx.one(sql).await?.ok_or(Error::Moved)?, 0)
}

async fn contacts(tx: &Tx, tenant: TenantId, survivor: CustomerId) -> Result<Vec<contact::Model>> {
    let rows = tx.all(contacts::select(tx.sql(), tenant, &[survivor])).await?;
    rows.iter().map(|row| contacts::read(tenant, row)).collect()
}
