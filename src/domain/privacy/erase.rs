//! Erasing a person: everything that says something about them goes; ids stay where the log and the audit need them,
//! and a keyed hash of each address, so that an import or a late event does not rebuild the person. Deleting a customer is
//! the same without the hashes: the addresses may come back.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::domain::file::{FilesOf, take_files};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::reason::checked_reason;
use crate::domain::model::scope::Scope;
use crate::domain::privacy::erased_rows::Erased;
use crate::domain::rapport::Rapport;
use crate::domain::write::identity_rows::{
    IdentityRow, identities_of, lock_identities, removed_identities,
};
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::erased_key;
use crate::entity::kinds::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, Micros};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::insert;

/// What went, or would go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub customer: CustomerId,
    /// Every home of the customer: all these ids answer like ones that never were.
    pub homes: Vec<CustomerId>,
    /// Rows by table.
    pub rows: Vec<(&'static str, u64)>,
    pub at: Micros,
    pub dry_run: bool,
}

/// Whom to erase or delete, and why.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EraseRequest {
    /// The id of any home.
    pub customer: CustomerId,
    pub expected_version: Option<i64>,
    /// Tell what would go, and do nothing.
    pub dry_run: bool,
    pub reason: Option<String>,
}

impl Rapport {
    /// Erases a customer with all its homes; the addresses do not come back.
    pub async fn erase_customer(&self, scope: &Scope, request: EraseRequest) -> Result<Receipt> {
        let request = request.checked()?;
        self.take_away(scope, request.dry_run, &EraseCustomer(&request)).await
    }

    /// Deletes a customer with all its homes; the addresses may come back as somebody new.
    pub async fn delete_customer(&self, scope: &Scope, request: EraseRequest) -> Result<Receipt> {
        let request = request.checked()?;
        self.take_away(scope, request.dry_run, &DeleteCustomer(&request)).await
    }

    async fn take_away<W: Write<Done = Taken>>(
        &self,
        scope: &Scope,
        dry_run: bool,
        write: &W,
    ) -> Result<Receipt> {
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        let (receipt, objects) = self.write(scope, ending, write).await?;
        if dry_run {
            return Ok(receipt);
        }
        // The erasure is committed, whatever becomes of this.
        self.remove_objects(scope.tenant, objects).await;
        if let Err(error) = self.store.checkpoint().await {
            tracing::warn!(
                error = error.detail(),
                "the write-ahead log could not be emptied after an erasure; the next checkpoint does it"
            );
        }
        Ok(receipt)
    }
}

/// What went, and the objects of the files that went with it.
type Taken = (Receipt, Vec<String>);

/// Erases a customer.
struct EraseCustomer<'a>(&'a EraseRequest);

impl Write for EraseCustomer<'_> {
    type Done = Taken;
    const AUDIT: Option<AuditAction> = Some(AuditAction::Erase);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Taken> {
        self.0.apply(unit, AuditAction::Erase).await
    }
}

/// Deletes a customer.
struct DeleteCustomer<'a>(&'a EraseRequest);

impl Write for DeleteCustomer<'_> {
    type Done = Taken;
    const AUDIT: Option<AuditAction> = Some(AuditAction::Delete);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Taken> {
        self.0.apply(unit, AuditAction::Delete).await
    }
}

impl EraseRequest {
    fn checked(mut self) -> Result<Self> {
        self.reason = checked_reason(self.reason.as_deref())?;
        Ok(self)
    }

    /// Takes everything away. An erasure also remembers the addresses.
    async fn apply(&self, unit: &mut UnitOfWork<'_>, action: AuditAction) -> Result<Taken> {
        // Identities before heads, the order in which identify takes them; read again when nobody can add one.
        let before = self.identities(unit).await?;
        lock_identities(unit, &before).await.map_err(gone_is_retry)?;
        let locked = LockedCustomers::read(unit, &[self.customer]).await?;
        let survivor = locked.survivor(self.customer).ok_or(Error::Retry)?;
        expect_version(unit, survivor, self.expected_version)?;
        let homes = &locked.sides[&survivor];
        let identities = identities_of(unit, homes).await?;
        let mut ids: Vec<IdentityId> = identities.iter().map(|identity| identity.id).collect();
        if ids != before {
            return Err(Error::Retry);
        }
        // Addresses that were taken off are no longer the person's: they may be another's.
        ids.extend(removed_identities(unit, homes).await?);

        let hashes = hashes_of(unit, &identities);
        if action == AuditAction::Erase {
            remember(unit, &hashes);
        }
        // The log says it while there still is a head to say it of.
        unit.changes.log(survivor, ChangeKind::Erased, None)?;
        unit.run_changes().await?;
        let files = take_files(unit, FilesOf::Homes(homes)).await?;
        let erased = Erased { homes, identities: &ids, hashes: &hashes };
        let mut rows = erased.delete(unit).await?;
        rows.extend([("file", files.files), ("file_content", files.contents)]);
        let counts: Map<String, Json> =
            rows.iter().map(|(table, n)| ((*table).to_string(), json!(n))).collect();
        let detail = json!({ "homes": homes, "rows": counts, "reason": self.reason });
        unit.audit(action, Some(survivor), &detail);
        let homes = homes.iter().copied().collect();
        let (at, dry_run) = (unit.now, self.dry_run);
        Ok((Receipt { customer: survivor, homes, rows, at, dry_run }, files.objects))
    }

    /// The identities of the customer to whom the home belongs, as they are now.
    async fn identities(&self, unit: &UnitOfWork<'_>) -> Result<Vec<IdentityId>> {
        let mut homes = BTreeSet::from([self.customer]);
        let mut sql = unit.sql();
        // Two looks into indexes: of one condition with OR, writers make a look at all heads.
        for homes in [
            "SELECT COALESCE(h.merged_into, h.number) FROM customer_head h",
            " UNION SELECT m.number FROM customer_head h JOIN customer_head m ON m.tenant = h.tenant AND m.merged_into = COALESCE(h.merged_into, h.number)",
        ] {
            sql.push(homes).push(" WHERE h.tenant = ").bind(unit.tenant());
            sql.push(" AND h.number = ").bind(self.customer);
        }
        for row in unit.all(sql).await? {
            homes.insert(get(&row, 0)?);
        }
        Ok(identities_of(unit, &homes).await?.into_iter().map(|identity| identity.id).collect())
    }
}

/// What was there a moment ago was moved or erased meanwhile.
fn gone_is_retry(error: Error) -> Error {
    match error {
        Error::User(_) => Error::Retry,
        error => error,
    }
}

/// A keyed hash of each identity.
fn hashes_of(unit: &UnitOfWork<'_>, identities: &[IdentityRow]) -> Vec<String> {
    let (secret, tenant) = (&unit.rapport.secret, unit.tenant());
    let hash = |IdentityRow { identifier, .. }: &IdentityRow| {
        secret.hash(tenant, &identifier.namespace, &identifier.match_key)
    };
    identities.iter().map(hash).collect()
}

/// Keeps these hashes.
fn remember(unit: &mut UnitOfWork<'_>, hashes: &[String]) {
    if hashes.is_empty() {
        return;
    }
    let (tenant, at) = (unit.tenant(), unit.now);
    let row = |hash: &String| erased_key::Model { tenant, hash: hash.clone(), at };
    let rows: Vec<_> = hashes.iter().map(row).collect();
    let mut sql = insert::<erased_key::Entity>(unit.dialect(), &rows);
    sql.push(" ON CONFLICT (tenant, hash) DO NOTHING");
    unit.push(sql);
}
