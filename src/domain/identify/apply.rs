//! identify, written: one transaction, right under any parallelism.
//!
//! (a) All keys of the request are inserted or locked in one sorted order; (b) their customers are read in a new
//! statement; (c) the survivors' heads are locked by number, and if anything has moved meanwhile everything starts
//! again; (d) the decision is written in one go.
//!
//! Of strangers there is nothing to lock or read: the keys are inserted with everything else, and if one of them is there
//! by then nothing is written, and the next attempt goes the long way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::faults::seeded;
use crate::domain::identifier::Identifier;
use crate::domain::identify::answer::{self, Answer, Outcome};
use crate::domain::identify::links::{NewIdentity, insert_identities, new_identities, sides};
use crate::domain::identify::lookup::{Beside, ContactLine, Found, Key, Known, lookup};
use crate::domain::identify::plan::{Decision, Place, Side, Slot, decide};
use crate::domain::identify::request::{Checked, IdentifyRequest};
use crate::domain::index::Index;
use crate::domain::item::Item;
use crate::domain::ledger::Ledger;
use crate::domain::profile::{self, Profile};
use crate::domain::rapport::Rapport;
use crate::domain::reviews;
use crate::domain::scope::Scope;
use crate::domain::settings::Rules;
use crate::domain::sql::Sql;
use crate::domain::store::{Ending, Tx};
use crate::entity::kinds::Verification;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{ContactNumber, CustomerId, IdentityId, Micros, TenantId};

impl Rapport {
    /// Links the addresses of a request into one customer. An exact repeat only reads; what writes runs to its end, also
    /// when the caller goes away.
    pub async fn identify(&self, scope: &Scope, request: &IdentifyRequest) -> Result<Answer> {
        let rules = self.rules(scope.tenant).await?;
        let checked = request.check(&rules)?;
        let keys: Vec<Key> =
            checked.identities.iter().map(|(identifier, _)| Key::from(identifier)).collect();
        let found = Found::read_all(
            &self
                .store
                .all(lookup(self.store.sql(), scope.tenant, &keys, &self.seal, Beside::Contacts))
                .await?,
            keys.len(),
        )?;
        refuse_erased(&checked, &found, &rules)?;
        if let Some(answer) = self.repeated(scope.tenant, &checked, &found).await? {
            return Ok(answer);
        }
        let seen = AtomicBool::new(found.iter().any(|found| found.known.is_some()));
        let work = Arc::new(Work {
            rapport: self.clone(),
            scope: scope.clone(),
            rules,
            said_at: request.occurred_at,
            checked,
            keys,
            seen,
        });
        let ending = if request.dry_run { Ending::RollBack } else { Ending::Commit };
        tokio::spawn(work.settle(ending))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
    }

    /// The answer to an exact repeat; nothing where there is something to write.
    async fn repeated(
        &self,
        tenant: TenantId,
        checked: &Checked,
        found: &[Found],
    ) -> Result<Option<Answer>> {
        let Some(survivor) = settled(checked, found) else { return Ok(None) };
        if checked.name.is_some() || checked.traits.is_some() {
            let home = target_home(checked, found);
            let Some(row) = self.store.one(profile::select(self.store.sql(), tenant, home)).await?
            else {
                return Ok(None);
            };
            if Profile::read(&row)?
                .told(checked.name.as_deref(), checked.traits.as_ref(), self.clock.now())
                .is_some()
            {
                return Ok(None);
            }
        }
        let of_first = found
            .first()
            .filter(|first| first.known.as_ref().is_some_and(|known| known.survivor == survivor));
        let contacts = match of_first.and_then(|first| first.contacts.clone()) {
            Some(contacts) => contacts,
            None => answer::read_contacts(
                &self.store.all(answer::contacts(self.store.sql(), tenant, survivor)).await?,
            )?,
        };
        if contacts.is_empty() {
            return Ok(None);
        }
        let mut answer = Answer::of(Outcome::Matched, survivor, contacts);
        answer.ignored = checked.ignored.clone();
        Ok(Some(answer))
    }
}

/// The one customer to whom all addresses belong already, with all the evidence there.
fn settled(checked: &Checked, found: &[Found]) -> Option<CustomerId> {
    let known: Vec<&Known> =
        found.iter().map(|found| found.known.as_ref()).collect::<Option<_>>()?;
    let linking: Vec<&&Known> = known.iter().filter(|known| !known.shared).collect();
    let survivor = linking.first().map_or(known.first()?.survivor, |known| known.survivor);
    let one = linking.iter().all(|known| known.survivor == survivor);
    let paired = found
        .iter()
        .all(|found| found.paired || found.known.as_ref().is_some_and(|known| known.shared));
    let proved = known
        .iter()
        .zip(&checked.identities)
        .all(|(known, (_, verified))| !verified || known.verification == Verification::Verified);
    (one && paired && proved).then_some(survivor)
}

fn target_home(checked: &Checked, found: &[Found]) -> CustomerId {
    let slots = slots(checked, found);
    decide(&slots, &BTreeMap::new(), &[], &crate::domain::settings::Guards::default())
        .target
        .unwrap_or(CustomerId(0))
}

fn slots(checked: &Checked, found: &[Found]) -> Vec<Slot> {
    let place =
        |known: &Known| Place { home: known.home, survivor: known.survivor, shared: known.shared };
    checked
        .identities
        .iter()
        .zip(found)
        .map(|((identifier, verified), found)| Slot {
            kind: identifier.kind,
            verified: *verified,
            known: found.known.as_ref().map(place),
        })
        .collect()
}

/// A person who was erased is not rebuilt by an import or a late event.
fn refuse_erased(checked: &Checked, found: &[Found], rules: &Rules) -> Result<()> {
    for ((_, verified), found) in checked.identities.iter().zip(found) {
        let readmitted = rules.settings.guards.readmit_verified && *verified;
        if found.erased && found.known.is_none() && !readmitted {
            return Err(UserError::new(
                UserErrorCode::Blocked,
                "an address of this request belongs to a person who was erased",
            )
            .into());
        }
    }
    Ok(())
}

pub(super) struct Work {
    pub(super) rapport: Rapport,
    pub(super) scope: Scope,
    pub(super) rules: Arc<Rules>,
    pub(super) said_at: Option<Micros>,
    pub(super) checked: Checked,
    pub(super) keys: Vec<Key>,
    /// Whether a look knew one of the keys: if none is known any more, the person was erased meanwhile.
    pub(super) seen: AtomicBool,
}

/// What one attempt gathers.
pub(super) struct Run<'a> {
    pub(super) work: &'a Work,
    pub(super) tx: &'a Tx,
    pub(super) now: Micros,
    pub(super) ids: Vec<IdentityId>,
    pub(super) found: Vec<Found>,
    pub(super) ledger: Ledger,
    pub(super) index: Index,
    pub(super) statements: Vec<Sql>,
    pub(super) items: Vec<Item>,
    /// What becomes of the rows of new identities: home and contact.
    pub(super) places: BTreeMap<usize, (CustomerId, ContactNumber)>,
    /// The provisional number that the new identities were inserted with.
    pub(super) number: ContactNumber,
    /// The contacts of the customer that begins, oldest first.
    pub(super) contacts: Vec<ContactLine>,
    /// Nobody is known: the keys are inserted with the rest.
    pub(super) strangers: bool,
}

impl Work {
    async fn settle(self: Arc<Self>, ending: Ending) -> Result<Answer> {
        let work = self.clone();
        let (answer, ledger) = self
            .rapport
            .store
            .transact_to(ending, move |tx| {
                let work = work.clone();
                Box::pin(async move { work.run(tx).await })
            })
            .await?;
        if ending == Ending::Commit {
            self.rapport.publish(self.scope.tenant, &ledger);
        }
        Ok(answer)
    }

    async fn run(&self, tx: &Tx) -> Result<(Answer, Ledger)> {
        let now = self.rapport.clock.now();
        let number = self.rapport.clock.next_number();
        let mut run = Run {
            work: self,
            tx,
            now,
            number,
            ids: self.keys.iter().map(|_| IdentityId(self.rapport.clock.next_id())).collect(),
            found: vec![Found::default(); self.keys.len()],
            ledger: Ledger::new(self.scope.tenant, now),
            index: Index::default(),
            statements: Vec::new(),
            items: Vec::new(),
            places: BTreeMap::new(),
            contacts: Vec::new(),
            strangers: false,
        };
        let guards = &self.rules.settings.guards;
        // An attempt that comes after has met somebody.
        let unseen = !self.seen.swap(true, Ordering::Relaxed);
        if unseen {
            let decision = decide(&slots(&self.checked, &run.found), &BTreeMap::new(), &[], guards);
            // What a guard holds back is written down for review, beside what is known of it.
            if decision.hold.is_none() {
                run.strangers = true;
                return run.carry_out(&decision, &BTreeMap::new()).await;
            }
        }
        let all_new = run.claim_keys().await?;
        if (!all_new || !unseen) && !seeded("no-key-lock") {
            run.read_and_lock().await?;
        }
        let (sides, apart) = run.guards().await?;
        let decision = decide(&slots(&self.checked, &run.found), &sides, &apart, guards);
        run.carry_out(&decision, &sides).await
    }
}

impl Run<'_> {
    pub(super) fn tenant(&self) -> TenantId {
        self.work.scope.tenant
    }

    /// (a): inserts the keys or locks their rows, in one sorted order; whether all of them were new.
    async fn claim_keys(&mut self) -> Result<bool> {
        let rows = self.identities();
        insert_identities(self.tx, &self.work.scope, self.now, &rows).await
    }

    /// The keys' rows, in one sorted order, where they belong as far as that is decided.
    fn identities(&self) -> Vec<NewIdentity<'_>> {
        let mut order: Vec<usize> = (0..self.work.keys.len()).collect();
        order.sort_by(|a, b| self.work.keys[*a].cmp(&self.work.keys[*b]));
        let row = |n: usize| {
            let (identifier, verified) = &self.work.checked.identities[n];
            let (home, contact) =
                self.places.get(&n).copied().unwrap_or((CustomerId(self.number.0), self.number));
            NewIdentity {
                id: self.ids[n],
                identifier,
                verified: *verified,
                home,
                contact,
                source: &self.work.checked.source,
            }
        };
        order.into_iter().map(row).collect()
    }

    /// (b) and (c).
    async fn read_and_lock(&mut self) -> Result<()> {
        let sql = lookup(
            self.tx.sql(),
            self.tenant(),
            &self.work.keys,
            &self.work.rapport.seal,
            Beside::Nothing,
        );
        self.found = Found::read_all(&self.tx.all(sql).await?, self.work.keys.len())?;
        for (n, found) in self.found.iter_mut().enumerate() {
            // Our own new rows are not known yet.
            if found.known.as_ref().is_some_and(|known| known.id == self.ids[n]) {
                found.known = None;
            }
        }
        refuse_erased(&self.work.checked, &self.found, &self.work.rules)?;
        let proves = |known: &Known, verified: bool| {
            verified && known.verification != Verification::Verified
        };
        let known: Vec<Known> = self
            .found
            .iter()
            .zip(&self.work.checked.identities)
            .filter_map(|(found, (_, verified))| {
                found.known.clone().filter(|known| !known.shared || proves(known, *verified))
            })
            .collect();
        if settled(&self.work.checked, &self.found).is_some()
            && self.work.checked.name.is_none()
            && self.work.checked.traits.is_none()
        {
            return Ok(());
        }
        let heads: BTreeSet<CustomerId> =
            known.iter().flat_map(|known| [known.home, known.survivor]).collect();
        self.ledger.lock(self.tx, heads).await?;
        for known in &known {
            if self.ledger.survivor(known.home)? != known.survivor
                || self.ledger.head(known.home)?.shape != known.shape
            {
                return Err(Error::Moved);
            }
        }
        Ok(())
    }

    /// What the guards must know; nothing is asked where nothing can be joined or attached.
    async fn guards(&self) -> Result<(BTreeMap<CustomerId, Side>, Vec<(CustomerId, CustomerId)>)> {
        let linking = self
            .found
            .iter()
            .filter_map(|found| found.known.as_ref())
            .filter(|known| !known.shared);
        let survivors: BTreeSet<CustomerId> = linking.map(|known| known.survivor).collect();
        let news = self.found.iter().any(|found| found.known.is_none());
        if survivors.is_empty() || (survivors.len() < 2 && !news) {
            return Ok(Default::default());
        }
        let sides = sides(self.tx, self.tenant(), &survivors).await?;
        let apart = match survivors.len() {
            1 => Vec::new(),
            _ => {
                reviews::kept_apart(
                    self.tx,
                    self.tenant(),
                    sides.values().flat_map(|side| side.homes.iter().copied()),
                )
                .await?
            }
        };
        Ok((sides, apart))
    }

    /// (d).
    async fn carry_out(
        mut self,
        decision: &Decision,
        sides: &BTreeMap<CustomerId, Side>,
    ) -> Result<(Answer, Ledger)> {
        let created = decision.target.is_none();
        let target = decision.target.unwrap_or(CustomerId(self.number.0));
        if created {
            self.create(target, &decision.attach).await?;
        } else {
            self.tell_profile(target).await?;
        }
        let survivor = if decision.join.is_empty() {
            self.survivor_of(target)?
        } else {
            self.join(&decision.join, sides).await?
        };
        if !created && !decision.attach.is_empty() {
            self.attach(target, survivor, &decision.attach)?;
        }
        let apart = self.set_apart(&decision.apart)?;
        self.evidence(decision)?;
        self.prove()?;
        if self.strangers {
            // First: whoever inserts one of the same keys waits here, before anything else is done.
            self.statements
                .insert(0, new_identities(self.tx, &self.work.scope, self.now, &self.identities()));
        } else {
            self.place_identities();
        }
        let review = match &decision.hold {
            None => None,
            Some(hold) => {
                let mut homes: BTreeSet<CustomerId> = self
                    .found
                    .iter()
                    .filter_map(|found| found.known.as_ref())
                    .filter(|known| !known.shared)
                    .map(|known| known.survivor)
                    .collect();
                homes.insert(survivor);
                homes.extend(apart);
                let identities: Vec<IdentityId> = (0..self.ids.len()).map(|n| self.id(n)).collect();
                Some(
                    reviews::queue(
                        self.tx,
                        &self.work.scope,
                        &self.work.rapport.clock,
                        &homes,
                        &identities,
                        hold.rule,
                        &hold.message,
                        &self.work.checked.source,
                    )
                    .await?,
                )
            }
        };
        self.write_items()?;
        let mut statements = std::mem::take(&mut self.statements);
        statements.extend(self.ledger.flush(self.tx));
        statements.extend(self.index.flush(self.tx, self.tenant()));
        // All that a customer's beginning leaves in its contacts is at hand.
        let mut contacts = std::mem::take(&mut self.contacts);
        if created {
            self.tx.run_last(statements).await?;
        } else {
            self.tx.run_together(statements).await?;
            contacts = answer::read_contacts(
                &self.tx.all(answer::contacts(self.tx.sql(), self.tenant(), survivor)).await?,
            )?;
        }
        let outcome =
            match (&decision.hold, created, decision.join.is_empty(), decision.attach.is_empty()) {
                (Some(_), ..) => Outcome::Held,
                (_, true, ..) => Outcome::Created,
                (_, _, false, _) => Outcome::Merged,
                (_, _, _, false) => Outcome::Linked,
                _ => Outcome::Matched,
            };
        if contacts.is_empty() {
            // A repeat locks no head: the customer was merged into an older one since it was looked up.
            return Err(Error::Moved);
        }
        if seeded("early-answer") {
            contacts.pop();
        }
        let mut answer = Answer::of(outcome, survivor, contacts);
        answer.ignored = self.work.checked.ignored.clone();
        answer.review = review;
        answer.held = decision.hold.as_ref().map(|hold| (hold.rule, hold.message.clone()));
        Ok((answer, self.ledger))
    }

    pub(super) fn survivor_of(&self, home: CustomerId) -> Result<CustomerId> {
        if self.ledger.holds(home) {
            return self.ledger.survivor(home);
        }
        let of = |found: &Found| {
            found.known.as_ref().filter(|known| known.home == home).map(|known| known.survivor)
        };
        Ok(self.found.iter().find_map(of).unwrap_or(home))
    }

    pub(super) fn id(&self, n: usize) -> IdentityId {
        self.found[n].known.as_ref().map_or(self.ids[n], |known| known.id)
    }

    pub(super) fn identifier(&self, n: usize) -> &Identifier {
        &self.work.checked.identities[n].0
    }
}
