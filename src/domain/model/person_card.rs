//! What a search shows of a person, as one JSON list. What changes with every event is not in it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::domain::identifier::Identifier;
use crate::domain::model::customer::{Customer, Stats};
use crate::domain::model::standing::Standing;
use crate::entity::contact::Model as Contact;
use crate::entity::kinds::{CustomerStatus, IdentityKind, LifecycleStage, LinkPrecedence};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, Micros, TenantId};
use crate::store::row::kind;

/// Created, updated, status, stage, name, tags, traits, contacts, identities, and of a person of several homes what that adds.
#[derive(Serialize, Deserialize)]
pub struct Card<'a>(
    i64,
    i64,
    i16,
    i16,
    #[serde(borrow)] Option<Text<'a>>,
    Vec<String>,
    Map<String, Json>,
    Vec<CardContact<'a>>,
    Vec<CardIdentity<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")] Option<Merged<'a>>,
);

/// A text of the JSON, where nothing of it is escaped.
#[derive(Serialize, Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The names of all homes, the one that is shown first; and of each contact its home, what it is linked to, and its precedence.
#[derive(Serialize, Deserialize)]
struct Merged<'a>(#[serde(borrow)] Vec<Text<'a>>, Vec<(i64, Option<i64>, i16)>);

/// Number, created, updated, email, phone number. All else follows from whose it is, where that is one home.
#[derive(Serialize, Deserialize)]
struct CardContact<'a>(
    i64,
    i64,
    i64,
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Option<Text<'a>>,
);

/// Kind, namespace, match key where it is not the value, value.
#[derive(Serialize, Deserialize)]
struct CardIdentity<'a>(
    i16,
    #[serde(borrow)] Text<'a>,
    #[serde(borrow)] Option<Text<'a>>,
    #[serde(borrow)] Text<'a>,
);

impl<'a> Card<'a> {
    /// Contacts and identities oldest first, the name that is shown first.
    pub fn of(
        customer: &'a Customer,
        names: &'a [Cow<'a, str>],
        contacts: &'a [Contact],
        identities: impl IntoIterator<Item = KnownIdentity<'a>>,
    ) -> Card<'a> {
        let merged = (customer.homes.len() > 1).then(|| {
            let places = contacts.iter().map(|contact| {
                let linked = contact.linked_id.map(|number| number.0);
                (contact.home.0, linked, contact.link_precedence.number())
            });
            Merged(names.iter().map(|name| Text::of(name)).collect(), places.collect())
        });
        let contacts = contacts.iter().map(|contact| {
            let texts = [&contact.email, &contact.phone_number];
            let [email, phone] = texts.map(|text| text.as_deref().map(Text::of));
            let Contact { number, created_at, updated_at, .. } = contact;
            CardContact(number.0, created_at.0, updated_at.0, email, phone)
        });
        let identities = identities.into_iter().map(|identity| {
            let KnownIdentity { kind, namespace, other_key, value } = identity;
            CardIdentity(kind.number(), Text(namespace), other_key.map(Text), Text(value))
        });
        Card(
            customer.created_at.0,
            customer.updated_at.0,
            customer.status.number(),
            customer.stage.number(),
            customer.name.as_deref().map(Text::of),
            customer.tags.clone(),
            customer.traits.clone(),
            contacts.collect(),
            identities.collect(),
            merged,
        )
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a card is JSON")
    }

    pub fn from_json(json: &'a str) -> Result<Card<'a>> {
        serde_json::from_str(json).map_err(|error| Error::Internal(format!("person_card: {error}")))
    }

    /// The customer, its names, contacts and identities.
    pub fn read(self, standing: Standing) -> Result<Told<'a>> {
        let Standing { tenant, customer: id, .. } = standing;
        let Card(created, updated, status, stage, name, tags, traits, contacts, identities, merged) =
            self;
        let customer = Customer {
            id,
            homes: std::iter::once(id).chain(standing.merged).collect(),
            version: standing.version,
            name: name.as_ref().map(|Text(name)| name.to_string()),
            status: kind(status.into(), CustomerStatus::from_number)?,
            stage: kind(stage.into(), LifecycleStage::from_number)?,
            tags,
            traits,
            created_at: Micros(created),
            updated_at: Micros(updated),
            last_seen: standing.last_seen,
            stats: Stats {
                counts: standing.counts,
                last_inbound: standing.last_inbound,
                last_outbound: standing.last_outbound,
            },
        };
        let mut contacts: Vec<Contact> =
            contacts.into_iter().map(|contact| contact.of(tenant, id)).collect();
        let identities = identities.into_iter().map(CardIdentity::read).collect::<Result<_>>()?;
        let Some(Merged(names, places)) = merged else {
            let names = name.into_iter().map(|Text(name)| name).collect();
            return Ok(Told { customer, names, contacts, identities });
        };
        for (contact, (home, linked, precedence)) in contacts.iter_mut().zip(places) {
            contact.home = CustomerId(home);
            contact.linked_id = linked.map(ContactNumber);
            contact.link_precedence = kind(precedence.into(), LinkPrecedence::from_number)?;
        }
        let names = names.into_iter().map(|Text(name)| name).collect();
        Ok(Told { customer, names, contacts, identities })
    }
}

/// What a card tells: the name that is shown first, contacts and identities oldest first.
pub struct Told<'a> {
    pub customer: Customer,
    pub names: Vec<Cow<'a, str>>,
    pub contacts: Vec<Contact>,
    pub identities: Vec<KnownIdentity<'a>>,
}

/// An identity as a card holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownIdentity<'a> {
    pub kind: IdentityKind,
    pub namespace: Cow<'a, str>,
    /// The match key, where it is not the value.
    other_key: Option<Cow<'a, str>>,
    pub value: Cow<'a, str>,
}

impl<'a> KnownIdentity<'a> {
    pub fn of(identifier: &'a Identifier) -> KnownIdentity<'a> {
        let Identifier { kind, namespace, match_key, value, .. } = identifier;
        KnownIdentity {
            kind: *kind,
            namespace: namespace.into(),
            other_key: (match_key != value).then(|| match_key.into()),
            value: value.into(),
        }
    }

    pub fn match_key(&self) -> &str {
        self.other_key.as_ref().unwrap_or(&self.value)
    }

    pub fn identifier(&self) -> Identifier {
        Identifier {
            kind: self.kind,
            namespace: self.namespace.to_string(),
            match_key: self.match_key().to_owned(),
            value: self.value.to_string(),
            raw: self.value.to_string(),
        }
    }

    pub fn into_owned(self) -> KnownIdentity<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        KnownIdentity {
            kind: self.kind,
            namespace: owned(self.namespace),
            other_key: self.other_key.map(owned),
            value: owned(self.value),
        }
    }
}

impl<'a> Text<'a> {
    fn of(text: &'a str) -> Text<'a> {
        Text(Cow::Borrowed(text))
    }
}

impl<'a> CardIdentity<'a> {
    fn read(self) -> Result<KnownIdentity<'a>> {
        let CardIdentity(number, Text(namespace), key, Text(value)) = self;
        let kind = kind(number.into(), IdentityKind::from_number)?;
        Ok(KnownIdentity { kind, namespace, other_key: key.map(|Text(key)| key), value })
    }
}

impl CardContact<'_> {
    /// A contact of a person of one home.
    fn of(self, tenant: TenantId, id: CustomerId) -> Contact {
        let CardContact(number, created, updated, email, phone_number) = self;
        let primary = number == id.0;
        let link_precedence =
            if primary { LinkPrecedence::Primary } else { LinkPrecedence::Secondary };
        Contact {
            tenant,
            number: ContactNumber(number),
            home: id,
            customer: id,
            email: email.map(|Text(email)| email.into_owned()),
            phone_number: phone_number.map(|Text(number)| number.into_owned()),
            linked_id: (!primary).then_some(ContactNumber(id.0)),
            link_precedence,
            created_at: Micros(created),
            updated_at: Micros(updated),
            deleted_at: None,
        }
    }
}
