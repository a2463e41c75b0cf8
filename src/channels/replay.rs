//! Kept events, taken in again once their reason is mended.

use crate::channels::delivery::{Delivery, Headers};
use crate::channels::fact::OutcomeKind;
use crate::channels::read;
use crate::channels::runner::Runner;
use crate::channels::table::channel_of;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::{Door, KeptError, KeptEvent};
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::{SourceEventId, SourceId};

/// Events in one request.
const MOST: usize = 1_000;

/// How many events were tried, and how many are kept no longer.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Replayed {
    pub replayed: usize,
    pub settled: usize,
}

/// What became of one of them.
enum Retry {
    Taken,
    /// It is kept, for these reasons.
    Refused(Vec<UserError>),
    /// Nothing is left of it that could be tried.
    Unreadable,
}

impl Rapport {
    /// Takes kept events of a source in again, oldest first; all that it has where none are named.
    pub async fn replay_source_events(
        &self,
        scope: &Scope,
        base: &str,
        source: SourceId,
        ids: Option<Vec<SourceEventId>>,
    ) -> Result<Replayed> {
        if ids.as_ref().is_some_and(|ids| ids.len() > MOST) {
            let message = format!("at most {MOST} events at once");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["eventIds"])
                .into());
        }
        let door = self.open_source(scope.tenant, source).await?;
        let door = door.ok_or_else(|| UserError::not_found("there is no such source"))?;
        let mut events = match ids {
            Some(ids) => self.kept_events_by_id(scope.tenant, &ids).await?,
            None => self.oldest_kept_events(scope.tenant, source, MOST as u64).await?,
        };
        events.retain(|event| event.source == source);
        let (mut settled, mut kept) = (Vec::new(), Vec::new());
        for event in &events {
            match self.replay(scope, base, &door, event).await? {
                Retry::Taken => settled.push(event.id),
                Retry::Refused(errors) => {
                    kept.push((event.id, errors.iter().map(KeptError::from).collect()));
                }
                Retry::Unreadable => {}
            }
        }
        self.settle_events(scope, source, &settled, &kept).await?;
        Ok(Replayed { replayed: events.len(), settled: settled.len() })
    }

    /// What becomes of the event now.
    async fn replay(
        &self,
        scope: &Scope,
        base: &str,
        door: &Door,
        event: &KeptEvent,
    ) -> Result<Retry> {
        let Some(payload) = &event.payload else { return Ok(Retry::Unreadable) };
        let channel = channel_of(door.kind);
        let body = (channel.replay)(&event.kind, payload);
        let headers = Headers(vec![("content-type".into(), "application/json".into())]);
        let delivery = Delivery {
            address: base,
            path: "/v1/batch",
            query: "",
            headers: &headers,
            body: &body,
            received: event.at,
        };
        let Ok(facts) = read::facts(&channel, &door.source, &delivery) else {
            return Ok(Retry::Unreadable);
        };
        let runner = Runner::new(self, &door.source, base, &scope.request_id);
        let outcomes = runner.deliver_again(facts).await?;
        let taken = |kind| matches!(kind, OutcomeKind::Recorded | OutcomeKind::Duplicate);
        if !outcomes.is_empty() && outcomes.iter().all(|outcome| taken(outcome.result)) {
            return Ok(Retry::Taken);
        }
        Ok(Retry::Refused(outcomes.into_iter().flat_map(|outcome| outcome.errors).collect()))
    }
}
