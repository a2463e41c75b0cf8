//! Inputs that name a customer or an identity.

use async_graphql::{ID, InputObject, OneofObject};

use crate::domain::model::customer_ref::{Given, Ref};
use crate::graphql::enums::IdentityKind;
use crate::graphql::fault::Result;
use crate::graphql::global_id::named;
use crate::graphql::scalars::Number;
use crate::ids::{ContactNumber, CustomerId, IdKind, TenantId};

/// Names a customer, in one of three ways. Merges are followed.
#[derive(OneofObject)]
pub enum CustomerRef {
    /// The customer's id, or that of one merged into it.
    Id(ID),
    /// An address of the person.
    Identity(IdentityRef),
    /// The number by which `POST /identify` knows one of the person's contacts.
    ContactId(Number),
}

/// Names an address.
#[derive(InputObject)]
pub struct IdentityRef {
    /// What it is an address of.
    pub kind: IdentityKind,
    /// In any spelling.
    pub value: String,
    /// Tells EXTERNAL ids of different systems apart.
    pub namespace: Option<String>,
}

impl IdentityRef {
    pub fn given(self) -> Given {
        Given {
            kind: self.kind.into(),
            value: self.value,
            namespace: self.namespace,
            verified: false,
            path: vec!["identity".into(), "value".into()],
        }
    }
}

impl CustomerRef {
    pub fn read(self, tenant: TenantId) -> Result<Ref> {
        Ok(match self {
            CustomerRef::Id(id) => Ref::Customer(CustomerId(named(&id, IdKind::Customer, tenant)?)),
            CustomerRef::Identity(identity) => Ref::Identity(identity.given()),
            CustomerRef::ContactId(number) => Ref::Contact(ContactNumber(number.0)),
        })
    }

    /// The same inside a list of inputs: a malformed id is an unknown one, reported in its place.
    pub fn read_or_unknown(self, tenant: TenantId) -> Ref {
        self.read(tenant).unwrap_or(Ref::Unknown)
    }
}
