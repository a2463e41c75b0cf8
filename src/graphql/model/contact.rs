//! Contacts.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::contact::Model;
use crate::graphql::at_hand::{Asked, AtHand, now};
use crate::graphql::enums::LinkPrecedence;
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::{EmailAddress, Number, PhoneNumber, time};
use crate::graphql::text::Text;

/// One observed row of a person: an email, a phone number, or both.
#[derive(Clone)]
pub struct Contact {
    env: Env,
    rows: Arc<Vec<Model>>,
    n: usize,
}

impl Contact {
    pub fn new(env: &Env, row: Model) -> Contact {
        Contact { env: env.clone(), rows: Arc::new(vec![row]), n: 0 }
    }

    /// Each of a customer's rows.
    pub fn all(env: &Env, rows: &Arc<Vec<Model>>) -> Vec<Contact> {
        (0..rows.len()).map(|n| Contact { env: env.clone(), rows: rows.clone(), n }).collect()
    }

    fn row(&self) -> &Model {
        &self.rows[self.n]
    }
}

/// One observed row of a person: an email, a phone number, or both.
#[Object]
impl Contact {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Contact, self.env.tenant(), self.row().number.0)
    }

    /// The integer that `POST /identify` speaks of.
    pub async fn contact_id(&self) -> Number {
        self.row().number.into()
    }

    /// The email that was observed, if one was.
    pub async fn email(&self) -> Option<EmailAddress> {
        self.row().email.clone().map(EmailAddress)
    }

    /// The phone number that was observed, if one was.
    pub async fn phone_number(&self) -> Option<PhoneNumber> {
        self.row().phone_number.clone().map(PhoneNumber)
    }

    /// The primary contact, for a secondary.
    pub async fn linked_id(&self) -> Option<Number> {
        self.row().linked_id.map(Into::into)
    }

    /// Whether it is the customer's oldest contact.
    pub async fn link_precedence(&self) -> LinkPrecedence {
        self.row().link_precedence.into()
    }

    /// When it was observed first.
    pub async fn created_at(&self) -> DateTime<Utc> {
        time(self.row().created_at)
    }

    /// When its links changed last.
    pub async fn updated_at(&self) -> DateTime<Utc> {
        time(self.row().updated_at)
    }

    /// When a split took its values away.
    pub async fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.row().deleted_at.map(time)
    }

    /// The person.
    pub async fn customer(&self) -> Result<Customer> {
        Customer::load(&self.env, self.row().home).await
    }
}

impl AtHand for Contact {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "id" => now(self.id(&asked.context()), text),
            "contactId" => now(self.contact_id(&asked.context()), text),
            "email" => text.leaf(&self.row().email),
            "phoneNumber" => text.leaf(&self.row().phone_number),
            "linkedId" => now(self.linked_id(&asked.context()), text),
            "linkPrecedence" => now(self.link_precedence(&asked.context()), text),
            "createdAt" => now(self.created_at(&asked.context()), text),
            "updatedAt" => now(self.updated_at(&asked.context()), text),
            "deletedAt" => now(self.deleted_at(&asked.context()), text),
            _ => None,
        }
    }
}
