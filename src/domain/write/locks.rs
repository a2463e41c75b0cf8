//! Customers with all their homes, locked: what merge, undo, split and erase begin with.
//!
//! The survivor is the oldest of its homes, and whoever changes a make-up holds the survivor: locking survivors first
//! and then their homes, each by number, is one order for everybody.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::write::unit_of_work::UnitOfWork;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::Sql;

#[derive(Debug)]
pub(crate) struct LockedCustomers {
    /// The homes of each survivor, its own among them.
    pub sides: BTreeMap<CustomerId, BTreeSet<CustomerId>>,
}

impl LockedCustomers {
    /// Locks the customers to whom these homes belong.
    ///
    /// # Errors
    /// A home that does not exist is the user's error; one that moves meanwhile is [`Error::Retry`].
    pub(crate) async fn read(
        unit: &mut UnitOfWork<'_>,
        named: &[CustomerId],
    ) -> Result<LockedCustomers> {
        let locked = LockedCustomers::read_or_missing(unit, named).await?;
        locked
            .map_err(|_| UserError::not_found("there is no such customer").at(["customer"]).into())
    }

    /// The same of several that an input names: the error says which of them it is.
    ///
    /// # Errors
    /// As of [`LockedCustomers::read`].
    pub(crate) async fn read_named(
        unit: &mut UnitOfWork<'_>,
        named: &[CustomerId],
    ) -> Result<LockedCustomers> {
        let locked = LockedCustomers::read_or_missing(unit, named).await?;
        let missing = |n: usize| {
            let path = ["customers".to_owned(), n.to_string()];
            UserError::not_found("there is no such customer").at(path).into()
        };
        locked.map_err(missing)
    }

    /// The locked customers, or the number of the first name that is of nobody.
    async fn read_or_missing(
        unit: &mut UnitOfWork<'_>,
        named: &[CustomerId],
    ) -> Result<Result<LockedCustomers, usize>> {
        let tenant = unit.tenant();
        let mut survivors: BTreeMap<CustomerId, CustomerId> = BTreeMap::new();
        for row in unit.all(heads(unit.sql(), tenant, "number", named)).await? {
            let home = get(&row, 0)?;
            survivors.insert(home, get::<Option<CustomerId>>(&row, 1)?.unwrap_or(home));
        }
        // Nobody (of withheld numbers) has a head and is no customer.
        survivors.remove(&CustomerId(0));
        if let Some(missing) = named.iter().position(|home| !survivors.contains_key(home)) {
            return Ok(Err(missing));
        }
        let oldest: Vec<CustomerId> =
            survivors.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
        unit.lock(oldest.iter().copied()).await?;
        for survivor in &oldest {
            if unit.changes.head(*survivor)?.merged_into.is_some() {
                return Err(Error::Retry);
            }
        }
        let mut sides: BTreeMap<CustomerId, BTreeSet<CustomerId>> =
            oldest.iter().map(|home| (*home, BTreeSet::from([*home]))).collect();
        for row in unit.all(heads(unit.sql(), tenant, "merged_into", &oldest)).await? {
            sides.entry(get(&row, 1)?).or_default().insert(get(&row, 0)?);
        }
        if survivors.iter().any(|(home, survivor)| !sides[survivor].contains(home)) {
            return Err(Error::Retry);
        }
        unit.lock(sides.values().flatten().copied()).await?;
        Ok(Ok(LockedCustomers { sides }))
    }

    pub(crate) fn survivor(&self, home: CustomerId) -> Option<CustomerId> {
        self.sides.iter().find(|(_, homes)| homes.contains(&home)).map(|(survivor, _)| *survivor)
    }

    pub(crate) fn homes(&self) -> impl Iterator<Item = CustomerId> {
        self.sides.values().flatten().copied()
    }
}

fn heads(mut sql: Sql, tenant: TenantId, column: &str, of: &[CustomerId]) -> Sql {
    sql.push("SELECT number, merged_into FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND ")
        .push(column);
    sql.among(of.iter().map(|home| home.0));
    sql
}

/// Optimistic concurrency: what the caller saw must be what is.
pub(crate) fn expect_version(
    unit: &UnitOfWork<'_>,
    survivor: CustomerId,
    expected: Option<i64>,
) -> Result<()> {
    let version = unit.changes.head(survivor)?.position;
    match expected {
        Some(expected) if expected != version => {
            let message = format!("the customer has moved on to version {version}");
            Err(UserError::new(UserErrorCode::VersionConflict, message)
                .at(["expectedVersion"])
                .customer(survivor)
                .into())
        }
        _ => Ok(()),
    }
}

/// Where lists sort a customer that consists of these (locked) homes: when something happened last; where nothing has
/// happened, when the youngest was created.
pub(crate) async fn newest(
    unit: &UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<Option<Micros>> {
    let mut happened = None;
    for home in homes {
        happened = happened.max(unit.changes.head(*home)?.last_seen);
    }
    if happened.is_some() {
        return Ok(happened);
    }
    let mut sql = unit.sql();
    sql.push("SELECT MAX(created_at) FROM customer WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND number")
        .among(homes.iter().map(|home| home.0));
    unit.one(sql).await?.map_or(Ok(None), |row| get(&row, 0))
}

/// These homes and their survivors.
pub(crate) async fn with_survivors(
    unit: &UnitOfWork<'_>,
    homes: impl IntoIterator<Item = CustomerId>,
) -> Result<BTreeSet<CustomerId>> {
    let mut all: BTreeSet<CustomerId> = homes.into_iter().collect();
    let mut sql = unit.sql();
    sql.push("SELECT merged_into FROM customer_head WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND merged_into IS NOT NULL AND number")
        .among(all.iter().map(|home| home.0));
    for row in unit.all(sql).await? {
        all.insert(get(&row, 0)?);
    }
    Ok(all)
}
