//! Taking some addresses of a customer out: a new home, to which they move with everything that came through them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{QueryResult, Value};
use serde_json::json;

use crate::domain::audit::{AuditAction, audit};
use crate::domain::identifier::{IdentifierRules, Parsed, parse};
use crate::domain::identify::{
    CONTACT, NewEvidence, Newcomer, contact_row, insert_evidence, people,
};
use crate::domain::index::Index;
use crate::domain::item::{IdentityAction, IdentityChange, get};
use crate::domain::item_rows;
use crate::domain::ledger::Ledger;
use crate::domain::locked::{Locked, expect_version};
use crate::domain::merges::{BY_HAND, MergeDone, tell};
use crate::domain::moved_items::move_items;
use crate::domain::owned::{Owned, lock_identities, owned};
use crate::domain::rapport::Rapport;
use crate::domain::reviews;
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::domain::undo::part;
use crate::entity::kinds::{ChangeKind, IdentityKind, LinkRule};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};

/// Identities in one split.
pub const MOST_IDENTITIES: usize = 1_000;

#[derive(Clone, Debug)]
pub struct SplitRequest {
    /// By the id of any home.
    pub customer: CustomerId,
    /// Some of the customer's identities, not all.
    pub identities: Vec<IdentityId>,
    /// Adds a rule that nothing joins the two again.
    pub keep_apart: bool,
    pub expected_version: Option<i64>,
}

impl SplitRequest {
    fn check(&self) -> Result<(), UserError> {
        let different: BTreeSet<IdentityId> = self.identities.iter().copied().collect();
        if different.is_empty() {
            return Err(
                UserError::invalid("a split needs at least one identity").at(["identityIds"])
            );
        }
        if different.len() != self.identities.len() {
            return Err(UserError::invalid("the same identity stands twice").at(["identityIds"]));
        }
        if different.len() > MOST_IDENTITIES {
            let message = format!("at most {MOST_IDENTITIES} identities in one split");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["identityIds"]));
        }
        Ok(())
    }
}

impl Rapport {
    /// Moves the chosen identities, and the items that came through them, to a customer of their own.
    pub async fn split_customer(&self, scope: &Scope, request: SplitRequest) -> Result<MergeDone> {
        request.check()?;
        let rules = self.rules(scope.tenant).await?;
        let work = Arc::new((self.clone(), scope.clone(), request, rules));
        let (done, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(
                    async move { work.0.split(tx, &work.1, &work.2, &work.3.identifiers).await },
                )
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        Ok(done)
    }

    async fn split(
        &self,
        tx: &Tx,
        scope: &Scope,
        request: &SplitRequest,
        rules: &IdentifierRules,
    ) -> Result<(MergeDone, Ledger)> {
        let (tenant, now) = (scope.tenant, self.clock.now());
        let mut ledger = Ledger::new(tenant, now);
        // Addresses before heads: the order in which identify takes them.
        lock_identities(tx, tenant, &request.identities).await?;
        let locked = Locked::read(tx, &mut ledger, tenant, &[request.customer]).await?;
        let survivor = locked.survivor(request.customer).ok_or(Error::Moved)?;
        expect_version(&ledger, survivor, request.expected_version)?;
        let homes = &locked.sides[&survivor];
        let all = owned(tx, tenant, homes).await?;
        let find = |id: &IdentityId| all.iter().find(|owned| owned.id == *id);
        let Some(chosen) = request.identities.iter().map(find).collect::<Option<Vec<&Owned>>>()
        else {
            return Err(UserError::not_found("no such identity of this customer")
                .at(["identityIds"])
                .into());
        };
        if chosen.len() == all.len() {
            return Err(UserError::invalid("a split of every identity would leave nobody")
                .at(["identityIds"])
                .into());
        }
        let rest: Vec<&Owned> =
            all.iter().filter(|owned| !request.identities.contains(&owned.id)).collect();
        let sources: BTreeSet<CustomerId> = chosen.iter().map(|owned| owned.home).collect();

        let home = CustomerId(self.clock.next_number().0);
        let mut index = Index::default();
        forget_words(tx, tenant, &sources, &mut index, &rest).await?;
        let statements = self.newcomer(tx, tenant, now, home, &chosen, &mut ledger, &mut index)?;
        tx.run_together(statements).await?;
        move_items(tx, &mut ledger, tenant, &sources, &request.identities, home).await?;
        part(
            tx,
            &mut ledger,
            tenant,
            (survivor, homes),
            (home, &BTreeSet::from([home])),
            ChangeKind::Split,
        )
        .await?;
        for source in sources.iter().filter(|source| **source != survivor) {
            ledger.head_mut(*source)?.shape += 1;
        }

        let mut statements = Vec::new();
        let change = |other| IdentityChange {
            action: IdentityAction::Split,
            other: Some(other),
            merge: None,
            identities: request.identities.clone(),
        };
        let items = [
            tell(self, &mut ledger, survivor, now, change(home))?,
            tell(self, &mut ledger, home, now, change(survivor))?,
        ];
        statements.push(item_rows::engagements(tx, tenant, &items.iter().collect::<Vec<_>>()));
        strip_contacts(tx, tenant, survivor, &chosen, rules, now).await?;
        statements.extend(evidence(tx, scope, now, &chosen, &rest, &sources));
        let keep_aparts = if request.keep_apart {
            let pairs: Vec<_> = sources
                .iter()
                .copied()
                .chain([survivor])
                .collect::<BTreeSet<_>>()
                .into_iter()
                .map(|old| (old, home))
                .collect();
            reviews::keep_apart(tx, scope, &self.clock, &pairs).await?
        } else {
            Vec::new()
        };
        let detail =
            json!({ "parted": home, "identities": request.identities, "keepAparts": keep_aparts });
        statements.push(audit(tx, scope, &self.clock, AuditAction::Split, Some(survivor), &detail));
        statements.extend(index.flush(tx, tenant));
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        let version = ledger.head(survivor)?.position;
        let done = MergeDone {
            customer: survivor,
            version,
            merges: Vec::new(),
            homes: vec![home],
            parted: Some(home),
            keep_aparts,
        };
        Ok((done, ledger))
    }

    /// The new customer: a primary contact with the first email and phone, further ones as secondaries.
    #[expect(clippy::too_many_arguments, reason = "the books of one transaction")]
    fn newcomer(
        &self,
        tx: &Tx,
        tenant: TenantId,
        now: Micros,
        home: CustomerId,
        chosen: &[&Owned],
        ledger: &mut Ledger,
        index: &mut Index,
    ) -> Result<Vec<Sql>> {
        let column = |field: IdentityKind| -> Vec<&Owned> {
            chosen.iter().copied().filter(|owned| owned.field() == Some(field)).collect()
        };
        let (emails, phones) = (column(IdentityKind::Email), column(IdentityKind::Phone));
        let value = |owned: Option<&&Owned>| owned.map(|owned| owned.identifier.value.clone());
        let (email, phone) = (value(emails.first()), value(phones.first()));
        let person = Newcomer {
            home,
            email: email.as_deref(),
            phone_number: phone.as_deref(),
            identities: chosen.iter().map(|owned| &owned.identifier).collect(),
            name: None,
            traits: None,
            said_at: now,
        };
        let mut statements = people(tx, tenant, now, &[person], ledger, index)?;
        let mut places: BTreeMap<IdentityId, ContactNumber> =
            chosen.iter().map(|owned| (owned.id, ContactNumber(home.0))).collect();
        let mut rows = Vec::new();
        for n in 1..emails.len().max(phones.len()) {
            let number = self.clock.next_number();
            let (email, phone) = (value(emails.get(n)), value(phones.get(n)));
            rows.push(contact_row(
                tenant,
                number,
                home,
                home,
                email.as_deref(),
                phone.as_deref(),
                now,
            ));
            places.extend(
                [emails.get(n), phones.get(n)]
                    .into_iter()
                    .flatten()
                    .map(|owned| (owned.id, number)),
            );
        }
        if !rows.is_empty() {
            statements.push(insert(tx.backend, "contact", CONTACT, &rows));
        }
        let rows: Vec<Vec<Value>> =
            places.iter().map(|(id, contact)| vec![id.0.into(), contact.0.into()]).collect();
        let mut sql = tx.sql();
        sql.push("UPDATE identity SET contact = v.column2, home = ")
            .bind(home)
            .push(" FROM ")
            .rows(&[Column::Big, Column::Big], &rows);
        sql.push(" AS v WHERE identity.tenant = ")
            .bind(tenant)
            .push(" AND identity.id = v.column1");
        statements.push(sql);
        Ok(statements)
    }
}

/// The words by which the old homes are found are made anew from what stays.
async fn forget_words(
    tx: &Tx,
    tenant: TenantId,
    sources: &BTreeSet<CustomerId>,
    index: &mut Index,
    rest: &[&Owned],
) -> Result<()> {
    for sql in Index::forget(tx, tenant, sources) {
        tx.run(sql).await?;
    }
    sources.iter().for_each(|home| index.begin(*home));
    let mut sql = tx.sql();
    sql.push("SELECT number, name FROM customer WHERE tenant = ")
        .bind(tenant)
        .push(" AND number")
        .among(sources.iter().map(|home| home.0));
    for row in tx.all(sql).await? {
        let name: Option<String> = get(&row, 1)?;
        index.name(get(&row, 0)?, None, name.as_deref(), true);
    }
    for owned in rest.iter().filter(|owned| sources.contains(&owned.home)) {
        index.identifier(owned.home, &owned.identifier, true);
    }
    Ok(())
}

/// The old contact rows lose what went; a row that holds nothing any more is deleted, but for a home's first.
async fn strip_contacts(
    tx: &Tx,
    tenant: TenantId,
    survivor: CustomerId,
    chosen: &[&Owned],
    rules: &IdentifierRules,
    now: Micros,
) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("SELECT number, home, email, phone_number FROM contact WHERE tenant = ")
        .bind(tenant)
        .push(" AND customer = ")
        .bind(survivor);
    sql.push(" AND deleted_at IS NULL");
    // Rows keep values as they were sent: another spelling of one address is that address.
    let went = |kind: IdentityKind, value: &str| {
        let key = match parse(kind, value, None, rules) {
            Ok(Parsed::Identifier(identifier)) => {
                Some((identifier.namespace, identifier.match_key))
            }
            _ => None,
        };
        chosen.iter().any(|owned| {
            let same = key.as_ref().is_some_and(|(namespace, key)| {
                owned.identifier.namespace == *namespace && owned.identifier.match_key == *key
            });
            owned.field() == Some(kind) && (same || owned.identifier.value == value)
        })
    };
    let mut rows = Vec::new();
    for row in tx.all(sql).await? {
        let stripped = strip(&row, &went, now)?;
        rows.extend(stripped);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut sql = tx.sql();
    sql.push("UPDATE contact SET email = v.column2, phone_number = v.column3, deleted_at = v.column4, updated_at = ")
        .bind(now)
        .push(" FROM ");
    sql.rows(&[Column::Big, Column::TextOrNull, Column::TextOrNull, Column::BigOrNull], &rows);
    sql.push(" AS v WHERE contact.tenant = ").bind(tenant).push(" AND contact.number = v.column1");
    tx.run(sql).await?;
    Ok(())
}

fn strip(
    row: &QueryResult,
    went: &impl Fn(IdentityKind, &str) -> bool,
    now: Micros,
) -> Result<Option<Vec<Value>>> {
    let (number, home): (i64, i64) = (get(row, 0)?, get(row, 1)?);
    let (email, phone): (Option<String>, Option<String>) = (get(row, 2)?, get(row, 3)?);
    let keep = |kind: IdentityKind, value: &Option<String>| {
        value.clone().filter(|value| !went(kind, value))
    };
    let after = (keep(IdentityKind::Email, &email), keep(IdentityKind::Phone, &phone));
    if after == (email, phone) {
        return Ok(None);
    }
    let empty = after.0.is_none() && after.1.is_none() && number != home;
    Ok(Some(vec![
        number.into(),
        after.0.into(),
        after.1.into(),
        Value::BigInt(empty.then_some(now.0)),
    ]))
}

/// Either side still says why its addresses belong together, also where the one that tied them went.
fn evidence(
    tx: &Tx,
    scope: &Scope,
    now: Micros,
    chosen: &[&Owned],
    rest: &[&Owned],
    sources: &BTreeSet<CustomerId>,
) -> Option<Sql> {
    let mut groups: Vec<Vec<IdentityId>> = vec![chosen.iter().map(|owned| owned.id).collect()];
    groups.extend(sources.iter().map(|home| {
        rest.iter().filter(|owned| owned.home == *home).map(|owned| owned.id).collect()
    }));
    let mut rows: Vec<NewEvidence> = Vec::new();
    for group in &mut groups {
        group.sort();
        let Some((oldest, others)) = group.split_first() else { continue };
        rows.extend(
            others
                .iter()
                .map(|other| (*oldest, *other, LinkRule::ManualSplit, BY_HAND.to_string())),
        );
    }
    (!rows.is_empty()).then(|| insert_evidence(tx, scope, now, &rows))
}
