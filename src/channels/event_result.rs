//! What became of an event: how it is told, counted and kept. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::channels::fact::{Outcome, OutcomeKind, Payload};
use crate::channels::{email, postmark};
use crate::domain::source::{KeptError, NewKept, Tally};
use crate::entity::kinds::SourceEventOutcome;
use crate::error::UserError;

/// What is left of an event once its acts are taken.
pub(super) struct Event<'d> {
    pub kind: String,
    pub external_id: Option<String>,
    pub payload: Payload<'d>,
}

/// What became of an event so far.
#[derive(Default)]
pub(super) struct EventResult {
    pub unknown: bool,
    pub errors: Vec<UserError>,
    /// Items that were there already.
    pub repeated: usize,
    /// Items that are new.
    pub recorded: usize,
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

    pub fn outcome(self, external_id: Option<String>) -> Outcome {
        Outcome { external_id, result: self.kind(), errors: self.errors }
    }
}

impl Event<'_> {
    /// What is kept of it, where it was not recorded.
    pub fn kept(&self, result: &EventResult) -> Option<NewKept> {
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
            texts: hidden_texts(&payload),
            payload,
        })
    }
}

/// What an encoding hides from a look at the payload, and may hold addresses: a mail that is kept whole, its parts, and
/// files that are texts.
fn hidden_texts(payload: &Json) -> Vec<String> {
    let text = |name: &str| payload.get(name).and_then(Json::as_str);
    let raw = text("raw").and_then(|raw| STANDARD.decode(raw).ok());
    let mut texts = raw.map(|raw| email::texts(&raw)).unwrap_or_default();
    texts.extend(text("RawEmail").map(|raw| email::texts(raw.as_bytes())).unwrap_or_default());
    texts.extend(postmark::texts(payload));
    texts
}

/// How many events became what.
pub(super) fn tally(outcomes: &[Outcome]) -> Tally {
    let count = |kind| outcomes.iter().filter(|outcome| outcome.result == kind).count() as i64;
    Tally {
        received: outcomes.len() as i64,
        recorded: count(OutcomeKind::Recorded),
        duplicates: count(OutcomeKind::Duplicate),
        rejected: count(OutcomeKind::Rejected),
        unknown: count(OutcomeKind::Unknown),
    }
}
