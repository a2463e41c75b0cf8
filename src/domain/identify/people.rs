//! The rows of a new person.

use sea_orm::Value;

use crate::domain::identifier::Identifier;
use crate::domain::index::Index;
use crate::domain::ledger::Ledger;
use crate::domain::sql::{Column, Sql, insert};
use crate::domain::store::Tx;
use crate::domain::words::fold;
use crate::entity::kinds::{ChangeKind, CustomerStatus, LifecycleStage, LinkPrecedence};
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};

/// A person that begins to exist.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer<'a> {
    pub home: CustomerId,
    pub email: Option<&'a str>,
    pub phone_number: Option<&'a str>,
    pub identities: Vec<&'a Identifier>,
    pub name: Option<&'a str>,
    /// The traits, and when each was said, as JSON.
    pub traits: Option<(String, String)>,
    /// When name and traits were said.
    pub said_at: Micros,
}

/// Opens the heads, logs the creations, and returns the rows of these people.
pub(crate) fn people(
    tx: &Tx,
    tenant: TenantId,
    now: Micros,
    newcomers: &[Newcomer],
    ledger: &mut Ledger,
    index: &mut Index,
) -> Result<Vec<Sql>> {
    if newcomers.is_empty() {
        return Ok(Vec::new());
    }
    let (mut customers, mut contacts): (Vec<Vec<Value>>, Vec<Vec<Value>>) = Default::default();
    for person in newcomers {
        ledger.open(person.home);
        ledger.log(person.home, ChangeKind::Created, None)?;
        for identifier in &person.identities {
            index.identifier(person.home, identifier, true);
        }
        if person.name.is_some() {
            index.name(person.home, None, person.name, true);
        }
        let (traits, trait_times) =
            person.traits.clone().unwrap_or_else(|| ("{}".into(), "{}".into()));
        customers.push(vec![
            tenant.0.into(),
            person.home.0.into(),
            Value::from(person.name.map(str::to_string)),
            Value::from(person.name.map(fold)),
            Value::BigInt(person.name.map(|_| person.said_at.0)),
            CustomerStatus::Active.number().into(),
            LifecycleStage::Visitor.number().into(),
            traits.into(),
            trait_times.into(),
            now.0.into(),
            now.0.into(),
        ]);
        contacts.push(contact_row(
            tenant,
            ContactNumber(person.home.0),
            person.home,
            person.home,
            person.email,
            person.phone_number,
            now,
        ));
    }
    Ok(vec![
        insert(tx.backend, "customer", CUSTOMER, &customers),
        insert(tx.backend, "contact", CONTACT, &contacts),
    ])
}

pub(crate) fn contact_row(
    tenant: TenantId,
    number: ContactNumber,
    home: CustomerId,
    customer: CustomerId,
    email: Option<&str>,
    phone_number: Option<&str>,
    now: Micros,
) -> Vec<Value> {
    let primary = number.0 == customer.0;
    vec![
        tenant.0.into(),
        number.0.into(),
        home.0.into(),
        customer.0.into(),
        Value::from(email.map(str::to_string)),
        Value::from(phone_number.map(str::to_string)),
        Value::BigInt((!primary).then_some(customer.0)),
        if primary { LinkPrecedence::Primary } else { LinkPrecedence::Secondary }.number().into(),
        now.0.into(),
        now.0.into(),
    ]
}

const CUSTOMER: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("number", Column::Big),
    ("name", Column::TextOrNull),
    ("name_key", Column::TextOrNull),
    ("name_at", Column::BigOrNull),
    ("status", Column::Small),
    ("stage", Column::Small),
    ("traits", Column::Text),
    ("trait_times", Column::Text),
    ("created_at", Column::Big),
    ("updated_at", Column::Big),
];

pub(crate) const CONTACT: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("number", Column::Big),
    ("home", Column::Big),
    ("customer", Column::Big),
    ("email", Column::TextOrNull),
    ("phone_number", Column::TextOrNull),
    ("linked_id", Column::BigOrNull),
    ("link_precedence", Column::Small),
    ("created_at", Column::Big),
    ("updated_at", Column::Big),
];
