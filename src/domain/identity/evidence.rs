//! Why two identities are one person: the shortest chain of evidence between them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::{SelectStatement, UnionType};
use sea_orm::{ColumnTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait, Select};

use crate::domain::identity::evidence_graph::{AtHome, Graph};
use crate::domain::identity::merge::Merge;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::LinkRule;
use crate::entity::table::Table;
use crate::entity::{customer_head, link_evidence, merge_edge};
use crate::error::Result;
use crate::ids::{CustomerId, IdentityId, TenantId};
use crate::store::row::{get, kind};
use crate::store::sql::{Sql, among};

pub use crate::domain::identity::evidence_graph::Link;

impl From<link_evidence::Model> for Link {
    fn from(row: link_evidence::Model) -> Self {
        Link {
            from: (row.a != row.b).then_some(row.a),
            to: Some(row.b),
            rule: row.rule,
            source: row.source,
            actor: row.actor,
            at: row.at,
        }
    }
}

impl Rapport {
    /// The shortest chain of evidence from one identity to the other; empty when they are not one customer.
    pub async fn why_linked(
        &self,
        tenant: TenantId,
        a: IdentityId,
        b: IdentityId,
    ) -> Result<Vec<Link>> {
        let survivors = self.survivors_of_identities(tenant, &[a, b]).await?;
        let (Some(survivor), Some(of_b)) = (survivors.get(&a), survivors.get(&b)) else {
            return Ok(Vec::new());
        };
        if a == b || survivor != of_b {
            return Ok(Vec::new());
        }
        // The survivor's homes are asked for inside both statements, which do not depend on each other.
        let (rows, merges) = tokio::try_join!(
            self.store.all(evidence_within(self.store.sql(), tenant, *survivor)),
            self.store.find(merges_within(tenant, *survivor))
        )?;
        let (mut identities, mut evidence) = (Vec::new(), Vec::new());
        for row in &rows {
            let (a, b, link) = read(row)?;
            identities.extend([a, b]);
            if a.0 != b.0 {
                evidence.push((a.0, b.0, link));
            }
        }
        let merges: Vec<Merge> = merges.into_iter().map(Merge::from).collect();
        Ok(Graph::new(&identities, &evidence, &merges).chain(a, b))
    }

    /// The survivor to whom each identity belongs, where there is such an identity.
    async fn survivors_of_identities(
        &self,
        tenant: TenantId,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, CustomerId>> {
        let mut sql = self.store.sql();
        sql.push(
            "SELECT i.id, COALESCE(h.merged_into, h.number) FROM identity i JOIN customer_head h ",
        )
        .push("ON h.tenant = i.tenant AND h.number = i.home WHERE i.tenant = ")
        .bind(tenant)
        .push(" AND i.id")
        .among(identities.iter().map(|id| id.0));
        let rows = self.store.all(sql).await?;
        rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    /// All the evidence of these identities, oldest first; every one of them has an entry.
    pub async fn evidence_of(
        &self,
        tenant: TenantId,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, Vec<Link>>> {
        use link_evidence::Column;
        let mut found: HashMap<IdentityId, Vec<Link>> =
            identities.iter().map(|id| (*id, Vec::new())).collect();
        let by = |column: Column| -> Select<link_evidence::Entity> {
            let ids = identities.iter().map(|id| id.0);
            link_evidence::Entity::of(tenant).filter(among(self.store.dialect, column, ids))
        };
        // Each of both columns has its index.
        let mut select = by(Column::A);
        QueryTrait::query(&mut select).union(UnionType::Distinct, by(Column::B).into_query());
        let mut rows = self.store.find(select).await?;
        rows.sort_by_key(|row| (row.at, row.a, row.b));
        for row in rows {
            let ends = BTreeSet::from([row.a, row.b]);
            let link = Link::from(row);
            for end in ends {
                if let Some(links) = found.get_mut(&end) {
                    links.push(link.clone());
                }
            }
        }
        Ok(found)
    }
}

/// Evidence between identities of one customer, with the home of each; every identity comes at least once, with itself.
fn evidence_within(mut sql: Sql, tenant: TenantId, survivor: CustomerId) -> Sql {
    let materialized = sql.dialect.materialized();
    sql.push("WITH mine AS ")
        .push(materialized)
        .push("(SELECT id, home FROM identity WHERE tenant = ")
        .bind(tenant);
    of_homes_within(&mut sql, tenant, survivor);
    // What was removed since still says why the others came together.
    sql.push(" UNION ALL SELECT id, home FROM removed_identity WHERE tenant = ").bind(tenant);
    of_homes_within(&mut sql, tenant, survivor);
    sql.push(") SELECT e.a, e.b, e.rule, e.source, e.actor, e.at, x.home, y.home FROM mine x ")
        .push("JOIN link_evidence e ON e.tenant = ")
        .bind(tenant)
        .push(" AND e.a = x.id JOIN mine y ON y.id = e.b WHERE e.a <> e.b ")
        .push("UNION ALL SELECT id, id, CAST(1 AS SMALLINT), '', NULL, 0, home, home FROM mine");
    sql
}

fn of_homes_within(sql: &mut Sql, tenant: TenantId, survivor: CustomerId) {
    sql.push(" AND home IN (SELECT number FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND number = ")
        .bind(survivor)
        .push(" UNION ALL SELECT number FROM customer_head WHERE tenant = ")
        .bind(tenant)
        .push(" AND merged_into = ")
        .bind(survivor)
        .push(")");
}

/// A row of [`evidence_within`].
fn read(row: &QueryResult) -> Result<(AtHome, AtHome, Link)> {
    let (a, b): (IdentityId, IdentityId) = (get(row, 0)?, get(row, 1)?);
    let link = Link {
        from: Some(a),
        to: Some(b),
        rule: kind(get::<i16>(row, 2)?.into(), LinkRule::from_number)?,
        source: get(row, 3)?,
        actor: get(row, 4)?,
        at: get(row, 5)?,
    };
    Ok(((a, get(row, 6)?), (b, get(row, 7)?), link))
}

/// Active and undone merges between the homes of a customer.
fn merges_within(tenant: TenantId, survivor: CustomerId) -> Select<merge_edge::Entity> {
    use merge_edge::Column;
    merge_edge::Entity::of(tenant)
        .filter(Column::A.in_subquery(homes_within(tenant, survivor)))
        .filter(Column::B.in_subquery(homes_within(tenant, survivor)))
}

fn homes_within(tenant: TenantId, survivor: CustomerId) -> SelectStatement {
    use customer_head::Column;
    let numbers = || customer_head::Entity::of(tenant).select_only().column(Column::Number);
    let mut own = numbers().filter(Column::Number.eq(survivor)).into_query();
    let merged = numbers().filter(Column::MergedInto.eq(survivor)).into_query();
    own.union(UnionType::All, merged);
    own
}
