//! Taking a merge back. One edge goes, and that component only is worked out anew, so that the order of merges and
//! undos does not matter.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use crate::domain::identity::components::survivors;
use crate::domain::identity::keep_apart::keep_apart;
use crate::domain::identity::merge::{BY_HAND, MergeDone};
use crate::domain::identity::part::part;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ChangeKind;
use crate::entity::merge_edge::{self, Column};
use crate::entity::table::Table;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, MergeId};
use crate::store::Ending;
use crate::store::sql::{Sql, among};

impl Rapport {
    /// Undoes one merge; those whom only it held together are two customers again. `keep_apart` adds a rule that nothing
    /// joins them from then on. Where another merge still holds them together, nobody moves ([`MergeDone::homes`] is
    /// empty) and no rule is added.
    pub async fn undo_merge(
        &self,
        scope: &Scope,
        merge: MergeId,
        keep_apart: bool,
        expected_version: Option<i64>,
    ) -> Result<MergeDone> {
        let undo = UndoMerge { merge, keep_apart, expected_version };
        self.write(scope, Ending::Commit, &undo).await
    }
}

struct UndoMerge {
    merge: MergeId,
    keep_apart: bool,
    expected_version: Option<i64>,
}

impl Write for UndoMerge {
    type Done = MergeDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UndoMerge);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<MergeDone> {
        let id = self.merge;
        let seen = active_merge(unit, id).await?;
        let customers = both_sides(unit, &seen).await?;
        // Whoever makes or undoes an edge holds the survivor, so that from here on it stands still.
        let merge = active_merge(unit, id).await?;
        let (Some(survivor), 1) = (customers.survivor(merge.a), customers.sides.len()) else {
            return Err(Error::Retry);
        };
        expect_version(unit, survivor, self.expected_version)?;
        let homes = &customers.sides[&survivor];
        let others = active_merges(unit, homes).await?.into_iter().filter(|edge| edge.id != id);
        let after = survivors(homes.iter().copied(), others.map(|edge| (edge.a, edge.b)));
        let leaving: BTreeSet<CustomerId> =
            after.iter().filter(|(_, to)| **to != survivor).map(|(home, _)| *home).collect();
        let parted = leaving.first().copied();

        deactivate(unit, id);
        let change = |other| IdentityChange {
            action: IdentityAction::Unmerged,
            other,
            merge: Some(id),
            identities: Vec::new(),
        };
        if let Some(parted) = parted {
            let staying: BTreeSet<CustomerId> = homes.difference(&leaving).copied().collect();
            part(unit, (survivor, &staying), (parted, &leaving), ChangeKind::Unmerged).await?;
            part_contacts(unit, survivor, parted, &leaving);
            let profiles = Profiles::read(unit, homes.iter().copied()).await?;
            profiles.store(unit, &[&staying, &leaving], None)?;
            unit.record_identity_change(parted, BY_HAND, change(Some(survivor)))?;
        }
        unit.record_identity_change(survivor, BY_HAND, change(parted))?;
        let keep_aparts = match parted {
            Some(_) if self.keep_apart => keep_apart(unit, &[(merge.a, merge.b)]),
            _ => Vec::new(),
        };
        let detail = json!({ "merge": id, "parted": parted, "keepAparts": keep_aparts });
        unit.audit(AuditAction::UndoMerge, Some(survivor), &detail);
        Ok(MergeDone {
            customer: survivor,
            version: unit.changes.head(survivor)?.position,
            merges: vec![id],
            homes: leaving.into_iter().collect(),
            parted,
            keep_aparts,
        })
    }
}

/// The merge, if it is there and active.
async fn active_merge(unit: &UnitOfWork<'_>, id: MergeId) -> Result<merge_edge::Model> {
    let by_id = merge_edge::Entity::of(unit.tenant()).filter(Column::Id.eq(id));
    let Some(merge) = unit.find(by_id).await?.pop() else {
        return Err(UserError::not_found("no such merge").at(["mergeId"]).into());
    };
    if !merge.active {
        return Err(UserError::new(UserErrorCode::Conflict, "this merge was undone already")
            .at(["mergeId"])
            .into());
    }
    Ok(merge)
}

/// Locks the customers that a merge joined: one, or two who were joined and parted meanwhile.
async fn both_sides(
    unit: &mut UnitOfWork<'_>,
    merge: &merge_edge::Model,
) -> Result<LockedCustomers> {
    LockedCustomers::read(unit, &[merge.a, merge.b]).await.map_err(|error| match error {
        Error::User(error) if error.code == UserErrorCode::NotFound => {
            let message = "one side of this merge was erased: it cannot be undone";
            UserError::new(UserErrorCode::Conflict, message).into()
        }
        other => other,
    })
}

/// The active edges of a customer.
async fn active_merges(
    unit: &UnitOfWork<'_>,
    homes: &BTreeSet<CustomerId>,
) -> Result<Vec<merge_edge::Model>> {
    let among_homes = among(unit.dialect(), Column::A, homes.iter().map(|home| home.0));
    let active = merge_edge::Entity::of(unit.tenant()).filter(Column::Active.eq(true));
    unit.find(active.filter(among_homes)).await
}

fn deactivate(unit: &mut UnitOfWork<'_>, id: MergeId) {
    let undone = merge_edge::Entity::update_of(unit.tenant())
        .filter(Column::Id.eq(id))
        .col_expr(Column::Active, false.into())
        .col_expr(Column::UndoneAt, unit.now.into())
        .col_expr(Column::UndoneBy, unit.scope.actor.to_string().into());
    unit.push(Sql::from_query(unit.dialect(), &undone));
}

/// The contacts of the homes that leave follow their own survivor.
fn part_contacts(
    unit: &mut UnitOfWork<'_>,
    from: CustomerId,
    to: CustomerId,
    homes: &BTreeSet<CustomerId>,
) {
    let mut sql = unit.sql();
    sql.push("UPDATE contact SET customer = ")
        .bind(to)
        .push(", linked_id = CASE WHEN number = ")
        .bind(to)
        .push(" THEN NULL ELSE ")
        .bind(to)
        .push(" END, link_precedence = CASE WHEN number = ")
        .bind(to)
        .push(" THEN 1 ELSE 2 END, updated_at = ")
        .bind(unit.now)
        .push(" WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND customer = ")
        .bind(from)
        .push(" AND home")
        .among(homes.iter().map(|home| home.0));
    unit.push(sql);
}
