//! What a hit shows of a person.

use std::borrow::Cow;

use crate::domain::model::customer::Customer;
use crate::domain::model::person_card::{KnownIdentity, Told};
use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::hit_rows::{CONTACT, IDENTITY, Line, MERGED, OWN};
use crate::domain::search::matches::{Look, Match, matches};
use crate::domain::search::place::{self, PersonKey};
use crate::domain::search::rank::{self, WHOLE_WORD, Way};
use crate::domain::search::values::Values;
use crate::domain::text::{SearchQuery, age};
use crate::entity::contact::Model as Contact;
use crate::error::{Error, Result};
use crate::ids::TenantId;

/// A person whom a search found.
#[derive(Clone, PartialEq, Debug)]
pub struct PersonHit {
    pub customer: Customer,
    /// Oldest first, as the primary is.
    pub contacts: Vec<Contact>,
    /// 1 for a whole identity, less the less of it was typed.
    pub score: f64,
    pub matches: Vec<Match>,
    /// See [`PersonKey`].
    rank: i64,
}

/// What is gathered of a person.
#[derive(Default)]
pub(super) struct Lines {
    pub own: Option<Line>,
    merged: Vec<Line>,
    contacts: Vec<Line>,
    identities: Vec<Line>,
}

impl PersonHit {
    /// A person in this place.
    fn new(rank: i64, customer: Customer, contacts: Vec<Contact>) -> PersonHit {
        let score = fraction(place::score(rank));
        PersonHit { customer, contacts, score, matches: Vec::new(), rank }
    }

    /// A person in this place, with what was found there.
    pub(super) fn found(rank: i64, told: Told<'_>, query: &SearchQuery) -> PersonHit {
        let Told { customer, names, contacts, identities } = told;
        let values = Values { names, identities, traits: Cow::Borrowed(&customer.traits) };
        let matches = matches(query, &values, look(rank));
        PersonHit { matches, ..PersonHit::new(rank, customer, contacts) }
    }

    /// A person in a place that is not its last, and what tells a better one.
    pub(super) fn looked_at(rank: i64, told: Told<'_>) -> (PersonHit, Values<'static>) {
        let Told { customer, names, contacts, identities } = told;
        let values = Values {
            names: names.into_iter().map(|name| Cow::Owned(name.into_owned())).collect(),
            identities: identities.into_iter().map(KnownIdentity::into_owned).collect(),
            traits: Cow::Owned(customer.traits.clone()),
        };
        (PersonHit::new(rank, customer, contacts), values)
    }

    /// Scores by the values of today; by which of the ways, or nothing where the person does not fit them.
    pub(super) fn rank(&mut self, ways: &[Way], values: &Values<'_>) -> Option<usize> {
        let (score, way) = rank::best(ways, values)?;
        let age = match self.rank {
            // Of those whom only fragments and typos find no term tells the age.
            0 => age(self.customer.last_seen),
            rank => place::age_of_rank(rank),
        };
        self.rank = place::rank(score, age);
        self.score = fraction(score);
        Some(way)
    }

    pub(super) fn marked(mut self, values: &Values<'_>, query: &SearchQuery) -> PersonHit {
        self.matches = matches(query, values, look(self.rank));
        self
    }

    /// Where the page after this hit begins.
    pub fn key(&self) -> PersonKey {
        PersonKey { rank: self.rank, customer: self.customer.id }
    }
}

/// Only who is found by nothing else is found by what may have been meant.
fn look(rank: i64) -> Look {
    if place::score(rank) > WHOLE_WORD { Look::AsTyped } else { Look::Meant }
}

impl Lines {
    /// Of one person.
    pub fn of(lines: Vec<Line>) -> Result<Lines> {
        let mut gathered = Lines::default();
        for line in lines {
            match line.part {
                OWN => gathered.own = Some(line),
                MERGED => gathered.merged.push(line),
                CONTACT => gathered.contacts.push(line),
                IDENTITY => gathered.identities.push(line),
                part => return Err(Error::Internal(format!("search: a row of part {part}"))),
            }
        }
        Ok(gathered)
    }

    /// Nothing for rows of somebody who is not there.
    pub fn told(mut self, tenant: TenantId) -> Result<Option<Told<'static>>> {
        for lines in [&mut self.merged, &mut self.contacts, &mut self.identities] {
            lines.sort_by_key(|line| line.numbers[0]);
        }
        let Some(own) = self.own else { return Ok(None) };
        let mut names: Vec<String> = own.texts[0].iter().cloned().collect();
        let mut customer = own.customer()?;
        for line in self.merged {
            names.extend(line.texts[0].iter().cloned());
            customer.fill(line.merged_home()?)?;
        }
        // The name that is shown comes first.
        names.sort_by_key(|name| Some(name) != customer.name.as_ref());
        let names = names.into_iter().map(Cow::Owned).collect();
        let contacts = self
            .contacts
            .into_iter()
            .map(|line| line.contact(tenant, customer.id))
            .collect::<Result<Vec<Contact>>>()?;
        let identities = self.identities.into_iter().map(|line| {
            line.identifier().map(|identifier| KnownIdentity::of(&identifier).into_owned())
        });
        let identities = identities.collect::<Result<_>>()?;
        Ok(Some(Told { customer, names, contacts, identities }))
    }
}

fn fraction(score: i32) -> f64 {
    f64::from(score) / f64::from(WHOLE_SCORE)
}
