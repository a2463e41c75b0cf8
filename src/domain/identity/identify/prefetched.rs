//! What the inputs of a wave must know before they are carried out, and their answers afterwards: each read for all of
//! them in one statement.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::identity::customer_totals::customer_totals;
use crate::domain::identity::identify::answer::{Answer, contacts, read_contacts};
use crate::domain::identity::identify::attempt::{Carried, Prefetched, survivors};
use crate::domain::identity::identify::known::{
    linked_customer, mark_paired, pairs, says_news, spread,
};
use crate::domain::identity::identify::plan::Decision;
use crate::domain::identity::identify::write::Batch;
use crate::domain::identity::keep_apart::pairs_kept_apart;
use crate::domain::write::lookup::{Found, Prefetch, evidence_between, lookup, read_evidence};
use crate::domain::write::profile_rows::Profiles;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::store::failpoints::failpoint;

impl Batch<'_, '_, '_> {
    /// (b) and (c), for these inputs.
    pub(super) async fn look_and_lock(&mut self, wave: &[usize]) -> Result<()> {
        self.look(wave).await?;
        self.refuse_erased(wave)?;
        let mut known = Vec::new();
        for n in wave {
            let (request, found) = (&self.input(*n).request, &self.found[n]);
            let no_profile = request.name.is_none() && request.traits.is_none();
            if no_profile && linked_customer(request, found).is_some() {
                continue;
            }
            for (at, found) in found.iter().enumerate() {
                let matters = found.known.as_ref();
                let matters =
                    matters.filter(|known| !known.shared || says_news(request, at, known));
                known.extend(matters.cloned());
            }
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

    /// What the store knows of the identities of these inputs now.
    async fn look(&mut self, wave: &[usize]) -> Result<()> {
        let keys = self.keys_of(wave);
        if keys.is_empty() {
            return Ok(());
        }
        let (tenant, secret) = (self.unit.tenant(), &self.unit.rapport.secret);
        let sql = lookup(self.unit.sql(), tenant, &keys, secret, Prefetch::Nothing);
        let mut all = Found::read_all(&self.unit.all(sql).await?, keys.len())?;
        for (key, found) in keys.iter().zip(&mut all) {
            // Our own new rows are not known yet.
            if found.known.as_ref().is_some_and(|known| self.is_unplaced(key, known.id)) {
                found.known = None;
            }
        }
        let inputs = wave.iter().map(|n| (*n, self.input(*n)));
        let mut found = spread(inputs, &keys, &all);
        let wanted: Vec<_> = found.values().flat_map(|found| pairs(found)).collect();
        // Of one input the keys were asked for together, and the answer says what is paired.
        if found.len() > 1 {
            let mut there = BTreeSet::new();
            if !wanted.is_empty() {
                let sql = evidence_between(self.unit.sql(), tenant, &wanted);
                there = read_evidence(&self.unit.all(sql).await?)?;
            }
            for found in found.values_mut() {
                mark_paired(found, &there);
            }
        }
        self.found.extend(found);
        Ok(())
    }

    /// What the guards must know; nothing is asked where nothing can be joined or attached.
    pub(super) async fn ask_for_guards(&self, wave: &[usize]) -> Result<Prefetched> {
        let (mut asked, mut joining) = (BTreeSet::new(), BTreeSet::new());
        for n in wave {
            let survivors = survivors(&self.found[n]);
            let news = self.found[n].iter().any(|found| found.known.is_none());
            if survivors.len() > 1 {
                joining.extend(survivors.iter().copied());
            }
            if survivors.len() > 1 || news {
                asked.extend(survivors);
            }
        }
        let mut known = Prefetched::default();
        if asked.is_empty() {
            return Ok(known);
        }
        known.totals = customer_totals(self.unit, &asked).await?;
        if !joining.is_empty() {
            let of = |survivor: &CustomerId| known.totals.get(survivor).map(|known| &known.homes);
            let homes: Vec<CustomerId> = joining.iter().filter_map(of).flatten().copied().collect();
            known.apart = pairs_kept_apart(self.unit, homes).await?;
        }
        Ok(known)
    }

    /// Locks all homes of the customers that are joined.
    pub(super) async fn lock_joins(
        &mut self,
        decisions: &BTreeMap<usize, Decision>,
        known: &Prefetched,
    ) -> Result<()> {
        let joined = decisions.values().flat_map(|decision| &decision.join);
        let homes: BTreeSet<CustomerId> = joined.flat_map(|one| homes(known, *one)).collect();
        self.unit.lock(homes).await
    }

    /// The profiles of the customers whose name and traits these decisions may change.
    pub(super) async fn profiles(
        &self,
        decisions: &BTreeMap<usize, Decision>,
        known: &Prefetched,
    ) -> Result<BTreeMap<usize, Profiles>> {
        let mut customers = BTreeMap::new();
        let mut merged = BTreeMap::new();
        for (n, decision) in decisions {
            let request = &self.input(*n).request;
            let says = request.name.is_some() || request.traits.is_some();
            if !decision.join.is_empty() {
                let of = decision.join.iter().flat_map(|one| homes(known, *one));
                customers.insert(*n, of.collect::<BTreeSet<CustomerId>>());
            } else if let Some(home) = decision.target.filter(|_| says)
                && self.unit.changes.holds(home)
            {
                let survivor = self.unit.changes.survivor(home)?;
                customers.insert(*n, BTreeSet::from([survivor]));
                merged.insert(survivor, *n);
            }
        }
        for (survivor, homes) in Profiles::homes_of(self.unit, merged.keys().copied()).await? {
            customers.entry(merged[&survivor]).or_default().extend(homes);
        }
        Profiles::read_each(self.unit, &customers).await
    }

    /// The answers, with the contacts as they are when this is written.
    pub(super) async fn answer(&mut self, carried: Vec<(usize, Carried)>) -> Result<()> {
        let there = |carried: &Carried| carried.contacts.is_none().then_some(carried.survivor);
        let old: BTreeSet<CustomerId> =
            carried.iter().filter_map(|(_, carried)| there(carried)).collect();
        let mut contacts_of = BTreeMap::new();
        if !old.is_empty() || self.more_waves {
            self.unit.run_all().await?;
        }
        if !old.is_empty() {
            let old: Vec<CustomerId> = old.into_iter().collect();
            let sql = contacts(self.unit.sql(), self.unit.tenant(), &old);
            contacts_of = read_contacts(&self.unit.all(sql).await?)?;
        }
        for (n, carried) in carried {
            let Carried { outcome, survivor, contacts, review, held, ignored, .. } = carried;
            // All that a customer's beginning leaves in its contacts is known here.
            let read = || contacts_of.get(&survivor).cloned().unwrap_or_default();
            let mut contacts = contacts.unwrap_or_else(read);
            if contacts.is_empty() {
                // A repeat locks no head: the customer was merged into an older one since it was looked up.
                return Err(Error::Retry);
            }
            if failpoint("early-answer") {
                contacts.pop();
            }
            let answer = Answer::of(outcome, survivor, contacts);
            self.accept(n, Answer { review, held, ignored, ..answer });
        }
        Ok(())
    }
}

/// The homes of a customer.
fn homes(known: &Prefetched, survivor: CustomerId) -> impl Iterator<Item = CustomerId> {
    known.totals.get(&survivor).into_iter().flat_map(|known| known.homes.iter().copied())
}
