//! Taking a merge back. One edge goes, and that component only is worked out anew, so that the order of merges and
//! undos does not matter.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::components::survivors;
use crate::domain::item::{IdentityAction, IdentityChange, get};
use crate::domain::item_rows;
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, expect_version, newest};
use crate::domain::merges::{COLUMNS, Merge, MergeDone, tell};
use crate::domain::rapport::Rapport;
use crate::domain::reviews;
use crate::domain::scope::Scope;
use crate::domain::sql::Sql;
use crate::domain::store::Tx;
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, MergeId, Micros, TenantId};

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
        let work = Arc::new((self.clone(), scope.clone()));
        let (done, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    work.0.undo(tx, &work.1, merge, keep_apart, expected_version).await
                })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(done)
    }

    async fn undo(
        &self,
        tx: &Tx,
        scope: &Scope,
        id: MergeId,
        keep_apart: bool,
        expected_version: Option<i64>,
    ) -> Result<(MergeDone, Ledger)> {
        let (tenant, now) = (scope.tenant, self.clock.now());
        let mut ledger = Ledger::new(tenant, now);
        let seen = undoable(tx, tenant, id).await?;
        let locked = match Locked::read(tx, &mut ledger, tenant, &[seen.a, seen.b]).await {
            Err(Error::User(error)) if error.code == UserErrorCode::NotFound => {
                return Err(UserError::new(
                    UserErrorCode::Conflict,
                    "one side of this merge was erased: it cannot be undone",
                )
                .into());
            }
            locked => locked?,
        };
        // Whoever makes or undoes an edge holds the survivor, so that from here on it stands still.
        let merge = undoable(tx, tenant, id).await?;
        let (Some(survivor), 1) = (locked.survivor(merge.a), locked.sides.len()) else {
            return Err(Error::Moved);
        };
        expect_version(&ledger, survivor, expected_version)?;
        let homes = &locked.sides[&survivor];
        let edges = active_edges(tx, tenant, homes).await?;
        let rest = edges.into_iter().filter(|(edge, ..)| *edge != id).map(|(_, a, b)| (a, b));
        let after = survivors(homes.iter().copied(), rest);
        let leaving: BTreeSet<CustomerId> =
            after.iter().filter(|(_, to)| **to != survivor).map(|(home, _)| *home).collect();

        let mut statements = vec![deactivate(tx, scope, id, now)];
        let mut items = Vec::new();
        let parted = leaving.first().copied();
        let change = |other| IdentityChange {
            action: IdentityAction::Unmerged,
            other,
            merge: Some(id),
            identities: Vec::new(),
        };
        if let Some(parted) = parted {
            let staying = homes.difference(&leaving).copied().collect();
            part(
                tx,
                &mut ledger,
                tenant,
                (survivor, &staying),
                (parted, &leaving),
                ChangeKind::Unmerged,
            )
            .await?;
            statements.push(part_contacts(tx, tenant, survivor, parted, &leaving, now));
            items.push(tell(self, &mut ledger, parted, now, change(Some(survivor)))?);
        }
        items.push(tell(self, &mut ledger, survivor, now, change(parted))?);
        statements.push(item_rows::engagements(tx, tenant, &items.iter().collect::<Vec<_>>()));
        let keep_aparts = match parted {
            Some(_) if keep_apart => {
                reviews::keep_apart(tx, scope, &self.clock, &[(merge.a, merge.b)]).await?
            }
            _ => Vec::new(),
        };
        let detail = json!({ "merge": id, "parted": parted, "keepAparts": keep_aparts });
        statements.push(audit(
            tx,
            scope,
            &self.clock,
            AuditAction::UndoMerge,
            Some(survivor),
            &detail,
        ));
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        let version = ledger.head(survivor)?.position;
        let done = MergeDone {
            customer: survivor,
            version,
            merges: vec![id],
            homes: leaving.into_iter().collect(),
            parted,
            keep_aparts,
        };
        Ok((done, ledger))
    }
}

/// The merge, if it is there and active.
async fn undoable(tx: &Tx, tenant: TenantId, id: MergeId) -> Result<Merge> {
    let mut sql = tx.sql();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM merge_edge WHERE tenant = ")
        .bind(tenant)
        .push(" AND id = ")
        .bind(id);
    let Some(row) = tx.one(sql).await? else {
        return Err(UserError::not_found("no such merge").at(["mergeId"]).into());
    };
    let merge = Merge::read(&row)?;
    if !merge.active {
        return Err(UserError::new(UserErrorCode::Conflict, "this merge was undone already")
            .at(["mergeId"])
            .into());
    }
    Ok(merge)
}

/// The active edges of a customer.
pub(crate) async fn active_edges(
    tx: &Tx,
    tenant: TenantId,
    homes: &BTreeSet<CustomerId>,
) -> Result<Vec<(MergeId, CustomerId, CustomerId)>> {
    let mut sql = tx.sql();
    sql.push("SELECT id, a, b FROM merge_edge WHERE tenant = ")
        .bind(tenant)
        .push(" AND active AND a")
        .among(homes.iter().map(|home| home.0));
    tx.all(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?, get(row, 2)?))).collect()
}

fn deactivate(tx: &Tx, scope: &Scope, id: MergeId, now: Micros) -> Sql {
    let mut sql = tx.sql();
    sql.push("UPDATE merge_edge SET active = FALSE, undone_at = ")
        .bind(now)
        .push(", undone_by = ")
        .bind(scope.actor.to_string());
    sql.push(" WHERE tenant = ").bind(scope.tenant).push(" AND id = ").bind(id);
    sql
}

/// The heads of two who part: each side's survivor with its homes. Both logs say who left.
pub(crate) async fn part(
    tx: &Tx,
    ledger: &mut Ledger,
    tenant: TenantId,
    (survivor, staying): (CustomerId, &BTreeSet<CustomerId>),
    (parted, leaving): (CustomerId, &BTreeSet<CustomerId>),
    kind: ChangeKind,
) -> Result<()> {
    let moved: Vec<CustomerId> = leaving.iter().copied().collect();
    ledger.relink(parted, survivor, kind, &moved)?;
    for home in leaving {
        let head = ledger.head_mut(*home)?;
        head.merged_into = (*home != parted).then_some(parted);
        head.list_seen = None;
        head.shape += 1;
    }
    for (root, homes) in [(survivor, staying), (parted, leaving)] {
        let seen = newest(tx, ledger, tenant, homes).await?;
        ledger.head_mut(root)?.list_seen = seen;
    }
    ledger.head_mut(survivor)?.shape += 1;
    Ok(())
}

/// The contacts of the homes that leave follow their own survivor.
fn part_contacts(
    tx: &Tx,
    tenant: TenantId,
    from: CustomerId,
    to: CustomerId,
    homes: &BTreeSet<CustomerId>,
    now: Micros,
) -> Sql {
    let mut sql = tx.sql();
    sql.push("UPDATE contact SET customer = ")
        .bind(to)
        .push(", linked_id = CASE WHEN number = ")
        .bind(to);
    sql.push(" THEN NULL ELSE ")
        .bind(to)
        .push(" END, link_precedence = CASE WHEN number = ")
        .bind(to);
    sql.push(" THEN 1 ELSE 2 END, updated_at = ")
        .bind(now)
        .push(" WHERE tenant = ")
        .bind(tenant)
        .push(" AND customer = ")
        .bind(from);
    sql.push(" AND home").among(homes.iter().map(|home| home.0));
    sql
}
