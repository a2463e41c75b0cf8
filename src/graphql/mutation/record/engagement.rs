//! `recordEngagements`: messages, calls, emails, notes and records of other services.

use async_graphql::{InputObject, Json, OneofObject};
use rapport_macros::object;

use crate::domain::history::record::{NewBody, NewItem, NewPart};
use crate::graphql::context::Access;
use crate::graphql::enums::{CallState, Channel, DeliveryState, Direction, EmailState};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{OrUserError, Result};
use crate::graphql::model::customer_ref::CustomerRef;
use crate::graphql::mutation::record::payload::{RecordPayload, record};
use crate::graphql::sent_time::SentTime;
use crate::ids::TenantId;

/// One touch. (source, sourceId) is unique in a tenant: recording the same event twice is a no-op that says so, and the
/// same id for another customer is a CONFLICT.
#[derive(InputObject)]
pub struct EngagementInput {
    /// Whom it is about; an unknown address makes a customer. Left out (or `Anonymous`) for a withheld call only.
    pub customer: Option<CustomerRef>,
    /// The way it came.
    pub channel: Channel,
    /// What the company calls the channel OTHER, 1 to 40 characters: needed with it, and for no other.
    pub channel_label: Option<String>,
    /// From whom to whom.
    pub direction: Option<Direction>,
    /// When it happened; now, where it is left out. At most a day ahead.
    pub occurred_at: Option<SentTime>,
    /// The system that recorded it; `api` where it is left out.
    pub source: Option<String>,
    /// The source's own id.
    pub source_id: Option<String>,
    /// What happened.
    pub body: EngagementBody,
}

/// What happened: exactly one of these.
#[derive(OneofObject)]
pub enum EngagementBody {
    /// An SMS, a WhatsApp or a social message.
    Message(MessageInput),
    /// A telephone call.
    Call(CallInput),
    /// An email.
    Email(EmailInput),
    /// A note of the staff.
    Note(NoteInput),
    /// A ticket, lead, visit or order of another service.
    Record(RecordInput),
}

/// A message: a text, parts, or both. An outbound one whose state is told before its words may have neither yet: they are
/// filled in when the same (source, sourceId) comes with them.
#[derive(InputObject)]
pub struct MessageInput {
    /// Plain text, at most 20,000 characters.
    pub text: Option<String>,
    /// Texts, images and files, at most 20.
    pub parts: Option<Vec<PartInput>>,
    /// How far it has come.
    pub delivery_state: Option<DeliveryState>,
}

/// A part: exactly one of these.
#[derive(OneofObject)]
pub enum PartInput {
    /// A text.
    Text(TextPartInput),
    /// A picture.
    Image(ImagePartInput),
    /// A file.
    File(FilePartInput),
}

/// A text.
#[derive(InputObject)]
pub struct TextPartInput {
    /// The text.
    pub text: String,
}

/// A picture.
#[derive(InputObject)]
pub struct ImagePartInput {
    /// Where it is; https only.
    pub url: String,
    /// What it shows.
    pub alt: Option<String>,
}

/// A file.
#[derive(InputObject)]
pub struct FilePartInput {
    /// Where it is; https only.
    pub url: String,
    /// The file's name.
    pub name: Option<String>,
    /// Its media type.
    pub content_type: Option<String>,
}

/// A call.
#[derive(InputObject)]
pub struct CallInput {
    /// How far it has come.
    pub state: CallState,
    /// How long the talk took, at most a week.
    pub duration_seconds: Option<i32>,
    /// Where the recording is; https only.
    pub recording_url: Option<String>,
}

/// An email: a subject, a text or parts. One with a messageId may be blank, and so may an outbound one whose state is told
/// before its words.
#[derive(InputObject)]
pub struct EmailInput {
    /// The subject line.
    pub subject: Option<String>,
    /// Plain text, at most 20,000 characters.
    pub text: Option<String>,
    /// Texts, images and attachments, at most 20.
    pub parts: Option<Vec<PartInput>>,
    /// How far it has come.
    pub state: Option<EmailState>,
    /// Its Message-ID (RFC 5322), with or without brackets: by it an answer finds its thread.
    pub message_id: Option<String>,
    /// The Message-IDs of the messages to which it answers (References, then In-Reply-To), the nearest last, at most 100.
    pub references: Option<Vec<String>>,
}

/// A note.
#[derive(InputObject)]
pub struct NoteInput {
    /// The note, at most 20,000 characters.
    pub text: String,
}

/// A record of another service.
#[derive(InputObject)]
pub struct RecordInput {
    /// What the company calls it, such as ticket, lead, visit, order: 1 to 40 characters, kept and compared without case.
    pub record_type: String,
    /// The other service's number for it.
    pub record_id: Option<String>,
    /// Its state there.
    pub record_state: Option<String>,
    /// What it says in words.
    pub text: Option<String>,
    /// What else there is, at most 32 KiB of JSON.
    pub data: Option<Json<serde_json::Value>>,
}

fn part(input: PartInput) -> NewPart {
    match input {
        PartInput::Text(part) => NewPart::Text { text: part.text },
        PartInput::Image(part) => NewPart::Image { url: part.url, alt: part.alt },
        PartInput::File(part) => {
            NewPart::File { url: part.url, name: part.name, content_type: part.content_type }
        }
    }
}

fn parts(input: Option<Vec<PartInput>>) -> Vec<NewPart> {
    input.into_iter().flatten().map(part).collect()
}

impl EngagementInput {
    pub fn read(self, tenant: TenantId) -> OrUserError<NewItem> {
        let body = match self.body {
            EngagementBody::Message(message) => NewBody::Message {
                text: message.text,
                parts: parts(message.parts),
                state: message.delivery_state.map(Into::into),
            },
            EngagementBody::Call(call) => NewBody::Call {
                state: call.state.into(),
                duration: call.duration_seconds.map(Into::into),
                recording_url: call.recording_url,
            },
            EngagementBody::Email(email) => NewBody::Email {
                subject: email.subject,
                text: email.text,
                parts: parts(email.parts),
                state: email.state.map(Into::into),
                message_id: email.message_id,
                references: email.references.unwrap_or_default(),
            },
            EngagementBody::Note(note) => NewBody::Note { text: note.text },
            EngagementBody::Record(record) => NewBody::Record {
                record_type: record.record_type,
                record_id: record.record_id,
                record_state: record.record_state,
                text: record.text,
                data: record.data.map(|Json(data)| data),
            },
        };
        Ok(NewItem {
            channel_label: self.channel_label,
            who: self.customer.map(|customer| customer.read_or_unknown(tenant)),
            channel: self.channel.into(),
            direction: self.direction.map(Into::into),
            occurred_at: SentTime::occurred_at(self.occurred_at)?,
            source: self.source,
            source_id: self.source_id,
            body,
            files: Vec::new(),
        })
    }
}

/// Records engagements.
#[derive(Clone, Default)]
pub struct EngagementMutation;

/// Records engagements.
#[object(root)]
impl EngagementMutation {
    /// Records calls, messages, emails, notes and records of other services, at most 1,000 at once. (source, sourceId)
    /// twice is one item: a later state of it moves the item on, an earlier one changes nothing. Other words are an edit
    /// where they come later, by `occurredAt` or, without one, by when they arrive: the item shows them and `editedAt`.
    /// A call with a withheld number is whose a later delivery says. A detail that cannot be kept as it came (a text that
    /// is too long, a link that is none) is repaired, cut or left out, and named in `warnings`.
    async fn record_engagements(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What happened.")] inputs: Vec<EngagementInput>,
    ) -> Result<RecordPayload> {
        let context = ctx.writing(Access::Ingest)?;
        let items = inputs.into_iter().map(|input| input.read(context.tenant()));
        record(&context, items).await
    }
}
