//! One item of the history, as it is read from either table.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::domain::model::correction::Correction;
use crate::domain::text::address_text;
use crate::entity::kinds::{Channel, Direction, HistoryKind};
use crate::ids::{CustomerId, IdentityId, ItemId, Micros};

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
pub enum Body {
    Engagement(Engagement),
    PageView(PageView),
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Engagement {
    pub record_type: Option<String>,
    pub text: Option<String>,
    pub data: Extras,
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

/// What an engagement has of it: most have nothing, and take no room for it.
#[derive(Clone, Debug, Default)]
pub struct Extras(Option<Box<Data>>);

impl Deref for Extras {
    type Target = Data;

    fn deref(&self) -> &Data {
        static NOTHING: LazyLock<Data> = LazyLock::new(Data::default);
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Extras {
    fn deref_mut(&mut self) -> &mut Data {
        self.0.get_or_insert_default()
    }
}

impl From<Data> for Extras {
    fn from(data: Data) -> Extras {
        Extras((data != Data::default()).then(|| Box::new(data)))
    }
}

impl PartialEq for Extras {
    fn eq(&self, other: &Extras) -> bool {
        **self == **other
    }
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
    /// As it is stored: nothing where there is none.
    pub fn to_json(&self) -> Option<String> {
        (*self != Data::default()).then(|| serde_json::to_string(self).expect("item data is JSON"))
    }

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

impl Item {
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
