//! What people decide about one address: that many share it, or that it is proved.

use std::sync::Arc;

use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::item::{IdentityAction, IdentityChange, get, kind};
use crate::domain::item_rows;
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, expect_version};
use crate::domain::merges::tell;
use crate::domain::owned::lock_identities;
use crate::domain::rapport::Rapport;
use crate::domain::scope::Scope;
use crate::domain::store::Tx;
use crate::entity::kinds::{ChangeKind, Verification};
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, IdentityId};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdentityPatch {
    pub identity: IdentityId,
    /// A shared address stays findable and links nobody from now on; what it linked before stays.
    pub shared: Option<bool>,
    pub verification: Option<Verification>,
    /// Of the customer to whom it belongs.
    pub expected_version: Option<i64>,
}

/// Whose address it is, and that customer's version afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdentityDone {
    pub identity: IdentityId,
    pub customer: CustomerId,
    pub version: i64,
}

impl Rapport {
    /// Changes an address. What says nothing new writes nothing.
    pub async fn update_identity(
        &self,
        scope: &Scope,
        patch: IdentityPatch,
    ) -> Result<IdentityDone> {
        if patch.shared.is_none() && patch.verification.is_none() {
            return Err(UserError::invalid(
                "nothing to change: neither shared nor verification is given",
            )
            .into());
        }
        let work = Arc::new((self.clone(), scope.clone()));
        let (done, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move { work.0.patch_identity(tx, &work.1, patch).await })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(done)
    }

    async fn patch_identity(
        &self,
        tx: &Tx,
        scope: &Scope,
        patch: IdentityPatch,
    ) -> Result<(IdentityDone, Ledger)> {
        let (tenant, now, id) = (scope.tenant, self.clock.now(), patch.identity);
        let mut ledger = Ledger::new(tenant, now);
        lock_identities(tx, tenant, &[id]).await.map_err(|error| match error {
            Error::User(error) => Error::User(error.at(["identityId"])),
            other => other,
        })?;
        let mut sql = tx.sql();
        sql.push("SELECT home, shared, verification FROM identity WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(id);
        let row = tx.one(sql).await?.ok_or(Error::Moved)?;
        let (home, shared): (CustomerId, bool) = (get(&row, 0)?, get(&row, 1)?);
        let verification = kind(get::<i16>(&row, 2)?.into(), Verification::from_number)?;
        let locked = Locked::read(tx, &mut ledger, tenant, &[home]).await?;
        let survivor = locked.survivor(home).ok_or(Error::Moved)?;
        expect_version(&ledger, survivor, patch.expected_version)?;
        let (to_shared, to_verification) =
            (patch.shared.unwrap_or(shared), patch.verification.unwrap_or(verification));
        if (to_shared, to_verification) != (shared, verification) {
            let mut sql = tx.sql();
            sql.push("UPDATE identity SET shared = ")
                .bind(to_shared)
                .push(", verification = ")
                .bind(to_verification.number());
            sql.push(" WHERE tenant = ").bind(tenant).push(" AND id = ").bind(id);
            let mut statements = vec![sql];
            ledger.head_mut(home)?.shape += 1;
            if to_shared && !shared {
                let change = IdentityChange {
                    action: IdentityAction::Shared,
                    other: None,
                    merge: None,
                    identities: vec![id],
                };
                let item = tell(self, &mut ledger, survivor, now, change)?;
                statements.push(item_rows::engagements(tx, tenant, &[&item]));
            } else {
                ledger.log(survivor, ChangeKind::Profile, None)?;
            }
            let detail =
                json!({ "identity": id, "shared": to_shared, "verification": to_verification });
            statements.push(audit(
                tx,
                scope,
                &self.clock,
                AuditAction::UpdateIdentity,
                Some(survivor),
                &detail,
            ));
            statements.extend(ledger.flush(tx));
            tx.run_together(statements).await?;
        }
        let version = ledger.head(survivor)?.position;
        Ok((IdentityDone { identity: id, customer: survivor, version }, ledger))
    }
}
