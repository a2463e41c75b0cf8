//! One item of the history, as it is read from either table.

use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::domain::model::correction::Correction;
use crate::domain::text::address_text;
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::error::{Error, Result};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros};
use crate::store::row::{get, kind, maybe};

pub use crate::domain::model::identity_change::{IdentityAction, IdentityChange};

/// One item of a customer's history.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    pub id: ItemId,
    /// The home of the identity through which it came.
    pub home: CustomerId,
    pub kind: HistoryKind,
    pub occurred_at: Micros,
    pub recorded_at: Micros,
    pub channel: Channel,
    pub direction: Option<Direction>,
    pub identity: Option<IdentityId>,
    pub source: String,
    pub source_id: Option<String>,
    pub body: Body,
}

#[derive(Clone, PartialEq, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "most items are engagements: a box for each of them would cost more than the room of a page view"
)]
pub enum Body {
    Engagement(Engagement),
    PageView(PageView),
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Engagement {
    pub record_type: Option<String>,
    pub text: Option<String>,
    pub data: Data,
    /// The number of a call's, a message's or an email's state.
    pub state: Option<i16>,
    /// When the state was reached.
    pub state_at: Micros,
    pub duration: Option<i64>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct PageView {
    pub url: String,
    pub title: Option<String>,
    pub category: Option<String>,
    pub object_id: Option<String>,
    pub session_id: Option<String>,
    pub description: Option<String>,
    /// What the staff corrected.
    pub correction: Option<Box<Correction>>,
}

/// What only some kinds have, kept as JSON.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Data {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Box<MailIds>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<serde_json::Value>,
    /// A change of identity: what happened, and to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<IdentityChange>,
    /// What the company calls the channel, where it is OTHER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_label: Option<String>,
    /// Where its words are not those with which it came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<Edits>,
    /// What the staff corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Box<Correction>>,
}

/// The names of an email (RFC 5322), without brackets.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MailIds {
    /// Its Message-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The Message-ID with which its conversation began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<String>,
}

impl Data {
    pub fn message_id(&self) -> Option<&str> {
        self.mail.as_ref()?.message_id.as_deref()
    }

    pub fn thread_id(&self) -> Option<&str> {
        self.mail.as_ref()?.thread_id.as_deref()
    }
}

/// How an item came to its words.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edits {
    /// When they were changed last.
    pub at: Micros,
    /// The time of the delivery that brought them.
    pub said_at: Micros,
    /// Digests of the words that it had before, the latest last.
    pub former: Vec<String>,
}

/// A part of a message or an email.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Part {
    Text { text: String },
    Image { url: String, alt: Option<String> },
    File { url: String, name: Option<String>, content_type: Option<String> },
}

/// The columns of an item, from a row or a line.
#[derive(Deserialize)]
pub struct Line {
    kind: i16,
    id: i64,
    home: i64,
    occurred_at: i64,
    recorded_at: i64,
    channel: i16,
    direction: Option<i16>,
    identity: Option<i64>,
    source: String,
    source_id: Option<String>,
    c1: Option<String>,
    c2: Option<String>,
    c3: Option<String>,
    state: Option<i16>,
    state_at: i64,
    duration: Option<i64>,
    c4: Option<String>,
    c5: Option<String>,
    c6: Option<String>,
    c7: Option<String>,
}

impl TryFrom<Line> for Item {
    type Error = Error;

    fn try_from(line: Line) -> Result<Item> {
        let channel = kind(line.channel.into(), Channel::from_number)?;
        let kind = kind(line.kind.into(), HistoryKind::from_number)?;
        let unreadable = |error| Error::Internal(format!("item data: {error}"));
        let body = if kind == HistoryKind::PageView {
            let correction = line.c7.map(|json| serde_json::from_str(&json)).transpose();
            Body::PageView(PageView {
                category: line.c1,
                title: line.c2,
                url: line.c3.unwrap_or_default(),
                object_id: line.c4,
                session_id: line.c5,
                description: line.c6,
                correction: correction.map_err(unreadable)?,
            })
        } else {
            Body::Engagement(Engagement {
                record_type: line.c1,
                text: line.c2,
                data: match line.c3 {
                    Some(json) => serde_json::from_str(&json).map_err(unreadable)?,
                    None => Data::default(),
                },
                state: line.state,
                state_at: Micros(line.state_at),
                duration: line.duration,
            })
        };
        Ok(Item {
            kind,
            id: ItemId(line.id),
            home: CustomerId(line.home),
            occurred_at: Micros(line.occurred_at),
            recorded_at: Micros(line.recorded_at),
            channel,
            direction: line.direction.and_then(Direction::from_number),
            identity: line.identity.map(IdentityId),
            source: line.source,
            source_id: line.source_id,
            body,
        })
    }
}

impl Item {
    /// Reads a whole item whose columns begin at `at`.
    pub fn read(row: &QueryResult, at: usize) -> Result<Item> {
        Item::try_from(Line {
            kind: get(row, at)?,
            id: get(row, at + 1)?,
            home: get(row, at + 2)?,
            occurred_at: get(row, at + 3)?,
            recorded_at: get(row, at + 4)?,
            channel: get(row, at + 5)?,
            direction: maybe(row, at + 6)?,
            identity: maybe(row, at + 7)?,
            source: get(row, at + 8)?,
            source_id: maybe(row, at + 9)?,
            c1: maybe(row, at + 10)?,
            c2: maybe(row, at + 11)?,
            c3: maybe(row, at + 12)?,
            state: maybe(row, at + 13)?,
            state_at: get(row, at + 14)?,
            duration: maybe(row, at + 15)?,
            c4: maybe(row, at + 16)?,
            c5: maybe(row, at + 17)?,
            c6: maybe(row, at + 18)?,
            c7: maybe(row, at + 19)?,
        })
    }

    pub fn engagement(&self) -> Option<&Engagement> {
        match &self.body {
            Body::Engagement(engagement) => Some(engagement),
            Body::PageView(_) => None,
        }
    }

    pub fn is_page_view(&self) -> bool {
        self.kind == HistoryKind::PageView
    }

    pub fn record_type(&self) -> Option<&str> {
        self.engagement().and_then(|engagement| engagement.record_type.as_deref())
    }

    /// The words by which the full-text index finds it.
    pub fn text_for_search(&self) -> String {
        let mut text = String::new();
        let mut add = |part: Option<&str>| {
            if let Some(part) = part {
                text.push_str(part);
                text.push('\n');
            }
        };
        match &self.body {
            Body::Engagement(engagement) => {
                add(engagement.data.subject.as_deref());
                add(engagement.text.as_deref());
                for part in &engagement.data.parts {
                    match part {
                        Part::Text { text } => add(Some(text)),
                        Part::Image { alt, .. } => add(alt.as_deref()),
                        Part::File { name, .. } => add(name.as_deref()),
                    }
                }
                add(engagement.record_type.as_deref());
                add(engagement.data.record_id.as_deref());
                add(engagement.data.record_state.as_deref());
            }
            Body::PageView(page) => {
                add(page.title.as_deref());
                add(page.description.as_deref());
                add(page.category.as_deref());
                add(page.object_id.as_deref());
                add(Some(&address_text(&page.url)));
            }
        }
        text
    }
}
