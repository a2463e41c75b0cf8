//! Rows of identities: a customer's as whole rows, new ones, and their locks.

use std::collections::BTreeSet;

use sea_orm::QueryResult;

use crate::domain::identifier::Identifier;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::identity;
use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::error::{Result, UserError};
use crate::ids::{ContactNumber, CustomerId, IdentityId};
use crate::store::row::{get, kind};
use crate::store::sql::{Sql, insert};

/// An identity as what moves or erases it needs it.
#[derive(Clone, Debug)]
pub(crate) struct IdentityRow {
    pub id: IdentityId,
    pub home: CustomerId,
    pub identifier: Identifier,
}

impl IdentityRow {
    fn read(row: &QueryResult) -> Result<IdentityRow> {
        let identifier = Identifier {
            kind: kind(get::<i16>(row, 2)?.into(), IdentityKind::from_number)?,
            namespace: get(row, 3)?,
            match_key: get(row, 4)?,
            value: get(row, 5)?,
            raw: get(row, 6)?,
        };
        Ok(IdentityRow { id: get(row, 0)?, home: get(row, 1)?, identifier })
    }
}

/// The identities of these homes, oldest first.
pub(crate) async fn identities_of(
    unit: &UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<Vec<IdentityRow>> {
    let mut sql = unit.sql();
    sql.push("SELECT id, home, kind, namespace, match_key, value, raw_value FROM identity WHERE tenant = ")
        .bind(unit.tenant());
    sql.push(" AND home").among(homes.iter().map(|home| home.0)).push(" ORDER BY id");
    unit.all(sql).await?.iter().map(IdentityRow::read).collect()
}

/// The ids of those that were removed from these homes.
pub(crate) async fn removed_identities(
    unit: &UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<Vec<IdentityId>> {
    let mut sql = unit.sql();
    sql.push("SELECT id FROM removed_identity WHERE tenant = ").bind(unit.tenant());
    sql.push(" AND home").among(homes.iter().map(|home| home.0));
    unit.all(sql).await?.iter().map(|row| get(row, 0)).collect()
}

/// Locks these identities in the order in which identify does.
pub(crate) async fn lock_identities(unit: &UnitOfWork<'_>, ids: &[IdentityId]) -> Result<()> {
    let dialect = unit.dialect();
    let mut sql = unit.sql();
    sql.push("SELECT id FROM identity WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND id")
        .among(ids.iter().map(|id| id.0))
        .push(" ORDER BY namespace")
        .push(dialect.bytewise())
        .push(", match_key")
        .push(dialect.for_update());
    let there: BTreeSet<IdentityId> =
        unit.all(sql).await?.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
    match ids.iter().position(|id| !there.contains(id)) {
        Some(n) => {
            let path = ["identities".to_owned(), n.to_string()];
            Err(UserError::not_found("no such identity").at(path).into())
        }
        None => Ok(()),
    }
}

/// A new identity.
pub(crate) struct NewIdentity<'a> {
    pub id: IdentityId,
    pub identifier: &'a Identifier,
    /// The kinds under which it came.
    pub kinds: Kinds,
    pub verified: bool,
    /// Where it belongs; provisional where the rows of those that are there are locked first.
    pub home: CustomerId,
    pub contact: ContactNumber,
    pub source: &'a str,
}

/// Inserts identities, or locks the rows of those that are there; whether all of them were new. Rows must come sorted by
/// key, so that two requests never wait for each other in a ring.
pub(crate) async fn claim_identities(
    unit: &mut UnitOfWork<'_>,
    rows: &[NewIdentity<'_>],
) -> Result<bool> {
    let ids: BTreeSet<IdentityId> = rows.iter().map(|row| row.id).collect();
    let mut sql = new_identities(unit, rows);
    sql.push(" ON CONFLICT (tenant, namespace, match_key) DO UPDATE SET match_key = excluded.match_key RETURNING id");
    let (mut all_new, mut any_new) = (true, false);
    for row in unit.claim(sql).await? {
        let new = ids.contains(&get(&row, 0)?);
        (all_new, any_new) = (all_new && new, any_new || new);
    }
    if any_new {
        unit.inserted::<identity::Entity>();
    }
    Ok(all_new)
}

/// Inserts identities, and fails where one of them is there. Rows must come sorted by key.
pub(crate) fn new_identities(unit: &UnitOfWork<'_>, rows: &[NewIdentity<'_>]) -> Sql {
    let model = |row: &NewIdentity<'_>| identity::Model {
        tenant: unit.tenant(),
        id: row.id,
        namespace: row.identifier.namespace.clone(),
        match_key: row.identifier.match_key.clone(),
        home: row.home,
        contact: row.contact,
        kind: row.identifier.kind,
        value: row.identifier.value.clone(),
        raw_value: row.identifier.raw.clone(),
        verification: if row.verified { Verification::Verified } else { Verification::Claimed },
        shared: false,
        source: row.source.to_owned(),
        actor: Some(unit.scope.actor.to_string()),
        first_seen: unit.now,
        last_seen: unit.now,
        other_kinds: row.kinds.without(row.identifier.kind.into()),
        reread_in: None,
    };
    insert::<identity::Entity>(unit.dialect(), &rows.iter().map(model).collect::<Vec<_>>())
}
