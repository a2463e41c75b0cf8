//! Contacts.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::contact::Model;
use crate::graphql::at_hand::at_hand;
use crate::graphql::enums::LinkPrecedence;
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::customer::Customer;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::{EmailAddress, Number, PhoneNumber, time};

/// One observed row of a person: an email, a phone number, or both.
#[derive(Clone)]
pub struct Contact {
    pub env: Env,
    pub row: Model,
}

/// One observed row of a person: an email, a phone number, or both.
#[Object]
impl Contact {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Contact, self.env.tenant(), self.row.number.0)
    }

    /// The integer that `POST /identify` speaks of.
    pub async fn contact_id(&self) -> Number {
        self.row.number.into()
    }

    /// The email that was observed, if one was.
    pub async fn email(&self) -> Option<EmailAddress> {
        self.row.email.clone().map(EmailAddress)
    }

    /// The phone number that was observed, if one was.
    pub async fn phone_number(&self) -> Option<PhoneNumber> {
        self.row.phone_number.clone().map(PhoneNumber)
    }

    /// The primary contact, for a secondary.
    pub async fn linked_id(&self) -> Option<Number> {
        self.row.linked_id.map(Into::into)
    }

    /// Whether it is the customer's oldest contact.
    pub async fn link_precedence(&self) -> LinkPrecedence {
        self.row.link_precedence.into()
    }

    /// When it was observed first.
    pub async fn created_at(&self) -> DateTime<Utc> {
        time(self.row.created_at)
    }

    /// When its links changed last.
    pub async fn updated_at(&self) -> DateTime<Utc> {
        time(self.row.updated_at)
    }

    /// When a split took its values away.
    pub async fn deleted_at(&self) -> Option<DateTime<Utc>> {
        self.row.deleted_at.map(time)
    }

    /// The person.
    pub async fn customer(&self) -> Result<Customer> {
        Customer::load(&self.env, self.row.home).await
    }
}

at_hand!(Contact {
    "id" => id,
    "contactId" => contact_id,
    "email" => email,
    "phoneNumber" => phone_number,
    "linkedId" => linked_id,
    "linkPrecedence" => link_precedence,
    "createdAt" => created_at,
    "updatedAt" => updated_at,
    "deletedAt" => deleted_at,
});
