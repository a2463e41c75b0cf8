//! What a provider says later of an item that it delivered before: a state without the item's content.

use crate::entity::kinds::{CallState, DeliveryState, EmailState};
use crate::ids::Micros;

/// Which item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AdvanceRef {
    /// By its id at the source that tells it.
    SourceId(String),
    /// An email by its Message-ID without brackets, through whatever door it came.
    MessageId(String),
}

/// How far it has come; the item must be of that kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NewState {
    Call(CallState),
    Message(DeliveryState),
    Email(EmailState),
}

/// Moves an item on by rank; a state that comes late changes nothing. An item that is not there is not made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Advance {
    pub item: AdvanceRef,
    pub state: Option<NewState>,
    /// When the state was reached; now, where nobody says.
    pub at: Option<Micros>,
    /// Of a call, in seconds.
    pub duration: Option<i64>,
    /// Of a call.
    pub recording_url: Option<String>,
    /// Of an email: the addresses of whom it speaks; none where it does not say. The mails of other people stay as they
    /// are.
    pub recipients: Vec<String>,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Advanced {
    /// The item is there, and has moved unless it was further already.
    Taken,
    /// There is no such item.
    Missing,
    /// There are mails, and none of them is to the recipient of whom it speaks.
    OtherRecipient,
}
