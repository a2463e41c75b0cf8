//! The rows of a new customer.

use std::borrow::Cow;

use crate::domain::identifier::Identifier;
use crate::domain::text::fold;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{ChangeKind, CustomerStatus, LifecycleStage, LinkPrecedence};
use crate::entity::{contact, customer};
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, Micros};
use crate::store::sql::insert;

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
        customers.push(row);
        let values = (person.email.map(str::to_string), person.phone_number.map(str::to_string));
        let number = ContactNumber(person.home.0);
        contacts.push(contact_row(unit, number, person.home, person.home, values));
    }
    let dialect = unit.dialect();
    unit.push(insert::<customer::Entity>(dialect, &customers));
    unit.push(insert::<contact::Entity>(dialect, &contacts));
    Ok(())
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
