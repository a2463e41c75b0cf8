//! The object types of history items, one for each kind.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::SelectionSet;
use async_graphql::{ID, Json, Object};
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt};

use crate::domain::model::customer::NOBODY;
use crate::domain::model::item::Item;
use crate::entity::kinds;
use crate::graphql::context::ResolverContext;
use crate::graphql::enums::{
    CallState, Channel, DeliveryState, Direction, EmailState, HistoryKind, IdentityAction,
};
use crate::graphql::fast_path::{
    Document, FastList, FastObject, LoadedFields, RequestedField, loaded_fields,
};
use crate::graphql::fault::Result;
use crate::graphql::global_id::id;
use crate::graphql::json::JsonWriter;
use crate::graphql::model::comment::CommentConnection;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::content::{change, edited_at, engagement, page};
use crate::graphql::model::items::item_type::{comments, identity, item_type};
use crate::graphql::model::merge::Merge;
use crate::graphql::model::parts::{Part, parts_of, text_of};
use crate::graphql::model::prefetched::{self, Prefetched};
use crate::graphql::model::summary::summary;
use crate::graphql::scalars::{Url, time};
use crate::ids::IdKind;

item_type!(
    /// An SMS, a WhatsApp or a social message.
    Message {
        /// The plain text, or the first text part.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and files, in order.
        pub async fn parts(&self) -> Result<FastList<Part>> {
            self.context.may_read()?;
            Ok(FastList(parts_of(engagement(&self.item))))
        }

        /// When its words were changed last, after it was recorded; null where they were not.
        pub async fn edited_at(&self) -> Option<DateTime<Utc>> {
            edited_at(&self.item)
        }

        /// How far it has come.
        pub async fn delivery_state(&self) -> Option<DeliveryState> {
            engagement(&self.item).state.and_then(kinds::DeliveryState::from_number).map(Into::into)
        }
    } loaded { "deliveryState" => delivery_state, "text" => text, "editedAt" => edited_at }
);

item_type!(
    /// A telephone call.
    Call {
        /// How far it has come.
        pub async fn call_state(&self) -> CallState {
            let state = engagement(&self.item).state.and_then(kinds::CallState::from_number);
            state.unwrap_or(kinds::CallState::Completed).into()
        }

        /// How long the talk took.
        pub async fn duration_seconds(&self) -> Option<i32> {
            engagement(&self.item).duration.and_then(|seconds| i32::try_from(seconds).ok())
        }

        /// Where the recording is.
        pub async fn recording_url(&self) -> Result<Option<Url>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.recording_url.clone().map(Url))
        }
    } loaded {
        "callState" => call_state, "durationSeconds" => duration_seconds,
        "recordingUrl" => recording_url,
    }
);

item_type!(
    /// An email.
    Email {
        /// The subject line.
        pub async fn subject(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.subject.as_deref())
        }

        /// The plain text, or the first text part.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// Texts, images and attachments, in order.
        pub async fn parts(&self) -> Result<FastList<Part>> {
            self.context.may_read()?;
            Ok(FastList(parts_of(engagement(&self.item))))
        }

        /// When its words were changed last, after it was recorded; null where they were not.
        pub async fn edited_at(&self) -> Option<DateTime<Utc>> {
            edited_at(&self.item)
        }

        /// How far it has come.
        pub async fn email_state(&self) -> Option<EmailState> {
            engagement(&self.item).state.and_then(kinds::EmailState::from_number).map(Into::into)
        }
    } loaded { "emailState" => email_state, "subject" => subject, "text" => text, "editedAt" => edited_at }
);

item_type!(
    /// A page somebody looked at.
    PageView {
        /// The page's address or path.
        pub async fn url(&self) -> Result<&str> {
            self.context.may_read()?;
            Ok(&page(&self.item).url)
        }

        /// The page's title.
        pub async fn title(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).title.as_deref())
        }

        /// What kind of page, derived from the path where the client did not say.
        pub async fn category(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).category.as_deref())
        }

        /// What the page is about, derived from the path where the client did not say.
        pub async fn object_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).object_id.as_deref())
        }

        /// The visit it belongs to.
        pub async fn session_id(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).session_id.as_deref())
        }

        /// What was seen there, in words.
        pub async fn description(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(page(&self.item).description.as_deref())
        }
    } loaded {
        "url" => url, "title" => title, "category" => category, "objectId" => object_id,
        "sessionId" => session_id, "description" => description,
    }
);

item_type!(
    /// A note of the staff.
    Note {
        /// The note.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// When its words were changed last, after it was recorded; null where they were not.
        pub async fn edited_at(&self) -> Option<DateTime<Utc>> {
            edited_at(&self.item)
        }
    } loaded { "text" => text, "editedAt" => edited_at }
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
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record_id.as_deref())
        }

        /// Its state there.
        pub async fn record_state(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record_state.as_deref())
        }

        /// What it says in words.
        pub async fn text(&self) -> Result<Option<&str>> {
            self.context.may_read()?;
            Ok(text_of(engagement(&self.item)))
        }

        /// When its words were changed last, after it was recorded; null where they were not.
        pub async fn edited_at(&self) -> Option<DateTime<Utc>> {
            edited_at(&self.item)
        }

        /// What else the other service told.
        pub async fn data(&self) -> Result<Option<Json<serde_json::Value>>> {
            self.context.may_read()?;
            Ok(engagement(&self.item).data.record.clone().map(Json))
        }
    } loaded {
        "recordType" => record_type, "recordId" => record_id, "recordState" => record_state,
        "text" => text, "data" => data, "editedAt" => edited_at,
    }
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
            change(&self.item)?.merge.map(|merge| id(IdKind::Merge, self.context.tenant(), merge.0))
        }

        /// The merge in question.
        pub async fn merge(&self) -> Result<Option<Merge>> {
            self.context.may_read()?;
            match change(&self.item).and_then(|change| change.merge) {
                Some(id) => Merge::load(&self.context, id).await,
                None => Ok(None),
            }
        }

        /// The addresses in question.
        pub async fn identities(&self) -> Result<Vec<Identity>> {
            self.context.may_read()?;
            let mut found = Vec::new();
            let ids = change(&self.item).map(|change| change.identities.as_slice());
            for id in ids.unwrap_or_default() {
                found.extend(Identity::load(&self.context, Some(*id)).await?);
            }
            Ok(found)
        }
    } loaded { "action" => action, "mergeId" => merge_id }
);
