//! Taking an address off a person, and keeping one that was wrong from coming back by itself.
//!
//! What the address was stays in `removed_identity`, so that evidence and history go on to say through what something came.
//! Its key is free: it may become another person's. Where it was rejected, the guards hold a link to this person back.

use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::domain::identity::identity_update::IdentityDone;
use crate::domain::identity::merge::BY_HAND;
use crate::domain::identity::split_contacts::strip_contacts;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::model::reason::checked_reason;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::identity_rows::{IdentityRow, identities_of, lock_identities};
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::entity::{identity, removed_identity};
use crate::error::{Error, Result, UserError};
use crate::ids::{CustomerId, IdentityId};
use crate::store::Ending;
use crate::store::sql::{Sql, insert};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoveRequest {
    pub identity: IdentityId,
    /// Whose it must be, by the id of any home.
    pub of: Option<CustomerId>,
    /// It was wrong for this person.
    pub reject: bool,
    pub reason: Option<String>,
    pub expected_version: Option<i64>,
}

impl Rapport {
    /// Takes an identity off its customer, also the last one. What came through it stays.
    pub async fn remove_identity(
        &self,
        scope: &Scope,
        mut request: RemoveRequest,
    ) -> Result<IdentityDone> {
        request.reason = checked_reason(request.reason.as_deref())?;
        let rules = self.rules(scope.tenant).await?;
        self.write(scope, Ending::Commit, &RemoveIdentity { request, rules }).await
    }

    /// Says of an identity that was removed whether it was wrong for the person: only then it is kept from coming back.
    pub async fn reject_removed(
        &self,
        scope: &Scope,
        identity: IdentityId,
        rejected: bool,
        expected_version: Option<i64>,
    ) -> Result<IdentityDone> {
        let reject = RejectRemoved { identity, rejected, expected_version };
        self.write(scope, Ending::Commit, &reject).await
    }
}

fn not_found() -> UserError {
    UserError::not_found("no such identity").at(["identityId"])
}

struct RemoveIdentity {
    request: RemoveRequest,
    rules: Arc<Rules>,
}

impl Write for RemoveIdentity {
    type Done = IdentityDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::RemoveIdentity);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<IdentityDone> {
        let id = self.request.identity;
        // Identities before heads: the order in which identify takes them.
        lock_identities(unit, &[id]).await.map_err(|error| match error {
            Error::User(_) => not_found().into(),
            other => other,
        })?;
        let by_id = identity::Entity::of(unit.tenant()).filter(identity::Column::Id.eq(id));
        let before = unit.find(by_id).await?.pop().ok_or(Error::Retry)?;
        let home = before.home;
        let named: Vec<CustomerId> = [Some(home), self.request.of].into_iter().flatten().collect();
        let customers = LockedCustomers::read(unit, &named).await?;
        let survivor = customers.survivor(home).ok_or(Error::Retry)?;
        if self.request.of.is_some_and(|of| customers.survivor(of) != Some(survivor)) {
            return Err(not_found().into());
        }
        expect_version(unit, survivor, self.request.expected_version)?;
        let all = identities_of(unit, &customers.sides[&survivor]).await?;
        let (leaving, staying): (Vec<IdentityRow>, Vec<IdentityRow>) =
            all.into_iter().partition(|identity| identity.id == id);
        let gone = leaving.first().filter(|gone| gone.home == home).ok_or(Error::Retry)?;

        let of_home = staying.iter().filter(|identity| identity.home == home);
        let left: Vec<_> = of_home.map(|identity| &identity.identifier).collect();
        unit.search.removed(home, &gone.identifier, &left);
        strip_contacts(unit, survivor, &leaving, &staying, &self.rules.identifiers).await?;
        self.move_row(unit, before);
        unit.changes.head_mut(home)?.shape += 1;
        let rejected = self.request.reject;
        let action = if rejected { IdentityAction::Rejected } else { IdentityAction::Removed };
        let change = IdentityChange { action, other: None, merge: None, identities: vec![id] };
        unit.record_identity_change(survivor, BY_HAND, change)?;
        let reason = &self.request.reason;
        let detail = json!({ "identity": id, "rejected": rejected, "reason": reason });
        unit.audit(AuditAction::RemoveIdentity, Some(survivor), &detail);
        let version = unit.changes.head(survivor)?.position;
        Ok(IdentityDone { identity: id, customer: survivor, version })
    }
}

impl RemoveIdentity {
    /// The identity's row goes to those that were removed.
    fn move_row(&self, unit: &mut UnitOfWork<'_>, identity: identity::Model) {
        let by_id =
            identity::Entity::delete_of(unit.tenant()).filter(identity::Column::Id.eq(identity.id));
        let (at, by) = (unit.now, unit.scope.actor.to_string());
        let row = removed_identity::Model::of(identity, at, by, self.request.reject);
        unit.push(Sql::from_query(unit.dialect(), &by_id));
        unit.push(insert::<removed_identity::Entity>(unit.dialect(), &[row]));
    }
}

struct RejectRemoved {
    identity: IdentityId,
    rejected: bool,
    expected_version: Option<i64>,
}

impl Write for RejectRemoved {
    type Done = IdentityDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateIdentity);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<IdentityDone> {
        use removed_identity::Column;
        let id = self.identity;
        let by_id = || removed_identity::Entity::of(unit.tenant()).filter(Column::Id.eq(id));
        let Some(seen) = unit.find(by_id()).await?.pop() else {
            let there = identity::Entity::of(unit.tenant()).filter(identity::Column::Id.eq(id));
            if unit.find(there).await?.is_empty() {
                return Err(not_found().into());
            }
            let message = "only an address that was removed is rejected or not: see removeIdentity";
            return Err(UserError::invalid(message).at(["rejected"]).into());
        };
        let customers = LockedCustomers::read(unit, &[seen.home]).await?;
        let customer = customers.survivor(seen.home).ok_or(Error::Retry)?;
        let by_id = removed_identity::Entity::of(unit.tenant()).filter(Column::Id.eq(id));
        let before = unit.find(by_id.lock_exclusive()).await?.pop().ok_or_else(not_found)?;
        expect_version(unit, customer, self.expected_version)?;
        if before.rejected != self.rejected {
            let changed = removed_identity::Entity::update_of(unit.tenant())
                .filter(Column::Id.eq(id))
                .col_expr(Column::Rejected, self.rejected.into());
            unit.push(Sql::from_query(unit.dialect(), &changed));
            unit.changes.log(customer, ChangeKind::Profile, None)?;
            let detail = json!({ "identity": id, "rejected": self.rejected });
            unit.audit(AuditAction::UpdateIdentity, Some(customer), &detail);
        }
        let version = unit.changes.head(customer)?.position;
        Ok(IdentityDone { identity: id, customer, version })
    }
}
