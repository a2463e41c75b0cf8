//! The identities of a customer, read.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::domain::model::customer_ref::Given;
use crate::domain::rapport::Rapport;
use crate::entity::identity::{self, Model as Identity};
use crate::entity::kinds::{IdentityKind, Kinds, Verification};
use crate::entity::removed_identity::{self, Model as Removed};
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};
use crate::store::lines::lines;
use crate::store::row::kind;
use crate::store::sql::{Sql, among};

impl Rapport {
    pub async fn identity_by_key(
        &self,
        tenant: TenantId,
        given: &Given,
    ) -> Result<Option<Identity>> {
        let Some((namespace, match_key)) = self.key(tenant, given).await? else { return Ok(None) };
        let query = identity::Entity::of(tenant)
            .filter(identity::Column::Namespace.eq(namespace))
            .filter(identity::Column::MatchKey.eq(match_key));
        Ok(self.store.find(query).await?.into_iter().next())
    }

    /// The identities of these homes, oldest first: at most `each` of one home, so that nobody's many push another's few
    /// away.
    pub async fn identities_of(
        &self,
        tenant: TenantId,
        homes: &BTreeSet<CustomerId>,
        kinds: &[IdentityKind],
        after: Option<IdentityId>,
        each: u64,
    ) -> Result<Vec<Identity>> {
        self.identity_lines(tenant, |sql| {
            let one = homes.first().filter(|_| homes.len() == 1);
            sql.push(match one {
                Some(_) => " FROM identity WHERE tenant = ",
                None => " FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home ORDER BY id) AS n FROM identity i WHERE tenant = ",
            });
            sql.bind(tenant).push(" AND home");
            match one {
                Some(home) => sql.push(" = ").bind(*home),
                None => sql.among(homes.iter().map(|home| home.0)),
            };
            if !kinds.is_empty() {
                sql.push(" AND ");
                of_kinds(sql, if one.is_some() { "identity" } else { "i" }, kinds);
            }
            if let Some(after) = after {
                sql.push(" AND id > ").bind(after);
            }
            match one {
                Some(_) => sql.push(" ORDER BY id LIMIT ").bind(each as i64),
                None => sql.push(") AS x WHERE n <= ").bind(each as i64),
            };
        })
        .await
    }

    /// Oldest first; also those that were removed since.
    pub async fn identities_by_id(
        &self,
        tenant: TenantId,
        ids: &[IdentityId],
    ) -> Result<Vec<Identity>> {
        self.identity_lines(tenant, |sql| {
            sql.push(" FROM identity WHERE tenant = ").bind(tenant).push(" AND id");
            sql.among(ids.iter().map(|id| id.0));
            sql.push(" UNION ALL SELECT ").push(COLUMNS);
            sql.push(" FROM removed_identity WHERE tenant = ").bind(tenant).push(" AND id");
            sql.among(ids.iter().map(|id| id.0));
        })
        .await
    }

    /// Those that were removed from these homes, the newest removal first.
    pub async fn removed_identities(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
    ) -> Result<Vec<Removed>> {
        let of_homes = among(
            self.store.dialect,
            removed_identity::Column::Home,
            homes.iter().map(|home| home.0),
        );
        let removed = removed_identity::Entity::of(tenant)
            .filter(of_homes)
            .order_by_desc(removed_identity::Column::Id)
            .limit(MOST_REMOVED);
        let mut removed = self.store.find(removed).await?;
        removed.sort_by_key(|row| std::cmp::Reverse(row.removed_at));
        Ok(removed)
    }

    /// Which of these identities were removed.
    pub async fn removals(&self, tenant: TenantId, ids: &[IdentityId]) -> Result<Vec<Removed>> {
        let column = removed_identity::Column::Id;
        let by_id = among(self.store.dialect, column, ids.iter().map(|id| id.0));
        self.store.find(removed_identity::Entity::of(tenant).filter(by_id)).await
    }

    /// The identities of a select, which goes on after its columns; oldest first.
    async fn identity_lines(
        &self,
        tenant: TenantId,
        select: impl FnOnce(&mut Sql),
    ) -> Result<Vec<Identity>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ").lines(COLUMNS, |sql| select(sql.push("SELECT ").push(COLUMNS)));
        let Some(row) = self.store.one(sql).await? else { return Ok(Vec::new()) };
        let lines: Vec<Line> = lines(&row, 0)?;
        let mut identities: Vec<Identity> =
            lines.into_iter().map(|line| identity(tenant, line)).collect::<Result<_>>()?;
        // Nobody promises the order of an aggregate over an ordered select.
        identities.sort_by_key(|identity| identity.id);
        Ok(identities)
    }
}

/// Removed identities of a customer.
const MOST_REMOVED: u64 = 200;

const COLUMNS: &str = "id, namespace, match_key, home, contact, kind, value, raw_value, verification, shared, source, actor, first_seen, \
     last_seen, other_kinds, reread_in";

/// The columns of an identity. Whether it is shared is a number in JSON.
type Line = (
    i64,
    String,
    String,
    i64,
    i64,
    i16,
    String,
    String,
    i16,
    i16,
    String,
    Option<String>,
    i64,
    i64,
    i64,
    Option<String>,
);

fn identity(tenant: TenantId, line: Line) -> Result<Identity> {
    let (id, namespace, match_key, home, contact, of_kind, value, raw_value, verification, ..) =
        line;
    let (.., shared, source, actor, first_seen, last_seen, other_kinds, reread_in) = line;
    Ok(Identity {
        tenant,
        id: IdentityId(id),
        namespace,
        match_key,
        home: CustomerId(home),
        contact: ContactNumber(contact),
        kind: kind(of_kind.into(), IdentityKind::from_number)?,
        value,
        raw_value,
        verification: kind(verification.into(), Verification::from_number)?,
        shared: shared != 0,
        source,
        actor,
        first_seen: Micros(first_seen),
        last_seen: Micros(last_seen),
        other_kinds: Kinds(other_kinds),
        reread_in,
    })
}

/// The condition: an identity that is known under one of these kinds.
pub(super) fn of_kinds(sql: &mut Sql, identity: &str, kinds: &[IdentityKind]) {
    sql.push("(").push(identity).push(".kind");
    sql.among(kinds.iter().map(|kind| i64::from(kind.number())));
    sql.push(" OR (").push(identity).push(".other_kinds & ");
    sql.bind(kinds.iter().copied().collect::<Kinds>()).push(") <> 0)");
}
