//! What the staff says of many customers at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::customer::update::CustomerUpdate;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Error, Result, UserError};
use crate::ids::CustomerId;
use crate::store::Ending;
use crate::store::row::get;

/// Customers in one call.
pub const MOST_CUSTOMERS: usize = 1_000;
/// Customers in one transaction: nobody else waits for more of them.
const TOGETHER: usize = 100;

/// What became of one of them.
pub type Updated = Result<bool, UserError>;

impl Rapport {
    /// The same change for each of these, by the id of any home: whether it said something new of the customer, or why it
    /// cannot be made. A customer that is named twice is changed once.
    pub async fn update_customers(
        &self,
        scope: &Scope,
        named: &[CustomerId],
        update: &CustomerUpdate,
    ) -> Result<BTreeMap<CustomerId, Updated>> {
        let rules = self.rules(scope.tenant).await?;
        let update = update.clone().check(&rules.settings.stages)?;
        let homes: BTreeSet<CustomerId> = named.iter().copied().collect();
        let homes: Vec<CustomerId> = homes.into_iter().collect();
        let mut done = BTreeMap::new();
        for homes in homes.chunks(TOGETHER) {
            let update = UpdateCustomers { homes, update: &update };
            done.extend(self.write(scope, Ending::Commit, &update).await?);
        }
        Ok(done)
    }
}

struct UpdateCustomers<'a> {
    homes: &'a [CustomerId],
    update: &'a CustomerUpdate,
}

impl Write for UpdateCustomers<'_> {
    type Done = BTreeMap<CustomerId, Updated>;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateCustomer);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        let survivors = self.lock(unit).await?;
        let mut homes = Profiles::homes_of(unit, survivors.values().copied()).await?;
        let customers: BTreeMap<usize, BTreeSet<CustomerId>> = survivors
            .values()
            .copied()
            .collect::<BTreeSet<CustomerId>>()
            .into_iter()
            .enumerate()
            .map(|(n, survivor)| {
                let mut all = homes.remove(&survivor).unwrap_or_default();
                all.insert(survivor);
                (n, all)
            })
            .collect();
        let mut of_survivor = BTreeMap::new();
        for (_, profiles) in Profiles::read_each(unit, &customers).await? {
            // The oldest home is the survivor.
            let Some(survivor) = profiles.homes().first().copied() else { continue };
            match self.update.change(unit, survivor, profiles) {
                Ok(changed) => of_survivor.insert(survivor, Ok(changed)),
                Err(Error::User(error)) => {
                    of_survivor.insert(survivor, Err(error.customer(survivor)))
                }
                Err(error) => return Err(error),
            };
        }
        let missing = || UserError::not_found("there is no such customer").at(["customers"]);
        let mut told = BTreeSet::new();
        let of = |home: &CustomerId| {
            let survivor = survivors
                .get(home)
                .and_then(|survivor| Some((*survivor, of_survivor.get(survivor)?.clone())));
            let updated = match survivor {
                None => Err(missing()),
                // Under another of its ids it was changed already.
                Some((survivor, Ok(_))) if !told.insert(survivor) => Ok(false),
                Some((_, updated)) => updated,
            };
            (*home, updated)
        };
        Ok(self.homes.iter().map(of).collect())
    }
}

impl UpdateCustomers<'_> {
    /// Locks the heads of those that are there; each with its survivor.
    async fn lock(&self, unit: &mut UnitOfWork<'_>) -> Result<BTreeMap<CustomerId, CustomerId>> {
        let mut sql = unit.sql();
        sql.push("SELECT number, COALESCE(merged_into, number) FROM customer_head WHERE tenant = ")
            .bind(unit.tenant());
        // Nobody (of withheld numbers) has a head and is no customer.
        sql.push(" AND number")
            .among(self.homes.iter().map(|home| home.0).filter(|home| *home > 0));
        let mut survivors = BTreeMap::new();
        for row in unit.all(sql).await? {
            survivors.insert(get(&row, 0)?, get(&row, 1)?);
        }
        let both: BTreeSet<CustomerId> =
            survivors.iter().flat_map(|(home, survivor)| [*home, *survivor]).collect();
        unit.lock(both).await?;
        for (home, survivor) in &survivors {
            if unit.changes.survivor(*home)? != *survivor {
                return Err(Error::Retry);
            }
        }
        Ok(survivors)
    }
}
