//! The identities of a customer, read.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter};

use crate::domain::model::customer_ref::Given;
use crate::domain::rapport::Rapport;
use crate::entity::identity::{self, Model as Identity};
use crate::entity::kinds::{IdentityKind, Kinds};
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, TenantId};
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
        let mut sql = self.store.sql();
        let one = homes.first().filter(|_| homes.len() == 1);
        sql.push(match one {
            Some(_) => "SELECT * FROM identity WHERE tenant = ",
            None => "SELECT * FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY home ORDER BY id) AS n FROM identity i WHERE tenant = ",
        });
        sql.bind(tenant).push(" AND home");
        match one {
            Some(home) => sql.push(" = ").bind(*home),
            None => sql.among(homes.iter().map(|home| home.0)),
        };
        if !kinds.is_empty() {
            sql.push(" AND ");
            of_kinds(&mut sql, if one.is_some() { "identity" } else { "i" }, kinds);
        }
        if let Some(after) = after {
            sql.push(" AND id > ").bind(after);
        }
        match one {
            Some(_) => sql.push(" ORDER BY id LIMIT ").bind(each as i64),
            None => sql.push(") AS x WHERE n <= ").bind(each as i64).push(" ORDER BY id"),
        };
        self.store
            .all(sql)
            .await?
            .iter()
            .map(|row| Ok(Identity::from_query_result(row, "")?))
            .collect()
    }

    pub async fn identities_by_id(
        &self,
        tenant: TenantId,
        ids: &[IdentityId],
    ) -> Result<Vec<Identity>> {
        let wanted = among(self.store.dialect, identity::Column::Id, ids.iter().map(|id| id.0));
        self.store.find(identity::Entity::of(tenant).filter(wanted)).await
    }
}

/// The condition: an identity that is known under one of these kinds.
pub(super) fn of_kinds(sql: &mut Sql, identity: &str, kinds: &[IdentityKind]) {
    sql.push("(").push(identity).push(".kind");
    sql.among(kinds.iter().map(|kind| i64::from(kind.number())));
    sql.push(" OR (").push(identity).push(".other_kinds & ");
    sql.bind(kinds.iter().copied().collect::<Kinds>()).push(") <> 0)");
}
