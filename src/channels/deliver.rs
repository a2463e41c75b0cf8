//! The runner: writes what a delivery says. Events in their order, runs of records in batches; what cannot be recorded is
//! kept with its reasons and stops none of its neighbours. When it returns, everything is committed.

use std::collections::HashSet;

use crate::channels::event_result::{Event, EventResult, tally};
use crate::channels::fact::{Act, Fact, Outcome, What};
use crate::channels::prepared::prepared;
use crate::channels::runner::Runner;
use crate::domain::history::record::{Advanced, MOST_INPUTS, NewItem, Recorded, Ref};
use crate::domain::identifier::{Parsed, parse};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::customer_ref::Given;
use crate::domain::source::{NewKept, Tally};
use crate::entity::kinds::IdentityKind;
use crate::error::{Error, Result, UserError};
use crate::request_notes;

impl Runner<'_> {
    /// Writes and counts what a delivery says; what became of each event, in order. An error means that the store could
    /// not take all of it: what was written is written, and coming again the rest is added.
    pub async fn deliver(&self, facts: Vec<Fact<'_>>) -> Result<Vec<Outcome>> {
        let (events, results) = self.run(facts).await?;
        let kept: Vec<NewKept> =
            events.iter().zip(&results).filter_map(|(event, result)| event.kept(result)).collect();
        self.rapport.keep_events(&self.scope, self.source.id, &kept).await?;
        let outcomes: Vec<Outcome> = events
            .into_iter()
            .zip(results)
            .map(|(event, result)| result.outcome(event.external_id))
            .collect();
        let tally = tally(&outcomes);
        note(&tally, &outcomes);
        self.rapport.count_received(self.source, tally);
        Ok(outcomes)
    }

    /// The same without keeping what is refused: the caller has it.
    pub async fn deliver_again(&self, facts: Vec<Fact<'_>>) -> Result<Vec<Outcome>> {
        let (events, results) = self.run(facts).await?;
        let each = events.into_iter().zip(results);
        Ok(each.map(|(event, result)| result.outcome(event.external_id)).collect())
    }

    async fn run<'d>(&self, facts: Vec<Fact<'d>>) -> Result<(Vec<Event<'d>>, Vec<EventResult>)> {
        let mut run = Run {
            runner: self,
            results: Vec::with_capacity(facts.len()),
            records: Vec::new(),
            said: HashSet::new(),
        };
        let mut events = Vec::with_capacity(facts.len());
        for fact in facts {
            run.results.push(EventResult::default());
            run.take(fact.what).await?;
            let Fact { kind, external_id, payload, .. } = fact;
            events.push(Event { kind, external_id, payload });
        }
        run.record().await?;
        Ok((events, run.results))
    }
}

/// For the line of the request in the log.
fn note(tally: &Tally, outcomes: &[Outcome]) {
    request_notes::note(|noted| {
        let delivery = noted.delivery.get_or_insert_default();
        delivery.received += tally.received;
        delivery.recorded += tally.recorded;
        delivery.duplicates += tally.duplicates;
        delivery.rejected += tally.rejected;
        delivery.unknown += tally.unknown;
    });
    for error in outcomes.iter().flat_map(|outcome| &outcome.errors) {
        request_notes::error(error.code.name(), false);
    }
}

const OTHER_RECIPIENT: &str = "it speaks of a recipient to whom the mail is not recorded here, or does not say of which: the mails of the others stay as they are";

/// Characters of a name.
const NAME_CHARS: usize = 200;

/// A delivery while it is being written.
struct Run<'r> {
    runner: &'r Runner<'r>,
    results: Vec<EventResult>,
    /// Items that wait to be recorded together, each with the number of its event.
    records: Vec<(usize, NewItem)>,
    /// What was said of addresses in this delivery already.
    said: HashSet<String>,
}

impl Run<'_> {
    /// Takes what the last event does.
    async fn take(&mut self, what: What) -> Result<()> {
        let event = self.results.len() - 1;
        match what {
            What::Unknown(reason) => {
                self.results[event].unknown = true;
                self.results[event].errors.push(UserError::not_found(reason));
            }
            What::Rejected(errors) => self.results[event].errors.extend(errors),
            What::Acts(mut acts) => {
                self.pass_over_blocked(&mut acts).await?;
                for act in acts {
                    self.act(event, act).await?;
                }
            }
        }
        Ok(())
    }

    /// An item of a user whose id the tenant blocks is its visitor's, where the event names one.
    async fn pass_over_blocked(&self, acts: &mut [Act]) -> Result<()> {
        let Some((Act::Record(item, _), before)) = acts.split_last_mut() else { return Ok(()) };
        let Some(Ref::Identity(user)) = &item.who else { return Ok(()) };
        if user.kind != IdentityKind::UserId || before.is_empty() {
            return Ok(());
        }
        let Runner { rapport, scope, .. } = self.runner;
        let rules = rapport.rules(scope.tenant).await?;
        let blocked = |given: &Given| {
            let namespace = given.namespace.as_deref();
            let parsed = parse(given.kind, &given.value, namespace, &rules.identifiers);
            matches!(parsed, Ok(Parsed::Ignored { .. }))
        };
        if !blocked(user) {
            return Ok(());
        }
        let named = before.iter().filter_map(|act| match act {
            Act::Identify(request) => Some(&request.given),
            _ => None,
        });
        let visitor = named
            .flatten()
            .find(|given| given.kind == IdentityKind::AnonymousId && !blocked(given));
        if let Some(visitor) = visitor {
            item.who = Some(Ref::Identity(visitor.clone()));
        }
        Ok(())
    }

    async fn act(&mut self, event: usize, act: Act) -> Result<()> {
        match act {
            Act::Identify(request) => self.identify(event, *request).await,
            Act::Alias { mut request, mut former } => {
                let Runner { rapport, scope, .. } = self.runner;
                self.record().await?;
                former.kind = IdentityKind::UserId;
                if !rapport.has_identity(scope, &former).await? {
                    former.kind = IdentityKind::AnonymousId;
                }
                request.given.push(former);
                self.identify(event, *request).await
            }
            Act::Record(item, files) => {
                let item = prepared(self.runner, *item, files).await?;
                self.records.push((event, item));
                if self.records.len() >= MOST_INPUTS { self.record().await } else { Ok(()) }
            }
            Act::Advance(advance) => {
                self.record().await?;
                let Runner { rapport, source, scope, .. } = self.runner;
                let advanced = rapport.advance(scope, &source.name, &advance).await;
                let why = match self.note(event, advanced)? {
                    None | Some(Advanced::Taken) => return Ok(()),
                    Some(Advanced::Missing) => "what it speaks of is not known here",
                    Some(Advanced::OtherRecipient) => OTHER_RECIPIENT,
                };
                self.results[event].unknown = true;
                self.results[event].errors.push(UserError::not_found(why));
                Ok(())
            }
            Act::AdvanceUpTo { person, until, state } => {
                self.record().await?;
                let Runner { rapport, source, scope, .. } = self.runner;
                let moved = rapport.advance_up_to(scope, &source.name, &person, until, state).await;
                self.note(event, moved).map(drop)
            }
        }
    }

    async fn identify(&mut self, event: usize, mut request: IdentifyRequest) -> Result<()> {
        if !self.said.insert(said(&request)) {
            return Ok(());
        }
        // What was recorded under these addresses before was recorded before.
        self.record().await?;
        request.source = Some(self.runner.source.name.clone());
        request.name = request.name.as_deref().map(one_line);
        let done = self.runner.rapport.identify_if_any(&self.runner.scope, &request).await;
        self.note(event, done).map(drop)
    }

    /// Records the items that wait.
    async fn record(&mut self) -> Result<()> {
        let (events, items): (Vec<usize>, Vec<NewItem>) = self.records.drain(..).unzip();
        if items.is_empty() {
            return Ok(());
        }
        let results = self.runner.rapport.record(&self.runner.scope, &items).await?;
        for (event, result) in events.into_iter().zip(results) {
            let own = &mut self.results[event];
            match result {
                Ok(Recorded { duplicate: true, .. }) => own.repeated += 1,
                Ok(_) => own.recorded += 1,
                Err(error) => own.errors.push(error),
            }
        }
        Ok(())
    }

    /// A user's error is the event's; every other one is the delivery's.
    fn note<T>(&mut self, event: usize, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(Error::User(error)) => {
                self.results[event].errors.push(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// A name as it can be kept: on one line, and cut where it is too long. It costs nobody the rest of what was said.
fn one_line(name: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = name.chars().filter(|c| *c != '\0').map(plain).collect();
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(NAME_CHARS).collect::<String>().trim_end().to_owned()
}

/// The same for what says the same again. When addresses were seen together last does not matter; when a name was said
/// does.
fn said(request: &IdentifyRequest) -> String {
    let at = (request.name.is_some() || request.traits.is_some()).then_some(request.occurred_at);
    let given: Vec<_> = request
        .given
        .iter()
        .map(|given| (given.kind, &given.value, &given.namespace, given.verified))
        .collect();
    format!("{given:?} {:?} {:?} {at:?}", request.name, request.traits)
}
