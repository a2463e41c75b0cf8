//! What a hit shows of a person.

use crate::domain::model::customer::Customer;
use crate::domain::model::person_card::Told;
use crate::domain::search::WHOLE_SCORE;
use crate::domain::search::hit_rows::{CONTACT, IDENTITY, Line, MERGED, OWN};
use crate::domain::search::matches::{Look, Match, matches};
use crate::domain::search::place::{self, PersonKey};
use crate::domain::search::rank::{self, Values, WHOLE_WORD, Way};
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
    /// The primary's own first, then by age, no repeats.
    pub emails: Vec<String>,
    pub phones: Vec<String>,
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
    pub(super) fn new(rank: i64, told: Told) -> (PersonHit, Values) {
        let Told { customer, names, contacts, identities } = told;
        let traits = customer.traits.clone();
        let hit = PersonHit {
            emails: firsts(contacts.iter().map(|contact| contact.email.as_ref())),
            phones: firsts(contacts.iter().map(|contact| contact.phone_number.as_ref())),
            customer,
            contacts,
            score: fraction(place::score(rank)),
            matches: Vec::new(),
            rank,
        };
        (hit, Values { names, identities, traits })
    }

    /// Scores by the values of today; by which of the ways, or nothing where the person does not fit them.
    pub(super) fn rank(&mut self, ways: &[Way], values: &Values) -> Option<usize> {
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

    pub(super) fn marked(mut self, values: &Values, query: &SearchQuery) -> PersonHit {
        // Only who is found by nothing else is found by what may have been meant.
        let found = place::score(self.rank) > WHOLE_WORD;
        self.matches = matches(query, values, if found { Look::AsTyped } else { Look::Meant });
        self
    }

    /// Where the page after this hit begins.
    pub fn key(&self) -> PersonKey {
        PersonKey {
            rank: self.rank,
            last_seen: self.customer.last_seen.unwrap_or_default(),
            customer: self.customer.id,
        }
    }
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
    pub fn told(mut self, tenant: TenantId) -> Result<Option<Told>> {
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
        let contacts = self
            .contacts
            .into_iter()
            .map(|line| line.contact(tenant, customer.id))
            .collect::<Result<Vec<Contact>>>()?;
        let identities =
            self.identities.into_iter().map(Line::identifier).collect::<Result<_>>()?;
        Ok(Some(Told { customer, names, contacts, identities }))
    }
}

/// Values, each where it stood first.
fn firsts<'a>(values: impl Iterator<Item = Option<&'a String>>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for value in values.flatten() {
        if !list.contains(value) {
            list.push(value.clone());
        }
    }
    list
}

fn fraction(score: i32) -> f64 {
    f64::from(score) / f64::from(WHOLE_SCORE)
}
