//! The items of the history: one interface, one type for each kind.

#![expect(
    clippy::duplicated_attributes,
    reason = "the interface's fields share types and descriptions with one another"
)]

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::SelectionSet;
use async_graphql::{ContextSelectionSet, Enum, ID, Interface, Json, Object, ServerResult, Value};
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt};

use crate::domain::item::{self, Body, Engagement, Item};
use crate::domain::record::NOBODY;
use crate::entity::kinds;
use crate::graphql::at_hand::{Asked, AtHand, Document, Many, One, at_hand};
use crate::graphql::connection::Slice;
use crate::graphql::enums::{
    CallState, Channel, DeliveryState, Direction, EmailState, HistoryKind,
};
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::beside::{self, Beside};
use crate::graphql::model::comment::{CommentConnection, comment_page};
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::merge::Merge;
use crate::graphql::model::parts::{Part, parts_of, text_of};
use crate::graphql::model::summary::summary;
use crate::graphql::opaque::{Cursors, IdKind, id};
use crate::graphql::scalars::{Url, time};
use crate::graphql::text::{Leaf, Text, variant};
use crate::ids::CommentId;

/// One item of a customer's history. Kinds that a client does not know yet can be shown by their `summary`.
#[derive(Clone, Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Opaque, typed, bound to the tenant."),
    field(name = "kind", ty = "HistoryKind", desc = "The kind of item."),
    field(
        name = "occurred_at",
        ty = "DateTime<Utc>",
        desc = "When it happened at the source: the sort key, ties broken by id."
    ),
    field(name = "recorded_at", ty = "DateTime<Utc>", desc = "When it was recorded."),
    field(
        name = "customer",
        ty = "Option<Customer>",
        desc = "The person; null for a call with a withheld number only."
    ),
    field(
        name = "identity",
        ty = "Option<Identity>",
        desc = "The address it came through; it survives merge and split."
    ),
    field(name = "channel", ty = "Channel", desc = "The way it came."),
    field(name = "direction", ty = "Option<Direction>", desc = "From whom to whom."),
    field(name = "source", ty = "&str", desc = "The system that recorded it."),
    field(
        name = "source_id",
        ty = "Option<&str>",
        desc = "The source's own id; unique within the source."
    ),
    field(name = "summary", ty = "Cow<'_, str>", desc = "One plain line."),
    field(
        name = "comments",
        ty = "One<CommentConnection>",
        desc = "What the staff said about it, oldest first.",
        arg(name = "first", ty = "i32", default = 20, desc = "How many, at most 200."),
        arg(name = "after", ty = "Option<String>", desc = "Cursor to go on from.")
    )
)]
pub enum HistoryItem {
    Message(Message),
    Call(Call),
    Email(Email),
    PageView(PageView),
    Note(Note),
    RecordEvent(RecordEvent),
    IdentityEvent(IdentityEvent),
}

impl HistoryItem {
    pub fn new(env: &Env, item: Arc<Item>) -> Self {
        let env = env.clone();
        match item.kind {
            kinds::HistoryKind::Message => HistoryItem::Message(Message::new(env, item)),
            kinds::HistoryKind::Call => HistoryItem::Call(Call::new(env, item)),
            kinds::HistoryKind::Email => HistoryItem::Email(Email::new(env, item)),
            kinds::HistoryKind::PageView => HistoryItem::PageView(PageView::new(env, item)),
            kinds::HistoryKind::Note => HistoryItem::Note(Note::new(env, item)),
            kinds::HistoryKind::Record => HistoryItem::RecordEvent(RecordEvent::new(env, item)),
            kinds::HistoryKind::Identity => {
                HistoryItem::IdentityEvent(IdentityEvent::new(env, item))
            }
        }
    }
}

/// An interface is what it stands for.
macro_rules! each {
    ($item:expr, $one:ident => $answer:expr) => {
        match $item {
            HistoryItem::Message($one) => $answer,
            HistoryItem::Call($one) => $answer,
            HistoryItem::Email($one) => $answer,
            HistoryItem::PageView($one) => $answer,
            HistoryItem::Note($one) => $answer,
            HistoryItem::RecordEvent($one) => $answer,
            HistoryItem::IdentityEvent($one) => $answer,
        }
    };
}

impl AtHand for HistoryItem {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        each!(self, one => one.at_hand(asked, text))
    }

    fn write<'a>(
        &self,
        document: Document<'a>,
        set: &'a SelectionSet,
        text: &mut Text,
    ) -> Option<()> {
        each!(self, one => one.write(document, set, text))
    }

    fn fetch<'a>(
        items: Vec<&'a Self>,
        document: Document<'a>,
        set: &'a SelectionSet,
    ) -> BoxFuture<'a, bool> {
        let items = items
            .into_iter()
            .map(|item| each!(item, one => (&one.env, &*one.item, &one.beside)))
            .collect();
        beside::fetch(items, document, set).boxed()
    }

    async fn answer(&self, ctx: &ContextSelectionSet<'_>) -> ServerResult<Value> {
        each!(self, one => one.answer(ctx).await)
    }
}

/// An item type: the fields of the interface, then its own.
macro_rules! item_type {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* } at hand { $($now:tt)* }) => {
        impl AtHand for $name {
            fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
                at_hand!(self, asked, text, {
                    "id" => id, "kind" => kind, "occurredAt" => occurred_at, "recordedAt" => recorded_at, "channel" => channel,
                    "direction" => direction, "source" => source, "sourceId" => source_id, "summary" => summary, $($now)*
                } or match asked.name() {
                    "identity" => self.beside.identity(asked, text),
                    "comments" => self.beside.comments(asked, text),
                    "parts" if self.env.may_read().is_ok() => asked.list(&parts_of(engagement(&self.item)), text),
                    _ => None,
                })
            }

            fn fetch<'a>(items: Vec<&'a Self>, document: Document<'a>, set: &'a SelectionSet) -> BoxFuture<'a, bool> {
                let items = items.into_iter().map(|one| (&one.env, &*one.item, &one.beside)).collect();
                beside::fetch(items, document, set).boxed()
            }
        }

        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            env: Env,
            item: Arc<Item>,
            beside: Beside,
        }

        impl $name {
            pub fn new(env: Env, item: Arc<Item>) -> Self {
                $name { env, item, beside: Beside::default() }
            }
        }

        $(#[$doc])*
        #[Object]
        impl $name {
            /// Opaque, typed, bound to the tenant.
            pub async fn id(&self) -> ID {
                id(IdKind::Item, self.env.tenant(), self.item.id.0)
            }

            /// The kind of item.
            pub async fn kind(&self) -> HistoryKind {
                self.item.kind.into()
            }

            /// When it happened at the source: the sort key, ties broken by id.
            pub async fn occurred_at(&self) -> DateTime<Utc> {
                time(self.item.occurred_at)
            }

            /// When it was recorded.
            pub async fn recorded_at(&self) -> DateTime<Utc> {
                time(self.item.recorded_at)
            }

            /// The person; null for a call with a withheld number only.
            pub async fn customer(&self) -> Result<Option<Customer>> {
                if self.item.home == NOBODY {
                    return Ok(None);
                }
                Customer::load(&self.env, self.item.home).await.map(Some)
            }

            /// The address it came through; it survives merge and split.
            pub async fn identity(&self) -> Result<Option<Identity>> {
                identity(&self.env, &self.item).await
            }

            /// The way it came.
            pub async fn channel(&self) -> Channel {
                self.item.channel.into()
            }

            /// From whom to whom.
            pub async fn direction(&self) -> Option<Direction> {
                self.item.direction.map(Into::into)
            }

            /// The system that recorded it.
            pub async fn source(&self) -> &str {
                &self.item.source
            }

            /// The source's own id; unique within the source.
            pub async fn source_id(&self) -> Option<&str> {
                self.item.source_id.as_deref()
            }

            /// One plain line.
            pub async fn summary(&self) -> Result<Cow<'_, str>> {
                self.env.may_read()?;
                Ok(summary(&self.item))
            }

            /// What the staff said about it, oldest first.
            pub async fn comments(
                &self,
                #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
                #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
            ) -> Result<One<CommentConnection>> {
                comments(&self.env, &self.item, first, after).await.map(One)
            }

            $($own)*
        }
    };
}

item_type!(
    /// An SMS, a WhatsApp or a social message.
    Message {
        /// The plain text, or the first text part.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and files, in order.
        pub async fn parts(&self) -> Result<Many<Part>> {
            self.env.may_read()?;
            Ok(Many(parts_of(engagement(&self.item))))
        }

        /// How far it has come.
        pub async fn delivery_state(&self) -> Option<DeliveryState> {
            engagement(&self.item).state.and_then(kinds::DeliveryState::from_number).map(Into::into)
        }
    } at hand { "deliveryState" => delivery_state, "text" => text }
);

item_type!(
    /// A telephone call.
    Call {
        /// How far it has come.
        pub async fn call_state(&self) -> CallState {
            engagement(&self.item).state.and_then(kinds::CallState::from_number).unwrap_or(kinds::CallState::Completed).into()
        }

        /// How long the talk took.
        pub async fn duration_seconds(&self) -> Option<i32> {
            engagement(&self.item).duration.and_then(|seconds| i32::try_from(seconds).ok())
        }

        /// Where the recording is.
        pub async fn recording_url(&self) -> Result<Option<Url>> {
            self.env.may_read()?;
            Ok(engagement(&self.item).data.recording_url.clone().map(Url))
        }
    } at hand { "callState" => call_state, "durationSeconds" => duration_seconds, "recordingUrl" => recording_url }
);

item_type!(
    /// An email.
    Email {
        /// The subject line.
        pub async fn subject(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(engagement(&self.item).data.subject.as_deref())
        }

        /// The plain text, or the first text part.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and attachments, in order.
        pub async fn parts(&self) -> Result<Many<Part>> {
            self.env.may_read()?;
            Ok(Many(parts_of(engagement(&self.item))))
        }

        /// How far it has come.
        pub async fn email_state(&self) -> Option<EmailState> {
            engagement(&self.item).state.and_then(kinds::EmailState::from_number).map(Into::into)
        }
    } at hand { "emailState" => email_state, "subject" => subject, "text" => text }
);

item_type!(
    /// A page somebody looked at.
    PageView {
        /// The page's address or path.
        pub async fn url(&self) -> Result<&str> {
            self.env.may_read()?;
            Ok(&page(&self.item).url)
        }

        /// The page's title.
        pub async fn title(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(page(&self.item).title.as_deref())
        }

        /// What kind of page, derived from the path where the client did not say.
        pub async fn category(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(page(&self.item).category.as_deref())
        }

        /// What the page is about, derived from the path where the client did not say.
        pub async fn object_id(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(page(&self.item).object_id.as_deref())
        }

        /// The visit it belongs to.
        pub async fn session_id(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(page(&self.item).session_id.as_deref())
        }

        /// What was seen there, in words.
        pub async fn description(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(page(&self.item).description.as_deref())
        }
    } at hand { "url" => url, "title" => title, "category" => category, "objectId" => object_id, "sessionId" => session_id, "description" => description }
);

item_type!(
    /// A note of the staff.
    Note {
        /// The note.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }
    } at hand { "text" => text }
);

item_type!(
    /// A ticket, lead, visit or order of another service; its later states update the same item.
    RecordEvent {
        /// What it is: ticket, lead, visit, order, …
        pub async fn record_type(&self) -> &str {
            engagement(&self.item).record_type.as_deref().unwrap_or_default()
        }

        /// The other service's number for it.
        pub async fn record_id(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(engagement(&self.item).data.record_id.as_deref())
        }

        /// Its state there.
        pub async fn record_state(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(engagement(&self.item).data.record_state.as_deref())
        }

        /// What it says in words.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.env.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// What else the other service told.
        pub async fn data(&self) -> Result<Option<Json<serde_json::Value>>> {
            self.env.may_read()?;
            Ok(engagement(&self.item).data.record.clone().map(Json))
        }
    } at hand { "recordType" => record_type, "recordId" => record_id, "recordState" => record_state, "text" => text, "data" => data }
);

item_type!(
    /// A change of identity: it is history too.
    IdentityEvent {
        /// What changed.
        pub async fn action(&self) -> IdentityAction {
            change(&self.item).map_or(IdentityAction::Linked, |change| change.action.into())
        }

        /// The merge in question, for `undoMerge`.
        pub async fn merge_id(&self) -> Option<ID> {
            change(&self.item)?.merge.map(|merge| id(IdKind::Merge, self.env.tenant(), merge.0))
        }

        /// The merge in question.
        pub async fn merge(&self) -> Result<Option<Merge>> {
            self.env.may_read()?;
            match change(&self.item).and_then(|change| change.merge) {
                Some(id) => Merge::load(&self.env, id).await,
                None => Ok(None),
            }
        }

        /// The addresses in question.
        pub async fn identities(&self) -> Result<Vec<Identity>> {
            self.env.may_read()?;
            let mut found = Vec::new();
            for id in change(&self.item).map(|change| change.identities.as_slice()).unwrap_or_default() {
                found.extend(self.env.loaders.identity.load(*id).await?.map(|row| Identity { env: self.env.clone(), row }));
            }
            Ok(found)
        }
    } at hand { "action" => action, "mergeId" => merge_id }
);

/// What changed about who somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
#[graphql(remote = "crate::domain::item::IdentityAction")]
pub enum IdentityAction {
    /// An address was added.
    Linked,
    /// Another customer turned out to be this one.
    Merged,
    /// A merge was undone.
    Unmerged,
    /// Addresses were split off.
    Split,
    /// An address was marked as used by several people, or no longer.
    Shared,
    /// The person was erased.
    Erased,
    /// A guard held a link back.
    Held,
}

impl Leaf for IdentityAction {
    fn write(&self, text: &mut Text) {
        variant(self, text);
    }
}

/// What it is as an engagement; an empty one for a page view.
pub(super) fn engagement(item: &Item) -> &Engagement {
    static NONE: std::sync::OnceLock<Engagement> = std::sync::OnceLock::new();
    item.engagement().unwrap_or_else(|| NONE.get_or_init(Engagement::default))
}

/// The same as a page view.
pub(super) fn page(item: &Item) -> &item::PageView {
    static NONE: std::sync::OnceLock<item::PageView> = std::sync::OnceLock::new();
    match &item.body {
        Body::PageView(page) => page,
        Body::Engagement(_) => NONE.get_or_init(item::PageView::default),
    }
}

/// The change of identity that it tells of.
pub(super) fn change(item: &Item) -> Option<&item::IdentityChange> {
    engagement(item).data.change.as_ref()
}

async fn identity(env: &Env, item: &Item) -> Result<Option<Identity>> {
    env.may_read()?;
    let Some(id) = item.identity else { return Ok(None) };
    Ok(env.loaders.identity.load(id).await?.map(|row| Identity { env: env.clone(), row }))
}

async fn comments(
    env: &Env,
    item: &Item,
    first: i32,
    after: Option<String>,
) -> Result<CommentConnection> {
    env.may_read()?;
    let slice = Slice::forwards(Some(first), after, 20)?;
    let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
    let place = slice
        .after
        .as_deref()
        .map(|cursor| cursors.read_number("comments", cursor))
        .transpose()?
        .map(CommentId);
    let rows = env.loaders.comments.load((item.id, place, slice.limit)).await?;
    Ok(comment_page(env, item.id, rows, &slice))
}
