//! What may follow what: states that arrive late never go back. Pure.

use crate::domain::history::record::edits::{edited, has_no_words};
use crate::domain::model::item::{Body, Edits, Engagement, Item};
use crate::entity::kinds::{CallState, DeliveryState, Direction, EmailState, HistoryKind};
use crate::error::{UserError, UserErrorCode};

/// How far a state is; a later one never gives way to an earlier one.
fn rank(kind: HistoryKind, state: i16) -> u8 {
    match kind {
        HistoryKind::Call => match CallState::from_number(state) {
            None => 0,
            Some(CallState::Ringing) => 1,
            Some(CallState::InProgress) => 2,
            Some(CallState::Missed | CallState::Declined | CallState::Failed) => 3,
            // What one agent missed another may have taken: then it was taken.
            Some(CallState::Completed) => 4,
        },
        HistoryKind::Message => match DeliveryState::from_number(state) {
            None => 0,
            Some(DeliveryState::Queued) => 1,
            Some(DeliveryState::Sent) => 2,
            // Some providers report a failure first and the delivery of a second try after it.
            Some(DeliveryState::Failed) => 3,
            Some(DeliveryState::Delivered) => 4,
            Some(DeliveryState::Read) => 5,
        },
        HistoryKind::Email => match EmailState::from_number(state) {
            None => 0,
            Some(EmailState::Draft) => 1,
            Some(EmailState::Queued) => 2,
            Some(EmailState::Cancelled) => 3,
            Some(EmailState::Sent) => 4,
            Some(EmailState::Delivered) => 5,
            Some(EmailState::Bounced) => 6,
            Some(EmailState::Opened) => 7,
            Some(EmailState::Spam) => 8,
        },
        _ => 0,
    }
}

/// Whether a call in this state is over.
pub(super) fn is_over(state: i16) -> bool {
    rank(HistoryKind::Call, state) >= 3
}

/// An item has one kind for ever, and a record one type.
pub(super) fn same_kind(before: &Item, new: &Item) -> Result<(), UserError> {
    if before.kind == new.kind && before.record_type() == new.record_type() {
        return Ok(());
    }
    let message = "this source and sourceId were recorded with another kind of item";
    Err(UserError::new(UserErrorCode::Conflict, message).at(["sourceId"]))
}

/// What the item says after the same (source, sourceId) came again; nothing where that changes nothing.
pub(super) fn again(before: &Item, new: &Item) -> Result<Option<Engagement>, UserError> {
    same_kind(before, new)?;
    let (Some(old), Some(said)) = (before.engagement(), new.engagement()) else { return Ok(None) };
    // What the staff corrected stands against what the source says.
    let new = &new.with(old.not_corrected(said));
    let Some(said) = new.engagement() else { return Ok(None) };
    Ok(match before.kind {
        HistoryKind::Call => advance(before.kind, old, said),
        HistoryKind::Message | HistoryKind::Email | HistoryKind::Note => {
            let advanced = advance(before.kind, old, said);
            let now = advanced.as_ref().unwrap_or(old);
            // What somebody wrote stays: whoever knows a Message-ID could write another mail over it.
            let is_mail = old.data.message_id().is_some() && !has_no_words(old);
            if is_mail && before.direction == Some(Direction::Inbound) {
                return Ok(advanced);
            }
            edited(before, now, new, advanced.is_some()).or(advanced)
        }
        HistoryKind::Record => later_record(old, said),
        HistoryKind::PageView | HistoryKind::Identity => None,
    })
}

/// What a later state makes of an item; nothing where it is not further.
pub(super) fn advance(kind: HistoryKind, old: &Engagement, new: &Engagement) -> Option<Engagement> {
    let (was, is) = (
        old.state.map_or(0, |state| rank(kind, state)),
        new.state.map_or(0, |state| rank(kind, state)),
    );
    let mut after = old.clone();
    if is > was {
        after.state = new.state;
        after.state_at = new.state_at;
    }
    // What comes with the end, or after it, is kept as well: a duration, a recording.
    if is >= was {
        // Nobody talked in a call that was not taken.
        let talked = old.duration.filter(|_| is == was || !old.state.is_some_and(is_over));
        after.duration = new.duration.or(talked);
        if new.data.recording_url.is_some() {
            after.data.recording_url.clone_from(&new.data.recording_url);
        }
    }
    (after != *old).then_some(after)
}

fn later_record(old: &Engagement, new: &Engagement) -> Option<Engagement> {
    if new.state_at < old.state_at {
        return None;
    }
    let mut after = old.clone();
    after.state_at = new.state_at;
    if new.text.is_some() {
        after.text.clone_from(&new.text);
        if old.text.is_some() && old.text != new.text {
            let at = new.state_at;
            after.data.edits = Some(Edits { at, said_at: at, former: Vec::new() });
        }
    }
    if new.data.record_state.is_some() {
        after.data.record_state.clone_from(&new.data.record_state);
    }
    if new.data.record_id.is_some() {
        after.data.record_id.clone_from(&new.data.record_id);
    }
    if new.data.record.is_some() {
        after.data.record.clone_from(&new.data.record);
    }
    (Engagement { state_at: old.state_at, ..after.clone() } != *old).then_some(after)
}

/// A call's next state, asked for by name: going back is an error, the same state again is not.
pub(super) fn next_call(
    old: &Engagement,
    new: &Engagement,
) -> Result<Option<Engagement>, UserError> {
    let (was, is) = (old.state.unwrap_or(0), new.state.unwrap_or(0));
    let (far, further) = (rank(HistoryKind::Call, was), rank(HistoryKind::Call, is));
    if further < far || (further == far && is != was) {
        let name = |state: i16| CallState::from_number(state).map_or("?", call_state_name);
        let message = format!("a call that is {} cannot become {}", name(was), name(is));
        return Err(UserError::new(UserErrorCode::IllegalTransition, message).at(["state"]));
    }
    Ok(advance(HistoryKind::Call, old, new))
}

fn call_state_name(state: CallState) -> &'static str {
    match state {
        CallState::Ringing => "RINGING",
        CallState::InProgress => "IN_PROGRESS",
        CallState::Completed => "COMPLETED",
        CallState::Missed => "MISSED",
        CallState::Declined => "DECLINED",
        CallState::Failed => "FAILED",
    }
}

impl Item {
    pub(super) fn with(&self, engagement: Engagement) -> Item {
        Item { body: Body::Engagement(engagement), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::history::record::states::{advance, later_record, next_call};
    use crate::domain::model::item::Engagement;
    use crate::entity::kinds::{CallState, DeliveryState, EmailState, HistoryKind};
    use crate::ids::Micros;

    fn at(state: i16) -> Engagement {
        Engagement { state: Some(state), ..Engagement::default() }
    }

    #[test]
    fn a_state_that_arrives_late_never_goes_back() {
        for (kind, old, new, moves) in [
            (HistoryKind::Call, CallState::Ringing as i16, CallState::InProgress as i16, true),
            (HistoryKind::Call, CallState::Completed as i16, CallState::Ringing as i16, false),
            (HistoryKind::Call, CallState::Completed as i16, CallState::Missed as i16, false),
            (HistoryKind::Call, CallState::Missed as i16, CallState::Completed as i16, true),
            (HistoryKind::Call, CallState::Missed as i16, CallState::InProgress as i16, false),
            (
                HistoryKind::Message,
                DeliveryState::Read as i16,
                DeliveryState::Delivered as i16,
                false,
            ),
            (
                HistoryKind::Message,
                DeliveryState::Failed as i16,
                DeliveryState::Delivered as i16,
                true,
            ),
            (HistoryKind::Email, EmailState::Opened as i16, EmailState::Sent as i16, false),
            (HistoryKind::Email, EmailState::Draft as i16, EmailState::Sent as i16, true),
        ] {
            assert_eq!(
                advance(kind, &at(old), &at(new)).is_some(),
                moves,
                "{kind:?} {old} → {new}"
            );
        }
    }

    #[test]
    fn a_duration_that_comes_after_the_end_is_kept() {
        let late = Engagement { duration: Some(30), ..at(CallState::Completed as i16) };
        let after =
            advance(HistoryKind::Call, &at(CallState::Completed as i16), &late).expect("changes");
        assert_eq!(after.duration, Some(30));
        let early = Engagement { duration: Some(0), ..at(CallState::Ringing as i16) };
        assert_eq!(advance(HistoryKind::Call, &after, &early), None);
    }

    #[test]
    fn a_call_that_was_taken_after_all_has_the_duration_of_the_talk() {
        let missed = Engagement { duration: Some(25), ..at(CallState::Missed as i16) };
        let taken =
            advance(HistoryKind::Call, &missed, &at(CallState::Completed as i16)).expect("taken");
        assert_eq!((taken.state, taken.duration), (Some(CallState::Completed as i16), None));
        let talked = Engagement { duration: Some(180), ..at(CallState::Completed as i16) };
        let taken = advance(HistoryKind::Call, &missed, &talked).expect("taken");
        assert_eq!(taken.duration, Some(180));
        assert_eq!(advance(HistoryKind::Call, &taken, &missed), None);
    }

    #[test]
    fn updating_a_call_backwards_is_an_error() {
        let (over, rings) = (at(CallState::Completed as i16), at(CallState::Ringing as i16));
        assert!(next_call(&over, &rings).is_err());
        assert!(next_call(&over, &at(CallState::Missed as i16)).is_err());
        let [missed, declined] =
            [CallState::Missed, CallState::Declined].map(|state| at(state as i16));
        assert!(next_call(&missed, &declined).is_err());
        assert!(next_call(&missed, &over).expect("somebody else took it").is_some());
        assert_eq!(next_call(&over, &over).expect("the same again is fine"), None);
        assert!(next_call(&rings, &over).expect("forward").is_some());
    }

    #[test]
    fn records_follow_the_time_at_which_they_were_true() {
        let state = |text: &str, at: i64| {
            let mut record = Engagement { state_at: Micros(at), ..Engagement::default() };
            record.data.record_state = Some(text.into());
            record
        };
        assert!(later_record(&state("open", 10), &state("closed", 20)).is_some());
        assert_eq!(later_record(&state("closed", 20), &state("open", 10)), None);
        assert_eq!(later_record(&state("open", 10), &state("open", 20)), None);
    }
}
