//! What clients send.

use async_graphql::{ID, InputObject, Json, OneofObject};
use chrono::{DateTime, Utc};

use crate::domain::customers::CustomerFilter;
use crate::domain::history::HistoryFilter;
use crate::domain::identify::{Given, IdentifyRequest};
use crate::domain::record::{CallRef, CallUpdate, NewBody, NewItem, NewPart, Ref};
use crate::error::Code;
use crate::graphql::enums::{
    CallState, Channel, CustomerStatus, DeliveryState, Direction, EmailState, HistoryKind,
    IdentityKind, LifecycleStage,
};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::opaque::{IdKind, named};
use crate::graphql::scalars::{Number, micros};
use crate::ids::{ContactNumber, CustomerId, ItemId, TenantId};

/// Values in one list of a filter.
const LIST: usize = 50;

/// Names a customer, in one of three ways. Merges are followed.
#[derive(OneofObject)]
pub enum CustomerRef {
    /// The customer's id, or that of one merged into it.
    Id(ID),
    /// An address of the person.
    Identity(IdentityRef),
    /// The number by which `POST /identify` knows one of the person's contacts.
    ContactId(Number),
}

/// Names an address.
#[derive(InputObject)]
pub struct IdentityRef {
    /// What it is an address of.
    pub kind: IdentityKind,
    /// In any spelling.
    pub value: String,
    /// Tells EXTERNAL ids of different systems apart.
    pub namespace: Option<String>,
}

impl IdentityRef {
    pub fn given(self) -> Given {
        Given {
            kind: self.kind.into(),
            value: self.value,
            namespace: self.namespace,
            verified: false,
            path: vec!["identity".into(), "value".into()],
        }
    }
}

impl CustomerRef {
    pub fn read(self, tenant: TenantId) -> Result<Ref> {
        Ok(match self {
            CustomerRef::Id(id) => Ref::Customer(CustomerId(named(&id, IdKind::Customer, tenant)?)),
            CustomerRef::Identity(identity) => Ref::Identity(identity.given()),
            CustomerRef::ContactId(number) => Ref::Contact(ContactNumber(number.0)),
        })
    }
}

/// Which items of a history; every condition must hold.
#[derive(Clone, Default, InputObject)]
#[graphql(name = "HistoryFilter")]
pub struct HistoryFilterInput {
    /// Of these kinds.
    pub kinds: Option<Vec<HistoryKind>>,
    /// Records of these types.
    pub record_types: Option<Vec<String>>,
    /// That came these ways.
    pub channels: Option<Vec<Channel>>,
    /// In this direction.
    pub direction: Option<Direction>,
    /// That happened then or later.
    pub since: Option<DateTime<Utc>>,
    /// That happened before then.
    pub until: Option<DateTime<Utc>>,
    /// With all of these words; the last one may be cut off.
    pub text: Option<String>,
}

impl HistoryFilterInput {
    pub fn read(input: Option<HistoryFilterInput>) -> Result<HistoryFilter> {
        let input = input.unwrap_or_default();
        let too_long = [
            input.kinds.as_ref().map(Vec::len),
            input.record_types.as_ref().map(Vec::len),
            input.channels.as_ref().map(Vec::len),
        ];
        if too_long.into_iter().flatten().any(|length| length > LIST)
            || input.text.as_ref().is_some_and(|text| text.len() > 1_000)
        {
            return Err(Fault::new(
                Code::InvalidArgument,
                format!("a filter has at most {LIST} values of a kind and 1,000 bytes of text"),
            ));
        }
        Ok(HistoryFilter {
            kinds: input.kinds.into_iter().flatten().map(Into::into).collect(),
            record_types: input
                .record_types
                .into_iter()
                .flatten()
                .map(|name| name.trim().to_lowercase())
                .collect(),
            channels: input.channels.into_iter().flatten().map(Into::into).collect(),
            direction: input.direction.map(Into::into),
            since: input.since.map(micros),
            until: input.until.map(micros),
            text: input
                .text
                .map(|text| text.replace('\0', " "))
                .filter(|text| !text.trim().is_empty()),
            category: None,
        })
    }
}

/// Which customers a list shows; every condition must hold.
#[derive(Default, InputObject)]
#[graphql(name = "CustomerFilter")]
pub struct CustomerFilterInput {
    /// With one of these states.
    pub status: Option<Vec<CustomerStatus>>,
    /// On one of these stages.
    pub stages: Option<Vec<LifecycleStage>>,
    /// With all of these tags.
    pub tags: Option<Vec<String>>,
    /// Seen then or later.
    pub seen_since: Option<DateTime<Utc>>,
    /// With an address of one of these kinds.
    pub identity_kinds: Option<Vec<IdentityKind>>,
}

impl CustomerFilterInput {
    pub fn read(input: Option<CustomerFilterInput>) -> Result<CustomerFilter> {
        let input = input.unwrap_or_default();
        if input.tags.as_ref().is_some_and(|tags| {
            tags.len() > LIST || tags.iter().any(|tag| tag.len() > 200 || tag.contains('\0'))
        }) {
            return Err(Fault::new(
                Code::InvalidArgument,
                format!("a filter has at most {LIST} tags of 200 bytes"),
            ));
        }
        Ok(CustomerFilter {
            status: input.status.into_iter().flatten().map(Into::into).collect(),
            stages: input.stages.into_iter().flatten().map(Into::into).collect(),
            tags: input.tags.unwrap_or_default(),
            seen_since: input.seen_since.map(micros),
            identity_kinds: input.identity_kinds.into_iter().flatten().map(Into::into).collect(),
        })
    }
}

/// At least one of email, phoneNumber and identities.
#[derive(InputObject)]
pub struct IdentifyInput {
    /// An email.
    pub email: Option<String>,
    /// A phone number in any spelling.
    pub phone_number: Option<String>,
    /// Further addresses, at most 50.
    pub identities: Option<Vec<IdentityInput>>,
    /// The person's name; a newer one replaces an older one.
    pub name: Option<String>,
    /// What else is known: a JSON object; a trait of null is taken away.
    pub traits: Option<Json<serde_json::Value>>,
    /// The system that says so.
    pub source: Option<String>,
    /// When it was said; now, where it is left out.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Tell what would happen, and do nothing.
    #[graphql(default = false)]
    pub dry_run: bool,
}

/// An address of the person.
#[derive(InputObject)]
pub struct IdentityInput {
    /// What it is an address of.
    pub kind: IdentityKind,
    /// In any spelling.
    pub value: String,
    /// The system that an EXTERNAL id is of.
    pub namespace: Option<String>,
    /// The channel proved it.
    #[graphql(default = false)]
    pub verified: bool,
}

impl IdentifyInput {
    pub fn read(self) -> std::result::Result<IdentifyRequest, crate::error::UserError> {
        use crate::entity::kinds::IdentityKind as Kind;
        let mut given = Vec::new();
        for (kind, value, name) in
            [(Kind::Email, self.email, "email"), (Kind::Phone, self.phone_number, "phoneNumber")]
        {
            if let Some(value) = value {
                given.push(Given {
                    kind,
                    value,
                    namespace: None,
                    verified: false,
                    path: vec![name.into()],
                });
            }
        }
        for (n, identity) in self.identities.into_iter().flatten().enumerate() {
            let path = vec!["identities".into(), n.to_string(), "value".into()];
            given.push(Given {
                kind: identity.kind.into(),
                value: identity.value,
                namespace: identity.namespace,
                verified: identity.verified,
                path,
            });
        }
        let traits = match self.traits {
            None | Some(Json(serde_json::Value::Null)) => None,
            Some(Json(serde_json::Value::Object(traits))) => Some(traits),
            Some(_) => {
                return Err(
                    crate::error::UserError::invalid("traits are a JSON object").at(["traits"])
                );
            }
        };
        Ok(IdentifyRequest {
            given,
            name: self.name,
            traits,
            source: self.source,
            occurred_at: self.occurred_at.map(micros),
            dry_run: self.dry_run,
        })
    }
}

/// One touch. (source, sourceId) is unique in a tenant: recording the same event twice is a no-op that says so.
#[derive(InputObject)]
pub struct EngagementInput {
    /// Whom it is about; an unknown address makes a customer. Left out for a call with a withheld number only.
    pub customer: Option<CustomerRef>,
    /// The way it came.
    pub channel: Channel,
    /// From whom to whom.
    pub direction: Option<Direction>,
    /// When it happened; now, where it is left out. At most a day ahead.
    pub occurred_at: Option<DateTime<Utc>>,
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

/// A message: a text, parts, or both.
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

/// An email: a subject, a text or parts.
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
    /// What it is: 1 to 40 of a-z, 0-9, _ and -, such as ticket, lead, visit, order.
    pub record_type: String,
    /// The other service's number for it.
    pub record_id: Option<String>,
    /// Its state there.
    pub record_state: Option<String>,
    /// What it says in words.
    pub text: Option<String>,
    /// What else there is, at most 16 KiB of JSON.
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

/// A reference inside a list of inputs: a malformed id is an unknown one, reported in its place.
fn listed(customer: Option<CustomerRef>, tenant: TenantId) -> Option<Ref> {
    customer.map(|customer| customer.read(tenant).unwrap_or(Ref::Unknown))
}

impl EngagementInput {
    pub fn read(self, tenant: TenantId) -> NewItem {
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
        NewItem {
            who: listed(self.customer, tenant),
            channel: self.channel.into(),
            direction: self.direction.map(Into::into),
            occurred_at: self.occurred_at.map(micros),
            source: self.source,
            source_id: self.source_id,
            body,
        }
    }
}

/// A page that somebody looked at.
#[derive(InputObject)]
pub struct PageViewInput {
    /// Who looked; an unknown address makes a customer.
    pub customer: Option<CustomerRef>,
    /// The page's http(s) address, or its path.
    pub url: String,
    /// The page's title.
    pub title: Option<String>,
    /// What kind of page; derived from the path by the tenant's rules where it is left out.
    pub category: Option<String>,
    /// What the page is about; derived from the path by the tenant's rules where it is left out.
    pub object_id: Option<String>,
    /// The visit it belongs to.
    pub session_id: Option<String>,
    /// What was seen there, in words.
    pub description: Option<String>,
    /// WEB, or APP.
    pub channel: Option<Channel>,
    /// When it happened; now, where it is left out. At most a day ahead.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The system that recorded it; `api` where it is left out.
    pub source: Option<String>,
    /// The source's own id.
    pub source_id: Option<String>,
}

impl PageViewInput {
    pub fn read(self, tenant: TenantId) -> NewItem {
        NewItem {
            who: listed(self.customer, tenant),
            channel: self.channel.map_or(crate::entity::kinds::Channel::Web, Into::into),
            direction: None,
            occurred_at: self.occurred_at.map(micros),
            source: self.source,
            source_id: self.source_id,
            body: NewBody::PageView {
                url: self.url,
                title: self.title,
                category: self.category,
                object_id: self.object_id,
                session_id: self.session_id,
                description: self.description,
            },
        }
    }
}

/// A call's next state.
#[derive(InputObject)]
pub struct UpdateCallInput {
    /// Which call.
    pub call: CallRefInput,
    /// How far it has come now.
    pub state: CallState,
    /// How long the talk took, at most a week.
    pub duration_seconds: Option<i32>,
    /// Where the recording is; https only.
    pub recording_url: Option<String>,
    /// When it came that far; now, where it is left out.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Names a call, in one of two ways.
#[derive(OneofObject)]
#[graphql(name = "CallRef")]
pub enum CallRefInput {
    /// The call's id.
    Id(ID),
    /// The source and its own id.
    Source(SourceRef),
}

/// A source and its own id of something.
#[derive(InputObject)]
pub struct SourceRef {
    /// The system that recorded it.
    pub source: String,
    /// Its own id.
    pub source_id: String,
}

impl UpdateCallInput {
    pub fn read(self, tenant: TenantId) -> Result<CallUpdate> {
        let call = match self.call {
            CallRefInput::Id(id) => CallRef::Id(ItemId(named(&id, IdKind::Item, tenant)?)),
            CallRefInput::Source(source) => {
                CallRef::Source { source: source.source, source_id: source.source_id }
            }
        };
        Ok(CallUpdate {
            call,
            state: self.state.into(),
            duration: self.duration_seconds.map(Into::into),
            recording_url: self.recording_url,
            occurred_at: self.occurred_at.map(micros),
        })
    }
}
