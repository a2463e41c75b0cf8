//! What people decide about one identity: that many share it, or that it is proved.

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use crate::domain::identity::merge::BY_HAND;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::identity_rows::lock_identities;
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::identity::{self, Column};
use crate::entity::kinds::{ChangeKind, Verification};
use crate::entity::table::Table;
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, IdentityId};
use crate::store::Ending;
use crate::store::sql::Sql;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdentityPatch {
    pub identity: IdentityId,
    /// A shared identity stays findable and links nobody from now on; what it linked before stays.
    pub shared: Option<bool>,
    pub verification: Option<Verification>,
    /// Of the customer to whom it belongs.
    pub expected_version: Option<i64>,
}

/// Whose identity it is, and that customer's version afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdentityDone {
    pub identity: IdentityId,
    pub customer: CustomerId,
    pub version: i64,
}

impl Rapport {
    /// Changes an identity. What says nothing new writes nothing.
    pub async fn update_identity(
        &self,
        scope: &Scope,
        patch: IdentityPatch,
    ) -> Result<IdentityDone> {
        if patch.shared.is_none() && patch.verification.is_none() {
            let message = "nothing to change: neither shared nor verification is given";
            return Err(UserError::invalid(message).into());
        }
        self.write(scope, Ending::Commit, &UpdateIdentity { patch }).await
    }
}

struct UpdateIdentity {
    patch: IdentityPatch,
}

impl Write for UpdateIdentity {
    type Done = IdentityDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateIdentity);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<IdentityDone> {
        let id = self.patch.identity;
        lock_identities(unit, &[id]).await.map_err(|error| match error {
            Error::User(error) => Error::User(error.at(["identity"])),
            other => other,
        })?;
        let by_id = identity::Entity::of(unit.tenant()).filter(Column::Id.eq(id));
        let before = unit.find(by_id).await?.pop().ok_or(Error::Retry)?;
        let customers = LockedCustomers::read(unit, &[before.home]).await?;
        let customer = customers.survivor(before.home).ok_or(Error::Retry)?;
        expect_version(unit, customer, self.patch.expected_version)?;
        self.change(unit, &before, customer)?;
        let version = unit.changes.head(customer)?.position;
        Ok(IdentityDone { identity: id, customer, version })
    }
}

impl UpdateIdentity {
    fn change(
        &self,
        unit: &mut UnitOfWork<'_>,
        before: &identity::Model,
        customer: CustomerId,
    ) -> Result<()> {
        let id = before.id;
        let shared = self.patch.shared.unwrap_or(before.shared);
        let verification = self.patch.verification.unwrap_or(before.verification);
        if (shared, verification) == (before.shared, before.verification) {
            return Ok(());
        }
        let changed = identity::Entity::update_of(unit.tenant())
            .filter(Column::Id.eq(id))
            .col_expr(Column::Shared, shared.into())
            .col_expr(Column::Verification, verification.into());
        unit.push(Sql::from_query(unit.dialect(), &changed));
        unit.changes.head_mut(before.home)?.shape += 1;
        if shared && !before.shared {
            let change = IdentityChange {
                action: IdentityAction::Shared,
                other: None,
                merge: None,
                identities: vec![id],
            };
            unit.record_identity_change(customer, BY_HAND, change)?;
        } else {
            unit.changes.log(customer, ChangeKind::Profile, None)?;
        }
        let detail = json!({ "identity": id, "shared": shared, "verification": verification });
        unit.audit(AuditAction::UpdateIdentity, Some(customer), &detail);
        Ok(())
    }
}
