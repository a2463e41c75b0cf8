//! The interface of all history items.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::ID;
use chrono::{DateTime, Utc};
use rapport_macros::interface;

use crate::domain::model::item::Item;
use crate::entity::kinds;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::{Channel, Direction, HistoryKind};
use crate::graphql::model::comment::CommentConnection;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::kinds::{
    Call, CallStock, Email, EmailStock, IdentityEvent, IdentityEventStock, Message, MessageStock,
    Note, NoteStock, PageView, PageViewStock, RecordEvent, RecordEventStock,
};
use crate::graphql::model::items::together::Together;

/// One item of a customer's history. Kinds that a client does not know yet can be shown by their `summary`.
#[interface]
#[derive(Clone)]
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
    field(
        name = "channel_label",
        ty = "Option<&str>",
        desc = "What the company calls the channel, where it is OTHER."
    ),
    field(name = "direction", ty = "Option<Direction>", desc = "From whom to whom."),
    field(name = "source", ty = "&str", desc = "The system that recorded it."),
    field(
        name = "source_id",
        ty = "Option<&str>",
        desc = "The source's own id; unique within the source."
    ),
    field(
        name = "edited_at",
        ty = "Option<DateTime<Utc>>",
        desc = "When it was changed last after it was recorded: its words by a later delivery, or anything by the staff; null where it was not. States do not count."
    ),
    field(
        name = "edited_by",
        ty = "Option<&str>",
        desc = "The subject of the token of the staff's last change; null where nobody of the staff changed it, or a later delivery did after that."
    ),
    field(name = "summary", ty = "Cow<'_, str>", desc = "One plain line."),
    field(
        name = "comments",
        ty = "CommentConnection",
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
    pub fn new(context: &ResolverContext, item: Arc<Item>) -> Self {
        HistoryItem::of_page(context, item, None)
    }

    /// The same with what was read for all items of its page.
    pub fn of_page(
        context: &ResolverContext,
        item: Arc<Item>,
        together: Option<&Arc<Together>>,
    ) -> Self {
        let (context, together) = (context.clone(), together.cloned());
        match item.kind {
            kinds::HistoryKind::Message => {
                HistoryItem::Message(Message::new(context, item, together))
            }
            kinds::HistoryKind::Call => HistoryItem::Call(Call::new(context, item, together)),
            kinds::HistoryKind::Email => HistoryItem::Email(Email::new(context, item, together)),
            kinds::HistoryKind::PageView => {
                HistoryItem::PageView(PageView::new(context, item, together))
            }
            kinds::HistoryKind::Note => HistoryItem::Note(Note::new(context, item, together)),
            kinds::HistoryKind::Record => {
                HistoryItem::RecordEvent(RecordEvent::new(context, item, together))
            }
            kinds::HistoryKind::Identity => {
                HistoryItem::IdentityEvent(IdentityEvent::new(context, item, together))
            }
        }
    }
}
