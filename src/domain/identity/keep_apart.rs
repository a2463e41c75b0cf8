//! Rules that two homes are kept apart: nothing joins them until a person lifts the rule.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sea_orm::sea_query::UnionType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use serde_json::json;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::keep_apart::{self, Column};
use crate::entity::table::Table;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, KeepApartId, Micros, TenantId};
use crate::store::sql::{Sql, among, insert};
use crate::store::{Dialect, Ending};

/// A rule that two homes are not joined, by anything but a person who lifts it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeepApart {
    pub id: KeepApartId,
    pub a: CustomerId,
    pub b: CustomerId,
    pub actor: Option<String>,
    pub at: Micros,
}

impl From<keep_apart::Model> for KeepApart {
    fn from(row: keep_apart::Model) -> Self {
        KeepApart { id: row.id, a: row.a, b: row.b, actor: row.actor, at: row.at }
    }
}

impl Rapport {
    /// The rules in force that name one of these homes, newest first.
    pub async fn keep_aparts(
        &self,
        tenant: TenantId,
        homes: &[CustomerId],
    ) -> Result<Vec<KeepApart>> {
        let mut rules = self.store.find(naming(self.store.dialect, tenant, homes)).await?;
        rules.sort_by_key(|rule| Reverse(rule.id));
        Ok(rules.into_iter().map(KeepApart::from).collect())
    }

    /// Rules in force, by their ids.
    pub async fn keep_aparts_by_id(
        &self,
        tenant: TenantId,
        ids: &[KeepApartId],
    ) -> Result<Vec<KeepApart>> {
        let ids = among(self.store.dialect, Column::Id, ids.iter().map(|id| id.0));
        let rules = self.store.find(in_force(tenant).filter(ids)).await?;
        Ok(rules.into_iter().map(KeepApart::from).collect())
    }

    /// Lifts a rule, so that the two may be joined again.
    pub async fn allow_together(&self, scope: &Scope, id: KeepApartId) -> Result<KeepApart> {
        self.write(scope, Ending::Commit, &AllowTogether { id }).await
    }
}

struct AllowTogether {
    id: KeepApartId,
}

impl Write for AllowTogether {
    type Done = KeepApart;
    const AUDIT: Option<AuditAction> = Some(AuditAction::AllowTogether);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<KeepApart> {
        let rule = keep_apart::Entity::of(unit.tenant()).filter(Column::Id.eq(self.id));
        let Some(rule) = unit.find(rule.lock_exclusive()).await?.pop() else {
            return Err(UserError::not_found("no such rule").at(["keepApartId"]).into());
        };
        if rule.lifted_at.is_some() {
            return Err(UserError::new(UserErrorCode::Conflict, "this rule was lifted already")
                .at(["keepApartId"])
                .into());
        }
        let lifted = keep_apart::Entity::update_of(unit.tenant())
            .filter(Column::Id.eq(self.id))
            .col_expr(Column::LiftedAt, unit.now.into())
            .col_expr(Column::LiftedBy, unit.scope.actor.to_string().into());
        unit.push(Sql::from_query(unit.dialect(), &lifted));
        let detail = json!({ "keepApart": self.id, "homes": [rule.a, rule.b] });
        unit.audit(AuditAction::AllowTogether, Some(rule.a), &detail);
        Ok(rule.into())
    }
}

fn in_force(tenant: TenantId) -> Select<keep_apart::Entity> {
    keep_apart::Entity::of(tenant).filter(Column::LiftedAt.is_null())
}

/// The rules in force that name one of these homes; each of both columns has its index.
fn naming(dialect: Dialect, tenant: TenantId, homes: &[CustomerId]) -> Select<keep_apart::Entity> {
    let by = |column: Column| {
        in_force(tenant).filter(among(dialect, column, homes.iter().map(|home| home.0)))
    };
    let mut rules = by(Column::A);
    QueryTrait::query(&mut rules).union(UnionType::Distinct, by(Column::B).into_query());
    rules
}

/// The pairs of homes under a rule that names one of these.
pub(super) async fn pairs_kept_apart(
    unit: &UnitOfWork<'_>,
    homes: impl IntoIterator<Item = CustomerId>,
) -> Result<Vec<(CustomerId, CustomerId)>> {
    let homes: Vec<CustomerId> = homes.into_iter().collect();
    let rules = unit.find(naming(unit.dialect(), unit.tenant(), &homes)).await?;
    Ok(rules.into_iter().map(|rule| (rule.a, rule.b)).collect())
}

/// A pair of homes of different ones of these customers that was set to be kept apart.
pub(super) async fn kept_apart(
    unit: &UnitOfWork<'_>,
    customers: &LockedCustomers,
) -> Result<Option<(CustomerId, CustomerId)>> {
    let rules = pairs_kept_apart(unit, customers.homes()).await?;
    let differ = |(a, b): &(CustomerId, CustomerId)| {
        let survivors = customers.survivor(*a).zip(customers.survivor(*b));
        survivors.is_some_and(|(a, b)| a != b)
    };
    Ok(rules.into_iter().find(differ))
}

/// Each pair of these homes that belong to different customers.
pub(super) fn pairs_of(
    homes: &[CustomerId],
    customers: &LockedCustomers,
) -> Vec<(CustomerId, CustomerId)> {
    let homes: BTreeSet<CustomerId> = homes.iter().copied().collect();
    let mut pairs = Vec::new();
    for a in &homes {
        let different = |b: &&CustomerId| customers.survivor(**b) != customers.survivor(*a);
        pairs.extend(homes.range(*a..).filter(different).map(|b| (*a, *b)));
    }
    pairs
}

/// Adds a rule for each of these pairs.
pub(super) fn keep_apart(
    unit: &mut UnitOfWork<'_>,
    pairs: &[(CustomerId, CustomerId)],
) -> Vec<KeepApartId> {
    if pairs.is_empty() {
        return Vec::new();
    }
    let rule = |(a, b): &(CustomerId, CustomerId)| keep_apart::Model {
        tenant: unit.tenant(),
        id: KeepApartId(unit.rapport.clock.next_id()),
        a: *a.min(b),
        b: *a.max(b),
        actor: Some(unit.scope.actor.to_string()),
        at: unit.now,
        lifted_at: None,
        lifted_by: None,
    };
    let rules: Vec<keep_apart::Model> = pairs.iter().map(rule).collect();
    unit.push(insert::<keep_apart::Entity>(unit.dialect(), &rules));
    rules.into_iter().map(|rule| rule.id).collect()
}

/// Lifts every rule between these homes.
pub(super) fn lift_between(unit: &mut UnitOfWork<'_>, homes: &[CustomerId]) {
    let dialect = unit.dialect();
    let list = || homes.iter().map(|home| home.0);
    let lifted = keep_apart::Entity::update_of(unit.tenant())
        .filter(Column::LiftedAt.is_null())
        .filter(among(dialect, Column::A, list()))
        .filter(among(dialect, Column::B, list()))
        .col_expr(Column::LiftedAt, unit.now.into())
        .col_expr(Column::LiftedBy, unit.scope.actor.to_string().into());
    unit.push(Sql::from_query(dialect, &lifted));
}
