//! An item to be recorded, as a caller gives it.

use serde_json::Value as Json;

use crate::domain::file::KeptFile;
use crate::domain::model::customer_ref::Ref;
use crate::entity::kinds::{CallState, Channel, DeliveryState, Direction, EmailState};
use crate::ids::Micros;

#[derive(Clone, Debug)]
pub struct NewItem {
    /// Left out for a call with a withheld number only.
    pub who: Option<Ref>,
    pub channel: Channel,
    /// What the company calls the channel: with `Other`, and with it only.
    pub channel_label: Option<String>,
    pub direction: Option<Direction>,
    pub occurred_at: Option<Micros>,
    pub source: Option<String>,
    pub source_id: Option<String>,
    pub body: NewBody,
    /// The last parts of a message or an email: what [`Rapport::keep_files`](crate::domain::rapport::Rapport::keep_files)
    /// gave for it.
    pub files: Vec<KeptFile>,
}

#[derive(Clone, Debug)]
pub enum NewBody {
    Message {
        text: Option<String>,
        parts: Vec<NewPart>,
        state: Option<DeliveryState>,
    },
    Call {
        state: CallState,
        duration: Option<i64>,
        recording_url: Option<String>,
    },
    Email {
        subject: Option<String>,
        text: Option<String>,
        parts: Vec<NewPart>,
        state: Option<EmailState>,
        /// Its Message-ID without brackets.
        message_id: Option<String>,
        /// Whom it answers: the Message-IDs of its thread without brackets, oldest first, the one it answers last.
        references: Vec<String>,
    },
    Note {
        text: String,
    },
    Record {
        record_type: String,
        record_id: Option<String>,
        record_state: Option<String>,
        text: Option<String>,
        data: Option<Json>,
    },
    PageView {
        url: String,
        title: Option<String>,
        category: Option<String>,
        object_id: Option<String>,
        session_id: Option<String>,
        description: Option<String>,
    },
}

#[derive(Clone, Debug)]
pub enum NewPart {
    Text { text: String },
    Image { url: String, alt: Option<String> },
    File { url: String, name: Option<String>, content_type: Option<String> },
}
