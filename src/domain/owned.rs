//! A customer's addresses as whole rows, for what moves or erases them.

use std::collections::BTreeSet;

use sea_orm::QueryResult;

use crate::domain::identifier::{Identifier, LINE};
use crate::domain::item::{get, kind};
use crate::domain::store::Tx;
use crate::entity::kinds::IdentityKind;
use crate::error::{Result, UserError};
use crate::ids::{CustomerId, IdentityId, TenantId};

#[derive(Clone, Debug)]
pub(crate) struct Owned {
    pub id: IdentityId,
    pub home: CustomerId,
    pub identifier: Identifier,
}

impl Owned {
    fn read(row: &QueryResult) -> Result<Owned> {
        let identifier = Identifier {
            kind: kind(get::<i16>(row, 2)?.into(), IdentityKind::from_number)?,
            namespace: get(row, 3)?,
            match_key: get(row, 4)?,
            value: get(row, 5)?,
            raw: get(row, 6)?,
        };
        Ok(Owned { id: get(row, 0)?, home: get(row, 1)?, identifier })
    }

    /// Which column of a contact it fills.
    pub(crate) fn field(&self) -> Option<IdentityKind> {
        match self.identifier.kind {
            IdentityKind::Email => Some(IdentityKind::Email),
            _ if self.identifier.namespace == LINE => Some(IdentityKind::Phone),
            _ => None,
        }
    }
}

/// The addresses of these homes, oldest first.
pub(crate) async fn owned(
    tx: &Tx,
    tenant: TenantId,
    homes: &BTreeSet<CustomerId>,
) -> Result<Vec<Owned>> {
    let mut sql = tx.sql();
    sql.push("SELECT id, home, kind, namespace, match_key, value, raw_value FROM identity WHERE tenant = ").bind(tenant);
    sql.push(" AND home").among(homes.iter().map(|home| home.0)).push(" ORDER BY id");
    tx.all(sql).await?.iter().map(Owned::read).collect()
}

/// Locks these addresses in the order in which identify does.
pub(crate) async fn lock_identities(tx: &Tx, tenant: TenantId, ids: &[IdentityId]) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("SELECT id FROM identity WHERE tenant = ")
        .bind(tenant)
        .push(" AND id")
        .among(ids.iter().map(|id| id.0));
    if tx.is_postgres() {
        sql.push(" ORDER BY namespace COLLATE \"C\", match_key FOR UPDATE");
    }
    if tx.all(sql).await?.len() != ids.len() {
        return Err(UserError::not_found("no such identity").at(["identities"]).into());
    }
    Ok(())
}
