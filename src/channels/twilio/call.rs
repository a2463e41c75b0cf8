//! Calls of Twilio's: how far they have come, their legs and their recordings. Pure.

use crate::channels::fact::{Act, What};
use crate::channels::times::{provider_time, rfc2822};
use crate::channels::twilio::fields::{Event, Fields};
use crate::channels::twilio::party::of_call;
use crate::domain::history::record::{Advance, AdvanceRef, NewBody, NewItem, NewState};
use crate::domain::model::customer_ref::Ref;
use crate::entity::kinds::{CallState, Channel, Direction};
use crate::ids::Micros;

/// Whether this is the request by which Twilio asks what to do with a call that comes in and rings.
pub(super) fn comes_in(events: &[Event<'_>]) -> bool {
    let [Ok(fields)] = events else { return false };
    fields.word("CallSid").is_some()
        && fields.word("MessageSid").is_none()
        && fields.status(&["CallStatus"]).as_deref() == Some("ringing")
        && direction(fields) == Some(Direction::Inbound)
        && fields.first(&["CallbackSource", "ParentCallSid"]).is_none()
}

fn direction(fields: &Fields) -> Option<Direction> {
    let word = fields.status(&["Direction"])?;
    if word == "inbound" {
        return Some(Direction::Inbound);
    }
    word.starts_with("outbound").then_some(Direction::Outbound)
}

pub(super) fn call(fields: &Fields, sid: String, status: Option<&str>, received: Micros) -> What {
    let at = fields.word("Timestamp").and_then(|at| rfc2822(&at));
    let at = provider_time(at, received);
    let recording_url = fields.word("RecordingUrl");
    let state = match status {
        None if recording_url.is_some() => {
            return advance(sid, None, at, None, recording_url);
        }
        None => return What::Unknown("it says nothing of the call that rapport knows".into()),
        Some("queued" | "initiated" | "ringing") => CallState::Ringing,
        Some("in-progress") => CallState::InProgress,
        Some("completed") => CallState::Completed,
        Some("busy") => CallState::Declined,
        Some("no-answer" | "canceled") => CallState::Missed,
        Some("failed") => CallState::Failed,
        Some(other) => return What::Unknown(format!("rapport does not know the state {other}")),
    };
    if let Some(parent) = fields.word("ParentCallSid") {
        // A leg to one of several agents: that one does not take the call says nothing of it, that one does, does.
        return match state {
            CallState::InProgress => advance(parent, Some(state), at, None, None),
            _ => What::Acts(Vec::new()),
        };
    }
    let talked = fields.word("CallDuration").and_then(|seconds| seconds.parse().ok());
    let duration = talked.filter(|_| state == CallState::Completed);
    let Some(direction) = direction(fields) else {
        return advance(sid, Some(state), at, duration, recording_url);
    };
    let party = if direction == Direction::Inbound { "From" } else { "To" };
    What::Acts(vec![Act::Record(
        Box::new(NewItem {
            channel_label: None,
            files: Vec::new(),
            who: of_call(fields, party).map(Ref::Identity),
            channel: Channel::Voice,
            direction: Some(direction),
            occurred_at: Some(at),
            source: None,
            source_id: Some(sid),
            body: NewBody::Call { state, duration, recording_url },
        }),
        Vec::new(),
    )])
}

fn advance(
    sid: String,
    state: Option<CallState>,
    at: Micros,
    duration: Option<i64>,
    recording_url: Option<String>,
) -> What {
    What::Acts(vec![Act::Advance(Box::new(Advance {
        item: AdvanceRef::SourceId(sid),
        state: state.map(NewState::Call),
        at: Some(at),
        duration,
        recording_url,
        recipients: Vec::new(),
    }))])
}
