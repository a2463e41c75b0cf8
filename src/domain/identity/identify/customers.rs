//! The customers and contacts that identify writes: a new customer, new values of a known one, and who is set apart.

use std::borrow::Cow;
use std::collections::BTreeSet;

use sea_orm::Value;

use crate::domain::identifier::Identifier;
use crate::domain::identity::identify::attempt::IdentifyAttempt;
use crate::domain::model::item::{IdentityAction, IdentityChange};
use crate::domain::model::profile::Profile;
use crate::domain::write::customer_rows::{NewCustomer, contact_row, create_customers};
use crate::domain::write::profile_rows::Profiles;
use crate::entity::contact;
use crate::entity::kinds::{ChangeKind, IdentityKind};
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId};
use crate::store::failpoints::failpoint;
use crate::store::row_statement::RowStatement;
use crate::store::sql::CellType;

/// An email and a phone number: what a contact holds.
type ContactValues = [Option<String>; 2];

const FIELDS: [IdentityKind; 2] = [IdentityKind::Email, IdentityKind::Phone];

impl IdentifyAttempt<'_, '_, '_> {
    /// A new customer of these identities, with name and traits of the request.
    pub(super) fn create(&mut self, home: CustomerId, indexes: &[usize]) -> Result<()> {
        let request = &self.input.request;
        let said_at = self.input.said_at(self.unit.now);
        let profile = Profile::default()
            .updated(&Profile::default(), request.name.as_deref(), request.traits.as_ref(), said_at)
            .unwrap_or_default();
        let mut person = self.new_customer(home, indexes);
        person.name = profile.name.as_deref().map(Cow::Borrowed);
        person.traits = Some(profile.traits_json());
        person.said_at = said_at;
        let values = (person.email.map(str::to_owned), person.phone_number.map(str::to_owned));
        self.contacts.push((ContactNumber(home.0), values.0, values.1));
        // More than one email or phone in a first request: the others are contacts as well.
        let firsts = FIELDS.map(|field| self.of_field(indexes, field).first().copied());
        let more: Vec<usize> =
            indexes.iter().copied().filter(|n| !firsts.contains(&Some(*n))).collect();
        let contacts = self.contact_rows(home, home, &more, [None, None]);
        create_customers(self.unit, &[person])?;
        self.insert_contacts(&contacts);
        Ok(())
    }

    /// New values that a guard keeps away from the customer they came with: a customer of their own.
    pub(super) fn create_apart(&mut self, indexes: &[usize]) -> Result<Option<CustomerId>> {
        if indexes.is_empty() {
            return Ok(None);
        }
        let home = CustomerId::from(self.next_number());
        let person = self.new_customer(home, indexes);
        create_customers(self.unit, &[person])?;
        Ok(Some(home))
    }

    /// New values of a known customer: a secondary contact that holds what was given, linked straight to the primary.
    pub(super) fn attach(
        &mut self,
        home: CustomerId,
        survivor: CustomerId,
        indexes: &[usize],
    ) -> Result<()> {
        for n in indexes {
            self.unit.search.identifier(home, self.input.identifier(*n), false);
            self.places.insert(*n, (home, ContactNumber(home.0)));
        }
        let all: Vec<usize> = (0..self.found.len()).filter(|n| self.links(*n, survivor)).collect();
        let given = FIELDS.map(|field| {
            let first = self.of_field(&all, field).first().copied();
            first.map(|n| self.input.identifier(n).value.clone())
        });
        let contacts = self.contact_rows(home, survivor, indexes, given);
        self.insert_contacts(&contacts);
        let change = IdentityChange {
            action: IdentityAction::Linked,
            other: None,
            merge: None,
            identities: indexes.iter().map(|n| self.ids[*n]).collect(),
        };
        self.unit.record_identity_change(home, &self.input.request.source, change)
    }

    /// Name and traits of the request, where they say something new of this home; of customers who were joined, the
    /// profile of the person that they are now.
    pub(super) fn update_profile(
        &mut self,
        home: CustomerId,
        survivor: CustomerId,
        joined: &BTreeSet<CustomerId>,
        mut profiles: Profiles,
    ) -> Result<()> {
        let request = &self.input.request;
        let at = self.input.said_at(self.unit.now);
        let (name, traits) = (request.name.as_deref(), request.traits.as_ref());
        let after = profiles.own(home)?.updated(&profiles.person(), name, traits, at);
        if let Some(after) = after {
            profiles.say(home, after);
            self.unit.changes.log(survivor, ChangeKind::Profile, None)?;
        } else if joined.is_empty() {
            return Ok(());
        }
        profiles.store(self.unit, &[&profiles.homes()], None)
    }

    /// New identities were inserted under a provisional number: those that belong elsewhere are moved there.
    pub(super) fn place_identities(&mut self) {
        let moved = |(n, place): &(&usize, &(CustomerId, ContactNumber))| {
            let provisional = self.provisional[**n];
            **place != (CustomerId::from(provisional), provisional)
        };
        let row = |(n, (home, contact)): (&usize, &(CustomerId, ContactNumber))| {
            vec![self.ids[*n].into(), (*home).into(), (*contact).into()]
        };
        let rows: Vec<Vec<Value>> = self.places.iter().filter(moved).map(row).collect();
        if !rows.is_empty() {
            self.unit.gather(RowStatement::update(
                "identity",
                "home = v.column2, contact = v.column3",
                &[CellType::Big; 3],
                rows,
                (self.unit.tenant(), "identity.id = v.column1"),
            ));
        }
    }

    /// Whether an identity is known and links to this customer.
    fn links(&self, n: usize, survivor: CustomerId) -> bool {
        self.found[n].known.as_ref().is_some_and(|known| {
            !known.shared && self.unit.changes.survivor(known.home).ok() == Some(survivor)
        })
    }

    /// Those of these identities that fill a column of a contact.
    fn of_field(&self, indexes: &[usize], field: IdentityKind) -> Vec<usize> {
        let fills = |n: &usize| self.input.identifier(*n).contact_field() == Some(field);
        indexes.iter().copied().filter(fills).collect()
    }
}

impl<'a> IdentifyAttempt<'a, '_, '_> {
    /// A customer that begins with these identities: its primary contact holds the first email and the first phone.
    fn new_customer(&mut self, home: CustomerId, indexes: &[usize]) -> NewCustomer<'a> {
        let input = self.input;
        for n in indexes {
            self.places.insert(*n, (home, ContactNumber(home.0)));
        }
        let identities: Vec<&'a Identifier> =
            indexes.iter().map(|n| input.identifier(*n)).collect();
        let [email, phone_number] = FIELDS.map(|field| {
            let first = identities.iter().find(|known| known.contact_field() == Some(field));
            first.map(|identifier| identifier.value.as_str())
        });
        let said_at = self.unit.now;
        NewCustomer { home, email, phone_number, identities, name: None, traits: None, said_at }
    }

    /// Contact rows for these identities, the emails beside the phones; `given` fills the gaps of the first row.
    fn contact_rows(
        &mut self,
        home: CustomerId,
        survivor: CustomerId,
        indexes: &[usize],
        given: ContactValues,
    ) -> Vec<contact::Model> {
        let [emails, phones] = FIELDS.map(|field| self.of_field(indexes, field));
        let [mut given_email, mut given_phone] = given;
        let mut rows = Vec::new();
        for n in 0..emails.len().max(phones.len()) {
            let number = self.next_number_of(survivor);
            let value = |at: Option<&usize>, given: &mut Option<String>| {
                let given = given.take();
                at.map(|at| self.input.identifier(*at).value.clone()).or(given)
            };
            let email = value(emails.get(n), &mut given_email);
            let phone = value(phones.get(n), &mut given_phone);
            let values = (email.clone(), phone.clone());
            rows.push(contact_row(self.unit, number, home, survivor, values.clone()));
            if failpoint("repeats-written") {
                let number = self.next_number_of(survivor);
                rows.push(contact_row(self.unit, number, home, survivor, values));
            }
            self.contacts.push((number, email, phone));
            for at in [emails.get(n), phones.get(n)].into_iter().flatten() {
                self.places.insert(*at, (home, number));
            }
        }
        rows
    }

    fn insert_contacts(&mut self, rows: &[contact::Model]) {
        if !rows.is_empty() {
            self.unit.gather(RowStatement::insert::<contact::Entity>(rows, ""));
        }
    }
}
