//! Contacts: the rows of emails and phone numbers that `POST /identify` speaks of.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::entity::contact::Model;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::LinkPrecedence;
use crate::graphql::fault::Result;
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::customer::Customer;
use crate::graphql::scalars::{EmailAddress, Number, PhoneNumber, time};
use crate::ids::IdKind;

/// The fields of a customer that show its contacts.
pub const CONTACT_FIELDS: [&str; 5] =
    ["contacts", "primaryEmail", "primaryPhone", "emails", "phoneNumbers"];

/// One observed row of a person: an email, a phone number, or both.
#[derive(Clone)]
pub struct Contact {
    context: ResolverContext,
    rows: Arc<Vec<Model>>,
    n: usize,
    /// Whose they are, where that was read with them.
    owner: Option<Arc<Customer>>,
}

impl Contact {
    pub fn new(context: &ResolverContext, row: Model) -> Contact {
        Contact { context: context.clone(), rows: Arc::new(vec![row]), n: 0, owner: None }
    }

    /// Each of a customer's rows.
    pub fn all(
        context: &ResolverContext,
        rows: &Arc<Vec<Model>>,
        owner: Option<Customer>,
    ) -> Vec<Contact> {
        let owner = owner.map(Arc::new);
        let contact = |n| {
            let (rows, owner) = (rows.clone(), owner.clone());
            Contact { context: context.clone(), rows, n, owner }
        };
        (0..rows.len()).map(contact).collect()
    }

    fn row(&self) -> &Model {
        &self.rows[self.n]
    }
}

/// One observed row of a person: an email, a phone number, or both.
#[object]
impl Contact {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Contact, self.context.tenant(), self.row().number.0)
    }

    /// The integer that `POST /identify` speaks of.
    pub fn contact_id(&self) -> Number {
        self.row().number.into()
    }

    /// The email that was observed, if one was.
    pub fn email(&self) -> Option<EmailAddress> {
        self.row().email.clone().map(EmailAddress)
    }

    /// The phone number that was observed, if one was.
    pub fn phone_number(&self) -> Option<PhoneNumber> {
        self.row().phone_number.clone().map(PhoneNumber)
    }

    /// The primary contact, for a secondary.
    pub fn linked_id(&self) -> Option<Number> {
        self.row().linked_id.map(Into::into)
    }

    /// Whether it is the customer's oldest contact.
    pub fn link_precedence(&self) -> LinkPrecedence {
        self.row().link_precedence.into()
    }

    /// When it was observed first.
    pub fn created_at(&self) -> DateTime<Utc> {
        time(self.row().created_at)
    }

    /// When its links changed last.
    pub fn updated_at(&self) -> DateTime<Utc> {
        time(self.row().updated_at)
    }

    /// When a split took its values away.
    pub fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.row().deleted_at.map(time)
    }

    /// The person.
    pub async fn customer(&self) -> Result<Customer> {
        match &self.owner {
            // Another look might find it merged, or erased.
            Some(owner) => Ok(Customer::clone(owner)),
            None => Customer::load(&self.context, self.row().home).await,
        }
    }
}

/// What the contacts hold of one kind, each once.
pub fn values_of(rows: &[Model], of: impl Fn(&Model) -> Option<&String>) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in rows.iter().filter_map(of) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}
