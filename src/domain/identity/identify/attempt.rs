//! identify, written: one transaction, right under any parallelism.
//!
//! (a) All keys of the request are inserted or locked in one sorted order; (b) their customers are read in a new
//! statement; (c) the survivors' heads are locked by number, and if anything has moved meanwhile everything starts
//! again; (d) the decision is carried out in one go.
//!
//! Of strangers there is nothing to lock or read: the keys are inserted with everything else, and if one of them is there
//! by then nothing is written, and the next attempt goes the long way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::identifier::Identifier;
use crate::domain::identity::customer_totals::customer_totals;
use crate::domain::identity::guards::CustomerTotals;
use crate::domain::identity::identify::answer::{self, Answer, Outcome};
use crate::domain::identity::identify::known::{
    linked_customer, refuse_erased, requested, says_news,
};
use crate::domain::identity::identify::plan::{Decision, decide};
use crate::domain::identity::identify::request::ValidatedRequest;
use crate::domain::identity::keep_apart::pairs_kept_apart;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::identity_rows::{NewIdentity, claim_identities};
use crate::domain::write::lookup::{ContactLine, Found, Key, Known, Prefetch, lookup};
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::error::{Error, Result};
use crate::ids::{ContactNumber, CustomerId, IdentityId};
use crate::store::failpoints::failpoint;

/// The write of identify.
pub(super) struct Identify {
    pub rules: Arc<Rules>,
    pub request: ValidatedRequest,
    /// The keys of the request's identities, in their order.
    pub keys: Vec<Key>,
    /// Whether a look knew one of the keys: if none is known any more, the person was erased meanwhile.
    pub seen: AtomicBool,
}

impl Identify {
    pub(super) fn identifier(&self, n: usize) -> &Identifier {
        &self.request.identities[n].0
    }
}

impl Write for Identify {
    type Done = Answer;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Answer> {
        let mut attempt = IdentifyAttempt::new(self, unit);
        let guards = &self.rules.settings.guards;
        // An attempt that comes after has met somebody.
        let unseen = !self.seen.swap(true, Ordering::Relaxed);
        if unseen {
            let requested = requested(&self.request, &attempt.found);
            let decision = decide(&requested, &BTreeMap::new(), &[], guards);
            // What a guard holds back is written down for review, beside what is known of it.
            if decision.hold.is_none() {
                attempt.strangers = true;
                return attempt.carry_out(&decision, &BTreeMap::new()).await;
            }
        }
        let all_new = attempt.claim_keys().await?;
        if (!all_new || !unseen) && !failpoint("no-key-lock") {
            attempt.read_and_lock().await?;
        }
        let (totals, apart) = attempt.ask_for_guards().await?;
        let requested = requested(&self.request, &attempt.found);
        let decision = decide(&requested, &totals, &apart, guards);
        attempt.carry_out(&decision, &totals).await
    }
}

/// One attempt at it. Identities are named by their index in the request.
pub(super) struct IdentifyAttempt<'a, 'u> {
    pub identify: &'a Identify,
    pub unit: &'a mut UnitOfWork<'u>,
    /// The ids that new identities get.
    pub ids: Vec<IdentityId>,
    pub found: Vec<Found>,
    /// Where new identities belong: home and contact.
    pub places: BTreeMap<usize, (CustomerId, ContactNumber)>,
    /// The provisional number that the new identities are inserted with.
    pub number: ContactNumber,
    /// The contacts of the customer that begins, oldest first.
    pub contacts: Vec<ContactLine>,
    /// Nobody is known: the keys are inserted with the rest.
    pub strangers: bool,
}

impl<'a, 'u> IdentifyAttempt<'a, 'u> {
    fn new(identify: &'a Identify, unit: &'a mut UnitOfWork<'u>) -> Self {
        let clock = &unit.rapport.clock;
        IdentifyAttempt {
            identify,
            number: clock.next_number(),
            ids: identify.keys.iter().map(|_| IdentityId(clock.next_id())).collect(),
            found: vec![Found::default(); identify.keys.len()],
            places: BTreeMap::new(),
            contacts: Vec::new(),
            strangers: false,
            unit,
        }
    }
}

impl<'a> IdentifyAttempt<'a, '_> {
    /// The keys' rows, in one sorted order, where they belong as far as that is decided.
    pub(super) fn identity_rows(&self) -> Vec<NewIdentity<'a>> {
        let identify = self.identify;
        let mut order: Vec<usize> = (0..identify.keys.len()).collect();
        order.sort_by(|a, b| identify.keys[*a].cmp(&identify.keys[*b]));
        let row = |n: usize| {
            let (identifier, verified) = &identify.request.identities[n];
            let provisional = (CustomerId::from(self.number), self.number);
            let (home, contact) = self.places.get(&n).copied().unwrap_or(provisional);
            NewIdentity {
                id: self.ids[n],
                identifier,
                kinds: identify.request.kinds[n],
                verified: *verified,
                home,
                contact,
                source: &identify.request.source,
            }
        };
        order.into_iter().map(row).collect()
    }

    /// (a): inserts the keys or locks their rows, in one sorted order; whether all of them were new.
    async fn claim_keys(&mut self) -> Result<bool> {
        let rows = self.identity_rows();
        claim_identities(self.unit, &rows).await
    }

    /// (b) and (c).
    async fn read_and_lock(&mut self) -> Result<()> {
        let identify = self.identify;
        let (tenant, secret) = (self.unit.tenant(), &self.unit.rapport.secret);
        let sql = lookup(self.unit.sql(), tenant, &identify.keys, secret, Prefetch::Nothing);
        self.found = Found::read_all(&self.unit.all(sql).await?, identify.keys.len())?;
        for (n, found) in self.found.iter_mut().enumerate() {
            // Our own new rows are not known yet.
            if found.known.as_ref().is_some_and(|known| known.id == self.ids[n]) {
                found.known = None;
            }
        }
        refuse_erased(&identify.request, &self.found, &identify.rules)?;
        let known: Vec<Known> = self
            .found
            .iter()
            .enumerate()
            .filter_map(|(n, found)| {
                let news = |known: &Known| says_news(&identify.request, n, known);
                found.known.clone().filter(|known| !known.shared || news(known))
            })
            .collect();
        if linked_customer(&identify.request, &self.found).is_some()
            && identify.request.name.is_none()
            && identify.request.traits.is_none()
        {
            return Ok(());
        }
        let heads: BTreeSet<CustomerId> =
            known.iter().flat_map(|known| [known.home, known.survivor]).collect();
        self.unit.lock(heads).await?;
        for known in &known {
            if self.unit.changes.survivor(known.home)? != known.survivor
                || self.unit.changes.head(known.home)?.shape != known.shape
            {
                return Err(Error::Retry);
            }
        }
        Ok(())
    }

    /// What the guards must know; nothing is asked where nothing can be joined or attached.
    async fn ask_for_guards(
        &self,
    ) -> Result<(BTreeMap<CustomerId, CustomerTotals>, Vec<(CustomerId, CustomerId)>)> {
        let survivors = self.survivors();
        let news = self.found.iter().any(|found| found.known.is_none());
        if survivors.is_empty() || (survivors.len() < 2 && !news) {
            return Ok((BTreeMap::new(), Vec::new()));
        }
        let totals = customer_totals(self.unit, &survivors).await?;
        if survivors.len() < 2 {
            return Ok((totals, Vec::new()));
        }
        let homes: Vec<CustomerId> =
            totals.values().flat_map(|known| known.homes.iter().copied()).collect();
        let apart = pairs_kept_apart(self.unit, homes).await?;
        Ok((totals, apart))
    }

    /// (d).
    async fn carry_out(
        mut self,
        decision: &Decision,
        totals: &BTreeMap<CustomerId, CustomerTotals>,
    ) -> Result<Answer> {
        let created = decision.target.is_none();
        let target = decision.target.unwrap_or(CustomerId::from(self.number));
        if created {
            self.create(target, &decision.attach)?;
        }
        let (survivor, joined) = if decision.join.is_empty() {
            (self.survivor_of(target)?, BTreeSet::new())
        } else {
            self.join(&decision.join, totals).await?
        };
        if !created {
            self.update_profile(target, survivor, &joined).await?;
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
        let mut answer = Answer::of(
            Outcome::of(decision),
            survivor,
            self.contacts_afterwards(survivor, created).await?,
        );
        answer.ignored.clone_from(&self.identify.request.ignored);
        answer.review = review;
        answer.held = decision.hold.as_ref().map(|hold| (hold.rule, hold.message.clone()));
        Ok(answer)
    }

    /// The contacts as they are when this is written.
    async fn contacts_afterwards(
        &mut self,
        survivor: CustomerId,
        created: bool,
    ) -> Result<Vec<ContactLine>> {
        // All that a customer's beginning leaves in its contacts is known here.
        let mut contacts = std::mem::take(&mut self.contacts);
        if !created {
            self.unit.run_all().await?;
            let sql = answer::contacts(self.unit.sql(), self.unit.tenant(), survivor);
            contacts = answer::read_contacts(&self.unit.all(sql).await?)?;
        }
        if contacts.is_empty() {
            // A repeat locks no head: the customer was merged into an older one since it was looked up.
            return Err(Error::Retry);
        }
        if failpoint("early-answer") {
            contacts.pop();
        }
        Ok(contacts)
    }

    /// What is known and links; shared identities do not.
    pub(super) fn linking(&self) -> impl Iterator<Item = &Known> {
        self.found.iter().filter_map(|found| found.known.as_ref()).filter(|known| !known.shared)
    }

    pub(super) fn survivors(&self) -> BTreeSet<CustomerId> {
        self.linking().map(|known| known.survivor).collect()
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

    /// The id of an identity, known or new.
    pub(super) fn id(&self, n: usize) -> IdentityId {
        self.found[n].known.as_ref().map_or(self.ids[n], |known| known.id)
    }
}
