//! One input of identify, carried out: the rows that a decision leaves, gathered in the unit of work with those of the
//! others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::identifier::Identifier;
use crate::domain::identity::guards::CustomerTotals;
use crate::domain::identity::identify::answer::Outcome;
use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::identify::request::{Ignored, ValidatedRequest};
use crate::domain::model::hold_rule::HoldRule;
use crate::domain::write::identity_rows::NewIdentity;
use crate::domain::write::lookup::{ContactLine, Found, Key, Known};
use crate::domain::write::profile_rows::Profiles;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::error::Result;
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, ReviewId};

/// A request that can be worked on, with the keys of its identities in their order.
pub(super) struct Input {
    pub request: ValidatedRequest,
    pub keys: Vec<Key>,
    /// How many came before it in the same call: what nobody says the time of was said in that order.
    order: i64,
}

impl Input {
    pub(super) fn new(request: ValidatedRequest, order: usize) -> Self {
        let keys = request.identities.iter().map(|(identifier, _)| Key::from(identifier)).collect();
        Input { request, keys, order: i64::try_from(order).unwrap_or(0) }
    }

    /// When name and traits were said.
    pub(super) fn said_at(&self, now: Micros) -> Micros {
        self.request.occurred_at.unwrap_or(Micros(now.0 + self.order))
    }

    pub(super) fn identifier(&self, n: usize) -> &Identifier {
        &self.request.identities[n].0
    }
}

/// One attempt at an input. Identities are named by their index in the request.
pub(super) struct IdentifyAttempt<'a, 'u, 'b> {
    pub input: &'a Input,
    pub unit: &'b mut UnitOfWork<'u>,
    /// The ids that new identities get.
    pub ids: Vec<IdentityId>,
    pub found: &'b [Found],
    /// Where new identities belong: home and contact.
    pub places: BTreeMap<usize, (CustomerId, ContactNumber)>,
    /// The numbers of what begins, in order: of the customer first.
    pub numbers: VecDeque<ContactNumber>,
    /// Under which number each identity was inserted, until it is clear where it belongs.
    pub provisional: Vec<ContactNumber>,
    /// The contacts of the customer that begins, oldest first.
    pub contacts: Vec<ContactLine>,
    /// Nobody is known: the keys are inserted with the rest.
    pub strangers: bool,
}

/// What is known of the customers of a wave.
#[derive(Default)]
pub(super) struct Prefetched {
    pub totals: BTreeMap<CustomerId, CustomerTotals>,
    pub apart: Vec<(CustomerId, CustomerId)>,
    /// Of each input that may change name or traits: the profiles of the homes of its customer.
    pub profiles: BTreeMap<usize, Profiles>,
}

/// What an attempt leaves: an answer but for the contacts of a customer that was there.
pub(super) struct Carried {
    pub outcome: Outcome,
    pub survivor: CustomerId,
    /// Of a customer that begins.
    pub contacts: Option<Vec<ContactLine>>,
    pub review: Option<ReviewId>,
    pub held: Option<(HoldRule, String)>,
    pub ignored: Vec<Ignored>,
    pub places: BTreeMap<usize, (CustomerId, ContactNumber)>,
}

impl IdentifyAttempt<'_, '_, '_> {
    /// Gathers the rows of a decision. The homes that are joined are locked; `profiles` are those of the homes whose name
    /// and traits may change.
    pub(super) async fn carry_out(
        mut self,
        decision: &Decision,
        totals: &BTreeMap<CustomerId, CustomerTotals>,
        profiles: Option<Profiles>,
    ) -> Result<Carried> {
        let created = decision.target.is_none();
        let target = decision.target.unwrap_or_else(|| CustomerId::from(self.next_number()));
        if created {
            self.create(target, &decision.attach)?;
        }
        let (survivor, joined) = if decision.join.is_empty() {
            (self.survivor_of(target)?, BTreeSet::new())
        } else {
            self.join(&decision.join, totals)?
        };
        if !created && let Some(profiles) = profiles {
            self.update_profile(target, survivor, &joined, profiles)?;
        }
        if !created && !decision.attach.is_empty() {
            self.attach(target, survivor, &decision.attach)?;
        }
        let apart = self.create_apart(&decision.apart)?;
        self.add_evidence(decision)?;
        self.mark_known()?;
        if !self.strangers {
            self.place_identities();
        }
        let review = match &decision.hold {
            None => None,
            Some(hold) => {
                let sides = self.sides(decision, [survivor].into_iter().chain(apart), totals);
                Some(self.queue_review(hold, &sides).await?)
            }
        };
        Ok(Carried {
            outcome: Outcome::of(decision),
            survivor,
            contacts: created.then_some(self.contacts),
            review,
            held: decision.hold.as_ref().map(|hold| (hold.rule, hold.message.clone())),
            ignored: self.input.request.ignored.clone(),
            places: self.places,
        })
    }

    /// What is known and links; shared identities do not.
    pub(super) fn linking(&self) -> impl Iterator<Item = &Known> {
        linking(self.found)
    }

    pub(super) fn survivor_of(&self, home: CustomerId) -> Result<CustomerId> {
        if self.unit.changes.holds(home) {
            return self.unit.changes.survivor(home);
        }
        let of = |found: &Found| {
            found.known.as_ref().filter(|known| known.home == home).map(|known| known.survivor)
        };
        Ok(self.found.iter().find_map(of).unwrap_or(home))
    }

    pub(super) fn next_number(&mut self) -> ContactNumber {
        let drawn = self.numbers.pop_front();
        drawn.unwrap_or_else(|| self.unit.rapport.clock.next_number())
    }

    /// The number of a further contact of a customer, above its own: numbers that were drawn before this attempt waited for
    /// another one may be lower than that of the customer whom the other one made.
    pub(super) fn next_number_of(&mut self, survivor: CustomerId) -> ContactNumber {
        self.numbers.retain(|drawn| drawn.0 > survivor.0);
        match self.numbers.pop_front() {
            Some(drawn) => drawn,
            None => self.unit.rapport.clock.next_number_above(survivor.0),
        }
    }

    /// The id of an identity, known or new.
    pub(super) fn id(&self, n: usize) -> IdentityId {
        self.found[n].known.as_ref().map_or(self.ids[n], |known| known.id)
    }
}

/// What is known and links; shared identities do not.
pub(super) fn linking(found: &[Found]) -> impl Iterator<Item = &Known> {
    found.iter().filter_map(|found| found.known.as_ref()).filter(|known| !known.shared)
}

pub(super) fn survivors(found: &[Found]) -> BTreeSet<CustomerId> {
    linking(found).map(|known| known.survivor).collect()
}

/// The row of an identity of an input, where it belongs as far as that is decided.
pub(super) fn identity_row(
    input: &Input,
    n: usize,
    id: IdentityId,
    (home, contact): (CustomerId, ContactNumber),
) -> NewIdentity<'_> {
    let (identifier, verified) = &input.request.identities[n];
    let kinds = input.request.kinds[n];
    let source = &input.request.source;
    NewIdentity { id, identifier, kinds, verified: *verified, home, contact, source }
}
