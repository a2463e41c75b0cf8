//! Many requests at once: each is answered as if it had been sent alone and in its place, in few statements.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::identity::identify::answer::{self, Answer, Outcome};
use crate::domain::identity::identify::attempt::Input;
use crate::domain::identity::identify::clusters::clusters;
use crate::domain::identity::identify::known::{
    linked_customer, mark_paired, pairs, refuse_erased, shares, spread,
};
use crate::domain::identity::identify::request::{IdentifyRequest, ValidatedRequest};
use crate::domain::identity::identify::write::{Answers, Identify};
use crate::domain::model::customer_ref::Given;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::tenant::settings::Rules;
use crate::domain::write::lookup::{Found, Key, Prefetch, evidence_between, lookup, read_evidence};
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::Ending;

/// Requests in one call.
pub const MOST_INPUTS: usize = 1_000;
/// So many requests that depend on each other are written in one transaction: nobody else waits for more of them. What
/// comes after them is younger than what came with them, also where it stood before it in the call.
const MOST_WAVES: usize = 32;

/// What the store knows of the identities of each input.
type Look = BTreeMap<usize, Vec<Found>>;

impl Rapport {
    /// Identifies many: one answer for each request, in order. A wrong one is answered in its place and costs the others
    /// nothing. They are carried out as if they came one after the other, so that a later one sees an earlier one.
    pub async fn identify_many(
        &self,
        scope: &Scope,
        requests: &[IdentifyRequest],
    ) -> Result<Vec<Result<Answer, UserError>>> {
        if requests.len() > MOST_INPUTS {
            let message = format!("at most {MOST_INPUTS} inputs in one mutation");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["inputs"])
                .into());
        }
        let rules = self.rules(scope.tenant).await?;
        let dry_run = requests.first().is_some_and(|request| request.dry_run);
        if rules.rereading.is_some() && !dry_run {
            let named: Vec<&Given> = requests.iter().flat_map(|request| &request.given).collect();
            self.reread_named(scope, &rules, &named).await?;
        }
        let (mut answers, mut waiting, mut own) =
            (Answers::new(), BTreeMap::new(), BTreeMap::new());
        for (n, request) in requests.iter().enumerate() {
            match validated(request, dry_run, &rules, self.clock.now()) {
                Ok(mut request) => {
                    if rules.rereading.is_some() && dry_run {
                        self.use_keys_in_force(scope.tenant, &rules, &mut request).await?;
                    }
                    if requests[n].own_values_only {
                        own.insert(n, request.own_values());
                    }
                    waiting.insert(n, Input::new(request, n));
                }
                Err(error) => {
                    answers.insert(n, Err(error));
                }
            }
        }
        let ending = if dry_run { Ending::RollBack } else { Ending::Commit };
        while !waiting.is_empty() {
            answers.extend(self.some(scope, ending, &rules, &mut waiting).await?);
        }
        let answer = |n: usize| {
            let answer = answers.remove(&n);
            let mut answer =
                answer.unwrap_or_else(|| Err(UserError::invalid("was not identified")));
            if let (Ok(answer), Some([emails, phone_numbers])) = (&mut answer, own.remove(&n)) {
                (answer.emails, answer.phone_numbers) = (emails, phone_numbers);
            }
            answer
        };
        Ok((0..requests.len()).map(answer).collect())
    }

    /// Answers some of those that wait, at least one of each cluster: those that only repeat what is known by reading,
    /// the others by writing.
    async fn some(
        &self,
        scope: &Scope,
        ending: Ending,
        rules: &Arc<Rules>,
        waiting: &mut BTreeMap<usize, Input>,
    ) -> Result<Answers> {
        let tenant = scope.tenant;
        let look = self.look_up(tenant, waiting).await?;
        let mut answers = Answers::new();
        for (n, found) in &look {
            if let Err(error) = refuse_erased(&waiting[n].request, found, rules) {
                waiting.remove(n);
                answers.insert(*n, Err(error));
            }
        }
        let repeats = self.repeats(tenant, waiting, &look).await?;
        let shared = waiting.iter().map(|(n, input)| (*n, shares(input, &look[n])));
        let (mut repeated, mut now) = (BTreeSet::new(), Vec::new());
        for cluster in clusters(shared) {
            if cluster.iter().all(|n| repeats.contains_key(n)) {
                repeated.extend(cluster);
            } else if ending == Ending::Commit {
                now.extend(cluster.into_iter().take(MOST_WAVES));
            } else {
                // What is taken back is seen by nobody after.
                now.extend(cluster);
            }
        }
        let read = self.answer_repeats(tenant, &repeats, &repeated, waiting).await?;
        waiting.retain(|n, _| !read.contains_key(n));
        // Merged into an older one since it was looked up: the transaction finds out.
        now.extend(repeated.into_iter().filter(|n| !read.contains_key(n)));
        answers.extend(read);
        let inputs: BTreeMap<usize, Input> =
            now.into_iter().filter_map(|n| Some((n, waiting.remove(&n)?))).collect();
        if !inputs.is_empty() {
            let known = |n: &usize| look[n].iter().any(|found| found.known.is_some());
            let seen = inputs.keys().any(known);
            let identify = Identify::new(rules.clone(), inputs, seen);
            answers.extend(self.write(scope, ending, &identify).await?);
        }
        Ok(answers)
    }

    async fn look_up(&self, tenant: TenantId, inputs: &BTreeMap<usize, Input>) -> Result<Look> {
        let keys: BTreeSet<&Key> = inputs.values().flat_map(|input| &input.keys).collect();
        let keys: Vec<Key> = keys.into_iter().cloned().collect();
        let sql = lookup(self.store.sql(), tenant, &keys, &self.secret, Prefetch::Nothing);
        let all = Found::read_all(&self.store.all(sql).await?, keys.len())?;
        let mut look = spread(inputs.iter().map(|(n, input)| (*n, input)), &keys, &all);
        let wanted: Vec<_> = look.values().flat_map(|found| pairs(found)).collect();
        let mut there = BTreeSet::new();
        if !wanted.is_empty() {
            let sql = evidence_between(self.store.sql(), tenant, &wanted);
            there = read_evidence(&self.store.all(sql).await?)?;
        }
        for found in look.values_mut() {
            mark_paired(found, &there);
        }
        Ok(look)
    }

    /// The inputs that say nothing new, each with its customer.
    async fn repeats(
        &self,
        tenant: TenantId,
        inputs: &BTreeMap<usize, Input>,
        look: &Look,
    ) -> Result<BTreeMap<usize, CustomerId>> {
        let linked =
            |(n, input): (&usize, &Input)| Some((*n, linked_customer(&input.request, &look[n])?));
        let mut repeats: BTreeMap<usize, CustomerId> = inputs.iter().filter_map(linked).collect();
        let asked: Vec<(&ValidatedRequest, &[Found])> =
            repeats.keys().map(|n| (&inputs[n].request, look[n].as_slice())).collect();
        let mut news = self.profile_news(tenant, &asked).await?.into_iter();
        repeats.retain(|_, _| news.next() == Some(false));
        Ok(repeats)
    }

    async fn answer_repeats(
        &self,
        tenant: TenantId,
        repeats: &BTreeMap<usize, CustomerId>,
        repeated: &BTreeSet<usize>,
        inputs: &BTreeMap<usize, Input>,
    ) -> Result<Answers> {
        let survivors: BTreeSet<CustomerId> = repeated.iter().map(|n| repeats[n]).collect();
        if survivors.is_empty() {
            return Ok(Answers::new());
        }
        let survivors: Vec<CustomerId> = survivors.into_iter().collect();
        let sql = answer::contacts(self.store.sql(), tenant, &survivors);
        let contacts = answer::read_contacts(&self.store.all(sql).await?)?;
        let answered = |n: &usize| {
            let contacts = contacts.get(&repeats[n])?.clone();
            let answer = Answer::of(Outcome::Matched, repeats[n], contacts);
            Some((*n, Ok(Answer { ignored: inputs[n].request.ignored.clone(), ..answer })))
        };
        Ok(repeated.iter().filter_map(answered).collect())
    }
}

/// A request of many that can be worked on.
fn validated(
    request: &IdentifyRequest,
    dry_run: bool,
    rules: &Rules,
    now: Micros,
) -> Result<ValidatedRequest, UserError> {
    if request.dry_run != dry_run {
        let message = "the inputs of one call are rehearsed all or none";
        return Err(UserError::invalid(message).at(["dryRun"]));
    }
    request.check_count()?;
    request.validate(rules, now)
}
