//! What a merge would do: it is rehearsed in a transaction that is rolled back, so that the preview cannot differ from
//! the merge.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::domain::identity::customer_totals::customer_totals;
use crate::domain::identity::guards::objections;
use crate::domain::identity::keep_apart::pairs_kept_apart;
use crate::domain::identity::merge::{MergeRequest, join_by_hand};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::customer::{self, Customer};
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::contact::{self, Column};
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::store::Ending;

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
        self.write(scope, Ending::RollBack, &RehearseMerge { request }).await
    }
}

struct RehearseMerge {
    request: MergeRequest,
}

impl Write for RehearseMerge {
    type Done = MergePreview;
    /// What is rolled back is not audited.
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<MergePreview> {
        let customers = LockedCustomers::read_named(unit, &self.request.customers).await?;
        let survivors: BTreeSet<CustomerId> = customers.sides.keys().copied().collect();
        let survivor = *survivors.first().expect("a checked request names customers");
        let version = unit.changes.head(survivor)?.position;
        let mut warnings = Vec::new();
        if survivors.len() > 1 {
            let rules = unit.rapport.rules(unit.tenant()).await?;
            let apart = pairs_kept_apart(unit, customers.homes()).await?;
            let totals = customer_totals(unit, &survivors).await?;
            let holds = objections(&survivors, &totals, &apart, &rules.settings.guards);
            warnings = holds.into_iter().map(|hold| (hold.rule, hold.message)).collect();
            join_by_hand(unit, &customers, &self.request.customers, None).await?;
            unit.run_all().await?;
        }
        let contacts = contacts(unit, survivor).await?;
        let values = |pick: fn(&contact::Model) -> Option<&String>| {
            let mut seen = BTreeSet::new();
            contacts.iter().filter_map(pick).filter(|value| seen.insert(*value)).cloned().collect()
        };
        Ok(MergePreview {
            customer: merged_customer(unit, survivor).await?,
            version,
            emails: values(|contact| contact.email.as_ref()),
            phone_numbers: values(|contact| contact.phone_number.as_ref()),
            merged: survivors.into_iter().skip(1).collect(),
            warnings,
            contacts,
        })
    }
}

async fn merged_customer(unit: &UnitOfWork<'_>, survivor: CustomerId) -> Result<Customer> {
    let mut sql = unit.sql();
    sql.push("SELECT ");
    customer::columns(&mut sql);
    sql.push(" FROM customer_head s JOIN customer c ON c.tenant = s.tenant AND c.number = s.number WHERE s.tenant = ").bind(unit.tenant());
    sql.push(" AND s.number = ").bind(survivor);
    Customer::read(&unit.one(sql).await?.ok_or(Error::Retry)?, 0)
}

async fn contacts(unit: &UnitOfWork<'_>, survivor: CustomerId) -> Result<Vec<contact::Model>> {
    let contacts = contact::Entity::of(unit.tenant())
        .filter(Column::Customer.eq(survivor))
        .filter(Column::DeletedAt.is_null());
    unit.find(contacts.order_by_asc(Column::Number)).await
}
