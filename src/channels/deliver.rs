//! The runner: writes what a delivery says. Events in their order, runs of records in batches; what cannot be recorded is
//! kept with its reasons and stops none of its neighbours. When it returns, everything is committed.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::channels::fact::{Act, Fact, FileContent, NewFile, Outcome, OutcomeKind, Payload, What};
use crate::domain::file::{IncomingContent, IncomingFile};
use crate::domain::history::record::{MOST_INPUTS, NewBody, NewItem, NewPart, Recorded};
use crate::domain::identity::identify::IdentifyRequest;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::{KeptError, NewKept, OpenSource, Tally};
use crate::entity::kinds::{IdentityKind, SourceEventOutcome};
use crate::error::{Error, Result, UserError};

/// What is to be written, where, and under which public address.
pub struct Runner<'a> {
    pub rapport: &'a Rapport,
    pub source: &'a OpenSource,
    /// For addresses of files, without the last slash.
    pub base: &'a str,
    pub scope: Scope,
}

impl<'a> Runner<'a> {
    pub fn new(rapport: &'a Rapport, source: &'a OpenSource, base: &'a str, id: &str) -> Self {
        let actor = format!("source:{}", source.name).into();
        let scope = Scope { tenant: source.tenant, actor, request_id: id.into() };
        Runner { rapport, source, base, scope }
    }

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
        self.rapport.count_received(self.source, tally(&outcomes));
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

/// What is left of an event once its acts are taken.
struct Event<'d> {
    kind: String,
    external_id: Option<String>,
    payload: Payload<'d>,
}

/// What became of an event so far.
#[derive(Default)]
struct EventResult {
    unknown: bool,
    errors: Vec<UserError>,
    /// Items that were there already, and those that are new.
    repeated: usize,
    recorded: usize,
}

impl EventResult {
    fn kind(&self) -> OutcomeKind {
        if self.unknown {
            OutcomeKind::Unknown
        } else if !self.errors.is_empty() {
            OutcomeKind::Rejected
        } else if self.repeated > 0 && self.recorded == 0 {
            OutcomeKind::Duplicate
        } else {
            OutcomeKind::Recorded
        }
    }

    fn outcome(self, external_id: Option<String>) -> Outcome {
        Outcome { external_id, result: self.kind(), errors: self.errors }
    }
}

impl Event<'_> {
    fn kept(&self, result: &EventResult) -> Option<NewKept> {
        let outcome = match result.kind() {
            OutcomeKind::Rejected => SourceEventOutcome::Rejected,
            OutcomeKind::Unknown => SourceEventOutcome::Unknown,
            OutcomeKind::Recorded | OutcomeKind::Duplicate => return None,
        };
        let payload = self.payload.to_json();
        Some(NewKept {
            outcome,
            kind: self.kind.clone(),
            external_id: self.external_id.clone(),
            errors: result.errors.iter().map(KeptError::from).collect(),
            texts: raw_text(&payload).into_iter().collect(),
            payload,
        })
    }
}

/// A mail that is kept whole, as text: addresses stand in it.
fn raw_text(payload: &Json) -> Option<String> {
    let bytes = STANDARD.decode(payload.get("raw")?.as_str()?).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn tally(outcomes: &[Outcome]) -> Tally {
    let count = |kind| outcomes.iter().filter(|outcome| outcome.result == kind).count() as i64;
    Tally {
        received: outcomes.len() as i64,
        recorded: count(OutcomeKind::Recorded),
        duplicates: count(OutcomeKind::Duplicate),
        rejected: count(OutcomeKind::Rejected),
        unknown: count(OutcomeKind::Unknown),
    }
}

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
            What::Acts(acts) => {
                for act in acts {
                    self.act(event, act).await?;
                }
            }
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
                let item = self.runner.prepared(*item, files).await?;
                self.records.push((event, item));
                if self.records.len() >= MOST_INPUTS { self.record().await } else { Ok(()) }
            }
            Act::Advance(advance) => {
                self.record().await?;
                let Runner { rapport, source, scope, .. } = self.runner;
                let there = rapport.advance(scope, &source.name, &advance).await;
                if self.note(event, there)? == Some(false) {
                    self.results[event].unknown = true;
                    let error = UserError::not_found("what it speaks of is not known here");
                    self.results[event].errors.push(error);
                }
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

impl Runner<'_> {
    /// The item with its source and its files, whose bytes are kept.
    async fn prepared(&self, mut item: NewItem, files: Vec<NewFile>) -> Result<NewItem> {
        item.source = Some(self.source.name.clone());
        let (mut linked, mut own) = (Vec::new(), Vec::new());
        for NewFile { name, content_type, content } in files {
            match content {
                FileContent::Link(url) => linked.push(linked_part(url, name, content_type)),
                FileContent::Bytes(bytes) => {
                    let content = IncomingContent::Bytes(bytes);
                    own.push(IncomingFile { name, content_type, content });
                }
                FileContent::AtProvider(reference) => {
                    let content = IncomingContent::AtProvider(reference);
                    own.push(IncomingFile { name, content_type, content });
                }
            }
        }
        if let NewBody::Message { parts, .. } | NewBody::Email { parts, .. } = &mut item.body {
            parts.extend(linked);
        }
        if !own.is_empty() {
            let source = Some(self.source.id);
            item.files = self.rapport.keep_files(&self.scope, source, self.base, own).await?;
        }
        Ok(item)
    }
}

/// The part of a file that lies where everybody can fetch it.
fn linked_part(url: String, name: Option<String>, content_type: Option<String>) -> NewPart {
    if content_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
        NewPart::Image { url, alt: name }
    } else {
        NewPart::File { url, name, content_type }
    }
}
