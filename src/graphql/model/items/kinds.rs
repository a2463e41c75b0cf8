//! The object types of history items, one for each kind.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::Json;
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use rapport_macros::object;

use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::entity::kinds;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::{
    CallState, Channel, DeliveryState, Direction, EmailState, HistoryKind, IdentityAction,
};
use crate::graphql::fault::Result;
use crate::graphql::global_id::{GlobalId, id};
use crate::graphql::model::comment::CommentConnection;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::content::{change, engagement, page};
use crate::graphql::model::items::item_type::{channel_label, comments, identity, item_type};
use crate::graphql::model::items::together::Together;
use crate::graphql::model::merge::Merge;
use crate::graphql::model::parts::{Part, parts_of, text_of};
use crate::graphql::model::summary::summary;
use crate::graphql::scalars::{Url, time};
use crate::ids::IdKind;

item_type!(
    /// An SMS, a WhatsApp or a social message.
    Message {
        /// The plain text, or the first text part.
        pub fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and files, in order.
        pub fn parts(&self) -> Result<Vec<Part>> {
            self.context.may_read()?;
            Ok(parts_of(engagement(&self.item)))
        }

        /// How far it has come.
        pub fn delivery_state(&self) -> Option<DeliveryState> {
            engagement(&self.item).state.and_then(kinds::DeliveryState::from_number).map(Into::into)
        }
    }
);

item_type!(
    /// A telephone call.
    Call {
        /// How far it has come.
        pub fn call_state(&self) -> CallState {
            let state = engagement(&self.item).state.and_then(kinds::CallState::from_number);
            state.unwrap_or(kinds::CallState::Completed).into()
        }

        /// How long the talk took.
        pub fn duration_seconds(&self) -> Option<i32> {
            engagement(&self.item).duration.and_then(|seconds| i32::try_from(seconds).ok())
        }

        /// Where the recording is.
        pub fn recording_url(&self) -> Result<Option<Url>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.recording_url.clone().map(Url))
        }
    }
);

item_type!(
    /// An email.
    Email {
        /// The subject line.
        pub fn subject(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.subject.as_deref())
        }

        /// The plain text, or the first text part.
        pub fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and attachments, in order.
        pub fn parts(&self) -> Result<Vec<Part>> {
            self.context.may_read()?;
            Ok(parts_of(engagement(&self.item)))
        }

        /// How far it has come.
        pub fn email_state(&self) -> Option<EmailState> {
            engagement(&self.item).state.and_then(kinds::EmailState::from_number).map(Into::into)
        }

        /// Its Message-ID (RFC 5322) without brackets; null where nobody said it.
        pub fn message_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.message_id())
        }

        /// The same for all emails of one conversation: the Message-ID with which it began, as far as that is known.
        /// Emails with the same subject are no conversation.
        pub fn thread_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.thread_id())
        }
    }
);

item_type!(
    /// A page somebody looked at.
    PageView {
        /// The page's address or path.
        pub fn url(&self) -> Result<&str> {
            self.context.may_read()?;
            Ok(&page(&self.item).url)
        }

        /// The page's title.
        pub fn title(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).title.as_deref())
        }

        /// What kind of page, derived from the path where the client did not say.
        pub fn category(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).category.as_deref())
        }

        /// What the page is about, derived from the path where the client did not say.
        pub fn object_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).object_id.as_deref())
        }

        /// The visit it belongs to.
        pub fn session_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).session_id.as_deref())
        }

        /// What was seen there, in words.
        pub fn description(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).description.as_deref())
        }
    }
);

item_type!(
    /// A note of the staff.
    Note {
        /// The note.
        pub fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }
    }
);

item_type!(
    /// A ticket, lead, visit or order of another service; its later states update the same item.
    RecordEvent {
        /// What it is: ticket, lead, visit, order, …
        pub fn record_type(&self) -> &str {
            engagement(&self.item).record_type.as_deref().unwrap_or_default()
        }

        /// The other service's number for it.
        pub fn record_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record_id.as_deref())
        }

        /// Its state there.
        pub fn record_state(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record_state.as_deref())
        }

        /// What it says in words.
        pub fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// What else the other service told.
        pub fn data(&self) -> Result<Option<Json<serde_json::Value>>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record.clone().map(Json))
        }
    }
);

item_type!(
    /// A change of identity: it is history too.
    IdentityEvent {
        /// What changed.
        pub fn action(&self) -> IdentityAction {
            change(&self.item).map_or(IdentityAction::Linked, |change| change.action.into())
        }

        /// The merge in question, for `undoMerge`.
        pub fn merge_id(&self) -> Option<GlobalId> {
            change(&self.item)?.merge.map(|merge| id(IdKind::Merge, self.context.tenant(), merge.0))
        }

        /// The merge in question.
        #[loads]
        pub async fn merge(&self) -> Result<Option<Merge>> {
            self.context.may_read()?;
            match change(&self.item).and_then(|change| change.merge) {
                Some(id) => Merge::load(&self.context, id).await,
                None => Ok(None),
            }
        }

        /// The addresses in question.
        #[loads]
        pub async fn identities(&self) -> Result<Vec<Identity>> {
            self.context.may_read()?;
            let ids = change(&self.item).map(|change| change.identities.as_slice());
            let ids = ids.unwrap_or_default().iter();
            let found = try_join_all(ids.map(|id| Identity::load(&self.context, Some(*id)))).await?;
            Ok(found.into_iter().flatten().collect())
        }
    }
);
