//! One number, read anew: it becomes another number of its customer; where that is another customer's, the two are joined
//! or held for review, by the guards of identify.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, QueryFilter};

use crate::domain::identifier::{Identifier, opaque, reread};
use crate::domain::identity::customer_totals::customer_totals;
use crate::domain::identity::guards::{Hold, objections, unverified};
use crate::domain::identity::join::{EdgeEnd, Join};
use crate::domain::identity::keep_apart::pairs_kept_apart;
use crate::domain::identity::reread::step::{Step, store};
use crate::domain::identity::reviews::{self, HeldLink};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::tenant::rereading::Reread;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::evidence_rows::insert_evidence;
use crate::domain::write::identity_rows::identities_of;
use crate::domain::write::locks::LockedCustomers;
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::identity::{self, Column};
use crate::entity::kinds::{ChangeKind, LinkRule, Verification};
use crate::entity::table::Table;
use crate::entity::{contact, erased_key};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId};
use crate::store::failpoints::failpoint;
use crate::store::row::get;
use crate::store::sql::Sql;

/// The source of what a re-reading links or holds back.
const SOURCE: &str = "region";

/// Reads one number anew.
pub(super) struct RereadNumber<'a> {
    pub identity: IdentityId,
    pub rules: &'a Rules,
    /// The step of the worker that it is part of; none for a number that somebody asked for.
    pub step: Option<Step<'a>>,
}

impl Write for RereadNumber<'_> {
    type Done = Reread;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Reread> {
        let Some(step) = &self.step else { return self.reread(unit).await };
        let Some(mut state) = step.lock(unit).await? else { return Ok(Reread::Same) };
        let became = self.reread(unit).await?;
        if failpoint("reread-dies") && state.done > 20 {
            std::process::abort();
        }
        state.note(step.looked, self.identity, became);
        store(unit, &state);
        Ok(became)
    }
}

impl RereadNumber<'_> {
    async fn reread(&self, unit: &mut UnitOfWork<'_>) -> Result<Reread> {
        let Some(known) = self.row(unit, self.identity).await? else { return Ok(Reread::Same) };
        let Some(number) = read_anew(&known, self.rules) else { return Ok(Reread::Same) };
        let twin = lock(unit, &known, &number).await?;
        // Until it was locked, others could move or change it.
        if self.row(unit, self.identity).await?.as_ref() != Some(&known) {
            return Err(Error::Retry);
        }
        match twin {
            None => self.renew(unit, &known, &number).await,
            Some(twin) => {
                let twin = self.row(unit, twin).await?.ok_or(Error::Retry)?;
                self.meet(unit, &known, &twin).await
            }
        }
    }

    async fn row(
        &self,
        unit: &UnitOfWork<'_>,
        identity: IdentityId,
    ) -> Result<Option<identity::Model>> {
        let by_id = identity::Entity::of(unit.tenant()).filter(Column::Id.eq(identity));
        Ok(unit.find(by_id).await?.pop())
    }

    /// Nobody has the number: this identity is it.
    async fn renew(
        &self,
        unit: &mut UnitOfWork<'_>,
        known: &identity::Model,
        number: &Identifier,
    ) -> Result<Reread> {
        if is_erased(unit, number).await? {
            return Ok(Reread::Same);
        }
        // Before any head is locked: whoever inserts the same number meanwhile waits here, or is waited for.
        let region = self.rules.settings.region.clone();
        let region = Some(region).filter(|_| !opaque(&number.value));
        let renewed = identity::Entity::update_of(unit.tenant())
            .filter(Column::Id.eq(known.id))
            .col_expr(Column::MatchKey, number.match_key.clone().into())
            .col_expr(Column::Value, number.value.clone().into())
            .col_expr(Column::RereadIn, region.into());
        unit.run(Sql::from_query(unit.dialect(), &renewed)).await?;
        let customers = lock_customers(unit, &[known.home]).await?;
        let survivor = customers.survivor(known.home).ok_or(Error::Retry)?;
        let homes = BTreeSet::from([known.home]);
        let others = identities_of(unit, &homes).await?;
        let others: Vec<&Identifier> = others.iter().map(|other| &other.identifier).collect();
        unit.search.renewed(known.home, &identifier(known), number, &others);
        let contacts = contact::Entity::update_of(unit.tenant())
            .filter(contact::Column::Customer.eq(survivor))
            .filter(contact::Column::PhoneNumber.eq(known.value.clone()))
            .col_expr(contact::Column::PhoneNumber, number.value.clone().into())
            .col_expr(contact::Column::UpdatedAt, unit.now.into());
        unit.push(Sql::from_query(unit.dialect(), &contacts));
        unit.changes.log(survivor, ChangeKind::Identified, None)?;
        Ok(Reread::Renewed)
    }

    /// Somebody has the number: it stays with that identity, and this one stays as it was. Where their customers are two,
    /// one number is what joins people, unless a guard objects.
    async fn meet(
        &self,
        unit: &mut UnitOfWork<'_>,
        known: &identity::Model,
        twin: &identity::Model,
    ) -> Result<Reread> {
        if known.shared || twin.shared {
            return Ok(Reread::Same);
        }
        let customers = lock_customers(unit, &[known.home, twin.home]).await?;
        if customers.sides.len() < 2 {
            return Ok(Reread::Same);
        }
        let sides = &customers.sides;
        let mut identities = [known.id, twin.id];
        identities.sort();
        if let Some(hold) = self.objection(unit, &customers, known, twin).await? {
            let link = HeldLink { hold: &hold, sides, identities: &identities, source: SOURCE };
            reviews::queue(unit, &link).await?;
            return Ok(Reread::Held);
        }
        let mut ends = BTreeMap::new();
        for one in [known, twin] {
            let survivor = customers.survivor(one.home).ok_or(Error::Retry)?;
            ends.insert(survivor, EdgeEnd { home: one.home, identity: Some(one.id) });
        }
        let rule = LinkRule::SharedIdentity;
        Join { ends, homes: sides, rule, source: SOURCE, reason: None }.apply(unit)?;
        let profiles = Profiles::read(unit, customers.homes()).await?;
        profiles.store(unit, &[&profiles.homes()], None)?;
        let [older, younger] = identities;
        insert_evidence(unit, &[(older, younger, rule, SOURCE.to_owned())]);
        Ok(Reread::Joined)
    }

    async fn objection(
        &self,
        unit: &UnitOfWork<'_>,
        customers: &LockedCustomers,
        known: &identity::Model,
        twin: &identity::Model,
    ) -> Result<Option<Hold>> {
        let survivors: BTreeSet<CustomerId> = customers.sides.keys().copied().collect();
        let totals = customer_totals(unit, &survivors).await?;
        let apart = pairs_kept_apart(unit, customers.homes()).await?;
        let guards = &self.rules.settings.guards;
        let hold = objections(&survivors, &totals, &apart, guards).into_iter().next();
        let proved = |one: &identity::Model| one.verification == Verification::Verified;
        Ok(hold.or_else(|| unverified(proved(known) && proved(twin), guards)))
    }
}

/// The number as it is read now, of digits that no region could read, and of what an earlier re-reading made of such.
fn read_anew(known: &identity::Model, rules: &Rules) -> Option<Identifier> {
    (opaque(&known.value) || known.reread_in.is_some())
        .then(|| reread(&identifier(known), &rules.identifiers))
        .flatten()
}

/// Whether what is known would be read as another number; see [`read_anew`].
pub(super) fn is_read_anew(known: &identity::Model, rules: &Rules) -> bool {
    read_anew(known, rules).is_some()
}

fn identifier(known: &identity::Model) -> Identifier {
    Identifier {
        kind: known.kind,
        namespace: known.namespace.clone(),
        match_key: known.match_key.clone(),
        value: known.value.clone(),
        raw: known.raw_value.clone(),
    }
}

/// Locks the identity and the one that has its number, in the order in which identify locks them; the latter, where there
/// is one.
async fn lock(
    unit: &UnitOfWork<'_>,
    known: &identity::Model,
    number: &Identifier,
) -> Result<Option<IdentityId>> {
    let dialect = unit.dialect();
    let mut sql = unit.sql();
    sql.push("SELECT id FROM identity WHERE tenant = ")
        .bind(unit.tenant())
        .push(" AND namespace = ")
        .bind(number.namespace.clone())
        .push(" AND match_key IN (")
        .bind(known.match_key.clone())
        .push(", ")
        .bind(number.match_key.clone())
        .push(") ORDER BY namespace")
        .push(dialect.bytewise())
        .push(", match_key")
        .push(dialect.for_update());
    let ids = unit.all(sql).await?;
    let mut twin = None;
    for row in &ids {
        let id: IdentityId = get(row, 0)?;
        if id != known.id {
            twin = Some(id);
        }
    }
    Ok(twin)
}

async fn lock_customers(
    unit: &mut UnitOfWork<'_>,
    homes: &[CustomerId],
) -> Result<LockedCustomers> {
    LockedCustomers::read(unit, homes).await.map_err(|error| match error {
        // Erased since it was read.
        Error::User(_) => Error::Retry,
        error => error,
    })
}

/// Whether the number was an erased person's: it comes back to nobody.
async fn is_erased(unit: &UnitOfWork<'_>, number: &Identifier) -> Result<bool> {
    let secret = &unit.rapport.secret;
    let hash = secret.hash(unit.tenant(), &number.namespace, &number.match_key);
    let erased = erased_key::Entity::of(unit.tenant()).filter(erased_key::Column::Hash.eq(hash));
    Ok(!unit.find(erased).await?.is_empty())
}
