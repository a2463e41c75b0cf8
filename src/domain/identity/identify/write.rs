//! identify, written: one transaction for one input or many, right under any parallelism.
//!
//! (a) All keys of the inputs are inserted or locked in one sorted order; (b) their customers are read in a new
//! statement; (c) the survivors' heads are locked by number, and if anything has moved meanwhile everything starts
//! again; (d) the decisions are carried out in one go. Inputs that have to do with each other are carried out one after
//! the other, so that a later one sees what an earlier one left; all others together, in the same statements.
//!
//! Of strangers there is nothing to lock or read: the keys are inserted with everything else, and if one of them is there
//! by then nothing is written, and the next attempt goes the long way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use crate::domain::identity::identify::answer::Answer;
use crate::domain::identity::identify::attempt::{
    IdentifyAttempt, Input, Prefetched, identity_row,
};
use crate::domain::identity::identify::clusters::waves;
use crate::domain::identity::identify::known::{refuse_erased, requested, shares};
use crate::domain::identity::identify::plan::{Decision, decide};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::identity_rows::{claim_identities, new_identities};
use crate::domain::write::lookup::{Found, Key};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Error, Result, UserError};
use crate::ids::{ContactNumber, CustomerId, IdentityId};
use crate::store::failpoints::failpoint;

/// An answer for each input that was tried, by its number.
pub(super) type Answers = BTreeMap<usize, Result<Answer, UserError>>;

/// The write of identify.
pub(super) struct Identify {
    pub rules: Arc<Rules>,
    /// By their numbers in the request.
    pub inputs: BTreeMap<usize, Input>,
    /// Whether a look knew one of the keys: if none is known any more, the person was erased meanwhile.
    pub seen: AtomicBool,
    /// Inputs that turned out to be refused when their keys were held: the next attempt is without them.
    pub refused: Mutex<BTreeMap<usize, UserError>>,
}

impl Identify {
    pub(super) fn new(rules: Arc<Rules>, inputs: BTreeMap<usize, Input>, seen: bool) -> Self {
        Identify { rules, inputs, seen: AtomicBool::new(seen), refused: Mutex::default() }
    }
}

impl Write for Identify {
    type Done = Answers;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Answers> {
        let refused = self.refused.lock().clone();
        let mut batch = Batch::new(self, unit, &refused);
        let unseen = !self.seen.swap(true, Ordering::Relaxed);
        if unseen && batch.all_strangers().await? {
            return Ok(batch.answers);
        }
        let all_new = batch.claim_keys().await?;
        if (!all_new || !unseen) && !failpoint("no-key-lock") {
            let all: Vec<usize> = batch.found.keys().copied().collect();
            batch.look_and_lock(&all).await?;
        }
        let waves = batch.waves();
        for (n, wave) in waves.iter().enumerate() {
            if n > 0 {
                batch.look_and_lock(wave).await?;
            }
            batch.more_waves = n + 1 < waves.len();
            batch.carry_out(wave).await?;
        }
        let mut answers = batch.answers;
        answers.extend(refused.into_iter().map(|(n, error)| (n, Err(error))));
        Ok(answers)
    }
}

/// A key of the inputs.
struct Slot {
    /// The id that it gets if it is new.
    id: IdentityId,
    /// The number under which it is inserted, until it is clear where it belongs: that of the first input that names it.
    number: ContactNumber,
    /// That input, and the key's index in it.
    first: (usize, usize),
    /// An input of this transaction put it where it belongs.
    placed: bool,
}

/// One attempt at it.
pub(super) struct Batch<'a, 'u, 'b> {
    pub identify: &'a Identify,
    pub unit: &'b mut UnitOfWork<'u>,
    /// What the store knows of the identities of each input that is tried.
    pub found: BTreeMap<usize, Vec<Found>>,
    /// The numbers of the customers and contacts that begin, if they do: those of an earlier input are lower.
    numbers: BTreeMap<usize, VecDeque<ContactNumber>>,
    slots: BTreeMap<&'a Key, Slot>,
    /// Whether the next wave reads what this one writes.
    pub more_waves: bool,
    answers: Answers,
}

impl<'a, 'u, 'b> Batch<'a, 'u, 'b> {
    fn new(
        identify: &'a Identify,
        unit: &'b mut UnitOfWork<'u>,
        refused: &BTreeMap<usize, UserError>,
    ) -> Self {
        let clock = &unit.rapport.clock;
        let (mut found, mut numbers) = (BTreeMap::new(), BTreeMap::new());
        let mut slots: BTreeMap<&Key, Slot> = BTreeMap::new();
        for (n, input) in identify.inputs.iter().filter(|(n, _)| !refused.contains_key(n)) {
            let number = clock.next_number();
            // One alone draws more when it needs them.
            let more = if identify.inputs.len() > 1 { 1 + 2 * input.keys.len() } else { 0 };
            let more = (0..more).map(|_| clock.next_number());
            numbers.insert(*n, [number].into_iter().chain(more).collect());
            found.insert(*n, vec![Found::default(); input.keys.len()]);
            for (at, key) in input.keys.iter().enumerate() {
                slots.entry(key).or_insert_with(|| Slot {
                    id: IdentityId(clock.next_id()),
                    number,
                    first: (*n, at),
                    placed: false,
                });
            }
        }
        Batch { identify, unit, found, numbers, slots, more_waves: false, answers: Answers::new() }
    }

    pub(super) fn input(&self, n: usize) -> &'a Input {
        &self.identify.inputs[&n]
    }

    /// Whether an identity is a row of this transaction that no input has placed so far.
    pub(super) fn is_unplaced(&self, key: &Key, id: IdentityId) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.id == id && !slot.placed)
    }

    /// The waves in which the inputs are carried out.
    fn waves(&self) -> Vec<Vec<usize>> {
        let shared = |(n, found): (&usize, &Vec<Found>)| (*n, shares(self.input(*n), found));
        waves(self.found.iter().map(shared))
    }

    /// Carries everything out where nobody is known, nothing depends on another input and no guard objects: all in one
    /// statement, which fails where somebody is there by then.
    async fn all_strangers(&mut self) -> Result<bool> {
        let waves = self.waves();
        let [wave] = waves.as_slice() else { return Ok(false) };
        let decisions = self.decide(wave, &Prefetched::default());
        // What a guard holds back is written down for review, beside what is known of it.
        if decisions.values().any(|decision| decision.hold.is_some()) {
            return Ok(false);
        }
        self.carry_out_decisions(&decisions, Prefetched::default(), true).await?;
        Ok(true)
    }

    /// (a): inserts the keys or locks their rows, in one sorted order; whether all of them were new.
    async fn claim_keys(&mut self) -> Result<bool> {
        let row = |slot: &Slot| {
            let (n, at) = slot.first;
            identity_row(self.input(n), at, slot.id, (CustomerId::from(slot.number), slot.number))
        };
        let rows: Vec<_> = self.slots.values().map(row).collect();
        if rows.is_empty() {
            return Ok(true);
        }
        claim_identities(self.unit, &rows).await
    }

    fn decide(&self, wave: &[usize], known: &Prefetched) -> BTreeMap<usize, Decision> {
        let guards = &self.identify.rules.settings.guards;
        let decision = |n: &usize| {
            let requested = requested(&self.input(*n).request, &self.found[n]);
            (*n, decide(&requested, &known.totals, &known.apart, guards))
        };
        wave.iter().map(decision).collect()
    }

    /// (d), for inputs that share nothing.
    async fn carry_out(&mut self, wave: &[usize]) -> Result<()> {
        let mut known = self.ask_for_guards(wave).await?;
        let decisions = self.decide(wave, &known);
        self.lock_joins(&decisions, &known).await?;
        known.profiles = self.profiles(&decisions, &known).await?;
        self.carry_out_decisions(&decisions, known, false).await
    }

    async fn carry_out_decisions(
        &mut self,
        decisions: &BTreeMap<usize, Decision>,
        mut known: Prefetched,
        strangers: bool,
    ) -> Result<()> {
        let mut carried = Vec::new();
        for (n, decision) in decisions {
            let input = self.input(*n);
            let slots = || input.keys.iter().filter_map(|key| self.slots.get(key));
            let attempt = IdentifyAttempt {
                input,
                ids: slots().map(|slot| slot.id).collect(),
                provisional: slots().map(|slot| slot.number).collect(),
                unit: &mut *self.unit,
                found: &self.found[n],
                places: BTreeMap::new(),
                numbers: self.numbers.remove(n).unwrap_or_default(),
                contacts: Vec::new(),
                strangers,
            };
            let profiles = known.profiles.remove(n);
            carried.push((*n, attempt.carry_out(decision, &known.totals, profiles).await?));
        }
        let mut places = BTreeMap::new();
        for (n, carried) in &carried {
            for (at, place) in &carried.places {
                let key = &self.input(*n).keys[*at];
                places.insert(key, (*n, *at, *place));
                if let Some(slot) = self.slots.get_mut(key) {
                    slot.placed = true;
                }
            }
        }
        if strangers {
            let row = |(key, (n, at, place)): (&&Key, &(usize, usize, _))| {
                identity_row(self.input(*n), *at, self.slots[key].id, *place)
            };
            let rows: Vec<_> = places.iter().map(row).collect();
            // First: whoever inserts one of the same keys waits here, before anything else is done.
            let identities = new_identities(self.unit, &rows);
            self.unit.push_first(identities);
        }
        self.answer(carried).await
    }

    /// Refuses an input of which somebody was erased. Its keys may be new rows of this attempt, which must not stay.
    pub(super) fn refuse_erased(&self, wave: &[usize]) -> Result<()> {
        let identify = self.identify;
        let mut refused = BTreeMap::new();
        for n in wave {
            let request = &self.input(*n).request;
            if let Err(error) = refuse_erased(request, &self.found[n], &identify.rules) {
                refused.insert(*n, error);
            }
        }
        if let (1, Some(error)) = (identify.inputs.len(), refused.values().next()) {
            return Err(error.clone().into());
        }
        if refused.is_empty() {
            return Ok(());
        }
        identify.refused.lock().extend(refused);
        Err(Error::Retry)
    }

    pub(super) fn accept(&mut self, n: usize, answer: Answer) {
        self.answers.insert(n, Ok(answer));
    }

    /// The identities of these inputs, each once.
    pub(super) fn keys_of(&self, wave: &[usize]) -> Vec<Key> {
        let keys: BTreeSet<&Key> = wave.iter().flat_map(|n| &self.input(*n).keys).collect();
        keys.into_iter().cloned().collect()
    }
}
