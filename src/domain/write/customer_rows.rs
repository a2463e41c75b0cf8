//! The rows of a new customer.

use std::borrow::Cow;

use crate::domain::identifier::Identifier;
use crate::domain::model::customer::{Customer, Stats};
use crate::domain::model::person_card::{Card, KnownIdentity};
use crate::domain::text::fold;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{
    ChangeKind, CustomerStatus, IdentityKind, LifecycleStage, LinkPrecedence,
};
use crate::entity::{contact, customer};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros};
use crate::store::row_statement::RowStatement;

/// A customer that begins to exist.
#[derive(Clone, Debug)]
pub(crate) struct NewCustomer<'a> {
    pub home: CustomerId,
    pub email: Option<&'a str>,
    pub phone_number: Option<&'a str>,
    pub identities: Vec<&'a Identifier>,
    pub name: Option<Cow<'a, str>>,
    /// The traits, and when each was said, as JSON.
    pub traits: Option<(String, String)>,
    /// When name and traits were said.
    pub said_at: Micros,
}

/// Opens the heads, logs the creations, and stores the rows of these customers.
pub(crate) fn create_customers(unit: &mut UnitOfWork<'_>, new: &[NewCustomer]) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let (mut customers, mut contacts) = (Vec::new(), Vec::new());
    for person in new {
        unit.changes.open(person.home);
        unit.changes.log(person.home, ChangeKind::Created, None)?;
        for identifier in &person.identities {
            unit.search.identifier(person.home, identifier, true);
        }
        if person.name.is_some() {
            unit.search.name(person.home, None, person.name.as_deref(), true);
        }
        if let Some((traits, _)) = &person.traits {
            unit.search.traits(person.home, None, Some(traits));
        }
        let row = customer_row(unit, person);
        unit.labels.shown(None, &row);
        let values = (person.email.map(str::to_string), person.phone_number.map(str::to_string));
        let number = ContactNumber(person.home.0);
        let contact = contact_row(unit, number, person.home, person.home, values);
        if person.is_one_contact() {
            let card = card(&row, &contact, &person.identities)?;
            unit.changes.keep_card(person.home, card);
        }
        customers.push(row);
        contacts.push(contact);
    }
    unit.gather(RowStatement::insert::<customer::Entity>(&customers, ""));
    unit.gather(RowStatement::insert::<contact::Entity>(&contacts, ""));
    Ok(())
}

impl NewCustomer<'_> {
    /// Whether its first contact holds all that contacts hold of it.
    fn is_one_contact(&self) -> bool {
        let count = |field| {
            let of_field = |identity: &&&Identifier| identity.contact_field() == Some(field);
            self.identities.iter().filter(of_field).count()
        };
        count(IdentityKind::Email) <= 1 && count(IdentityKind::Phone) <= 1
    }
}

/// What a search shows of a new customer.
fn card(
    row: &customer::Model,
    contact: &contact::Model,
    identities: &[&Identifier],
) -> Result<String> {
    let json = |error: serde_json::Error| Error::Internal(format!("customer: {error}"));
    let customer = Customer {
        id: row.number,
        homes: vec![row.number],
        version: 0,
        name: row.name.clone(),
        status: row.status,
        stage: row.stage,
        tags: Vec::new(),
        traits: serde_json::from_str(&row.traits).map_err(json)?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        last_seen: None,
        stats: Stats::default(),
    };
    let identities = identities.iter().map(|identity| KnownIdentity::of(identity));
    Ok(Card::of(&customer, &[], std::slice::from_ref(contact), identities).to_json())
}

fn customer_row(unit: &UnitOfWork<'_>, person: &NewCustomer) -> customer::Model {
    let (traits, trait_times) = person.traits.clone().unwrap_or_else(|| ("{}".into(), "{}".into()));
    customer::Model {
        tenant: unit.tenant(),
        number: person.home,
        name: person.name.as_deref().map(str::to_owned),
        name_key: person.name.as_deref().map(fold),
        name_at: person.name.is_some().then_some(person.said_at),
        status: CustomerStatus::Active,
        stage: LifecycleStage::Visitor,
        tags: "[]".to_string(),
        traits,
        trait_times,
        created_at: unit.now,
        updated_at: unit.now,
        own: None,
        called: None,
        stage_id: None,
    }
}

/// A contact of a home, and of the survivor to whom the home belongs: its own primary, or a secondary. The values are the
/// email and the phone number.
pub(crate) fn contact_row(
    unit: &UnitOfWork<'_>,
    number: ContactNumber,
    home: CustomerId,
    survivor: CustomerId,
    (email, phone_number): (Option<String>, Option<String>),
) -> contact::Model {
    let primary = number.0 == survivor.0;
    contact::Model {
        tenant: unit.tenant(),
        number,
        home,
        customer: survivor,
        email,
        phone_number,
        linked_id: (!primary).then_some(ContactNumber(survivor.0)),
        link_precedence: if primary { LinkPrecedence::Primary } else { LinkPrecedence::Secondary },
        created_at: unit.now,
        updated_at: unit.now,
        deleted_at: None,
    }
}
