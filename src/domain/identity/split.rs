//! Taking some identities of a customer out: a new home, to which they move with everything that came through them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{QueryFilter, Value};
use serde_json::json;

use crate::domain::identity::keep_apart::keep_apart;
use crate::domain::identity::merge::{BY_HAND, MergeDone};
use crate::domain::identity::moved_items::move_items;
use crate::domain::identity::part::part;
use crate::domain::identity::split_contacts::strip_contacts;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::customer_rows::{NewCustomer, contact_row, create_customers};
use crate::domain::write::evidence_rows::{NewEvidence, insert_evidence};
use crate::domain::write::forget_search::forget_search_rows;
use crate::domain::write::identity_rows::{IdentityRow, identities_of, lock_identities};
use crate::domain::write::locks::{LockedCustomers, expect_version};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::{ChangeKind, IdentityKind, LinkRule};
use crate::entity::table::Table;
use crate::entity::{contact, customer};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{ContactNumber, CustomerId, IdentityId};
use crate::store::Ending;
use crate::store::row_statement::RowStatement;
use crate::store::sql::{CellType, among, insert};

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
                UserError::invalid("a split needs at least one identity").at(["identities"])
            );
        }
        if different.len() != self.identities.len() {
            return Err(UserError::invalid("the same identity stands twice").at(["identities"]));
        }
        if different.len() > MOST_IDENTITIES {
            let message = format!("at most {MOST_IDENTITIES} identities in one split");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).at(["identities"]));
        }
        Ok(())
    }
}

impl Rapport {
    /// Moves the chosen identities, and the items that came through them, to a customer of their own.
    pub async fn split_customer(&self, scope: &Scope, request: SplitRequest) -> Result<MergeDone> {
        request.check()?;
        let rules = self.rules(scope.tenant).await?;
        self.write(scope, Ending::Commit, &SplitCustomer { request, rules }).await
    }
}

struct SplitCustomer {
    request: SplitRequest,
    rules: Arc<Rules>,
}

/// A customer's identities: those that leave and those that stay.
struct Parting {
    leaving: Vec<IdentityRow>,
    staying: Vec<IdentityRow>,
    /// The homes that identities leave.
    sources: BTreeSet<CustomerId>,
}

impl Write for SplitCustomer {
    type Done = MergeDone;
    const AUDIT: Option<AuditAction> = Some(AuditAction::Split);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<MergeDone> {
        let request = &self.request;
        // Identities before heads: the order in which identify takes them.
        lock_identities(unit, &request.identities).await?;
        let customers = LockedCustomers::read(unit, &[request.customer]).await?;
        let survivor = customers.survivor(request.customer).ok_or(Error::Retry)?;
        expect_version(unit, survivor, request.expected_version)?;
        let homes = &customers.sides[&survivor];
        let parting = self.parting(identities_of(unit, homes).await?)?;
        let sources = &parting.sources;

        let home = CustomerId::from(unit.rapport.clock.next_number());
        renew_search_rows(unit, &parting).await?;
        create_customer(unit, home, &parting.leaving)?;
        unit.run_pushed().await?;
        move_items(unit, sources, &request.identities, home).await?;
        let parted = BTreeSet::from([home]);
        part(unit, (survivor, homes), (home, &parted), ChangeKind::Split).await?;
        for source in sources.iter().filter(|source| **source != survivor) {
            unit.changes.head_mut(*source)?.shape += 1;
        }

        for (home, other) in [(survivor, home), (home, survivor)] {
            let change = IdentityChange {
                action: IdentityAction::Split,
                other: Some(other),
                merge: None,
                identities: request.identities.clone(),
            };
            unit.record_identity_change(home, BY_HAND, change)?;
        }
        let (leaving, staying) = (&parting.leaving, &parting.staying);
        strip_contacts(unit, survivor, leaving, staying, &self.rules.identifiers).await?;
        tie_both_sides(unit, &parting);
        let keep_aparts = if request.keep_apart {
            let old: BTreeSet<CustomerId> = sources.iter().copied().chain([survivor]).collect();
            let pairs: Vec<_> = old.into_iter().map(|old| (old, home)).collect();
            keep_apart(unit, &pairs)
        } else {
            Vec::new()
        };
        let detail =
            json!({ "parted": home, "identities": request.identities, "keepAparts": keep_aparts });
        unit.audit(AuditAction::Split, Some(survivor), &detail);
        Ok(MergeDone {
            customer: survivor,
            version: unit.changes.head(survivor)?.position,
            merges: Vec::new(),
            homes: vec![home],
            parted: Some(home),
            keep_aparts,
        })
    }
}

impl SplitCustomer {
    fn parting(&self, all: Vec<IdentityRow>) -> Result<Parting, UserError> {
        let chosen = &self.request.identities;
        let mut by_id: BTreeMap<IdentityId, IdentityRow> =
            all.into_iter().map(|identity| (identity.id, identity)).collect();
        let mut leaving = Vec::with_capacity(chosen.len());
        for (n, id) in chosen.iter().enumerate() {
            let missing = || {
                let path = ["identities".to_owned(), n.to_string()];
                UserError::not_found("no such identity of this customer").at(path)
            };
            leaving.push(by_id.remove(id).ok_or_else(missing)?);
        }
        if by_id.is_empty() {
            return Err(UserError::invalid("a split of every identity would leave nobody")
                .at(["identities"]));
        }
        let sources = leaving.iter().map(|identity: &IdentityRow| identity.home).collect();
        Ok(Parting { leaving, staying: by_id.into_values().collect(), sources })
    }
}

/// The new customer: a primary contact with the first email and phone, further ones as secondaries.
fn create_customer(
    unit: &mut UnitOfWork<'_>,
    home: CustomerId,
    identities: &[IdentityRow],
) -> Result<()> {
    let column = |field: IdentityKind| -> Vec<&IdentityRow> {
        identities
            .iter()
            .filter(|identity| identity.identifier.contact_field() == Some(field))
            .collect()
    };
    let (emails, phones) = (column(IdentityKind::Email), column(IdentityKind::Phone));
    let value = |identity: Option<&&IdentityRow>| {
        identity.map(|identity| identity.identifier.value.clone())
    };
    let (email, phone) = (value(emails.first()), value(phones.first()));
    let person = NewCustomer {
        home,
        email: email.as_deref(),
        phone_number: phone.as_deref(),
        identities: identities.iter().map(|identity| &identity.identifier).collect(),
        name: None,
        traits: None,
        said_at: unit.now,
    };
    create_customers(unit, &[person])?;
    let mut contact_of: BTreeMap<IdentityId, ContactNumber> =
        identities.iter().map(|identity| (identity.id, ContactNumber(home.0))).collect();
    let mut contacts = Vec::new();
    for n in 1..emails.len().max(phones.len()) {
        let number = unit.rapport.clock.next_number();
        let values = (value(emails.get(n)), value(phones.get(n)));
        contacts.push(contact_row(unit, number, home, home, values));
        let both = [emails.get(n), phones.get(n)];
        contact_of.extend(both.into_iter().flatten().map(|identity| (identity.id, number)));
    }
    if !contacts.is_empty() {
        unit.push(insert::<contact::Entity>(unit.dialect(), &contacts));
    }
    let row = |(id, contact): (&IdentityId, &ContactNumber)| {
        vec![(*id).into(), (*contact).into(), home.into()]
    };
    let rows: Vec<Vec<Value>> = contact_of.iter().map(row).collect();
    let (set, types) = ("contact = v.column2, home = v.column3", &[CellType::Big; 3]);
    let joined = (unit.tenant(), "identity.id = v.column1");
    unit.gather(RowStatement::update("identity", set, types, rows, joined));
    Ok(())
}

/// The words by which the old homes are found are made anew from what stays.
async fn renew_search_rows(unit: &mut UnitOfWork<'_>, parting: &Parting) -> Result<()> {
    let sources = &parting.sources;
    forget_search_rows(unit, sources).await?;
    for home in sources {
        unit.search.begin(*home);
    }
    let homes = among(unit.dialect(), customer::Column::Number, sources.iter().map(|home| home.0));
    for row in unit.find(customer::Entity::of(unit.tenant()).filter(homes)).await? {
        unit.search.name(row.number, None, row.name.as_deref(), true);
        unit.search.traits(row.number, None, Some(&row.traits));
    }
    for identity in parting.staying.iter().filter(|identity| sources.contains(&identity.home)) {
        unit.search.identifier(identity.home, &identity.identifier, true);
    }
    Ok(())
}

/// Either side still says why its identities belong together, also where the one that tied them went.
fn tie_both_sides(unit: &mut UnitOfWork<'_>, parting: &Parting) {
    let mut groups: Vec<Vec<IdentityId>> =
        vec![parting.leaving.iter().map(|identity| identity.id).collect()];
    groups.extend(parting.sources.iter().map(|home| {
        let of_home = parting.staying.iter().filter(|identity| identity.home == *home);
        of_home.map(|identity| identity.id).collect()
    }));
    let mut rows: Vec<NewEvidence> = Vec::new();
    for group in &mut groups {
        group.sort();
        let Some((oldest, others)) = group.split_first() else { continue };
        let tie =
            |other: &IdentityId| (*oldest, *other, LinkRule::ManualSplit, BY_HAND.to_string());
        rows.extend(others.iter().map(tie));
    }
    if !rows.is_empty() {
        insert_evidence(unit, &rows);
    }
}
