//! `updateItem`, `deleteItem`: the staff puts the history right.

use async_graphql::{ID, InputObject, Json, MaybeUndefined, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::history::correct::Deletable;
use crate::domain::history::item_update::ItemUpdate;
use crate::error::UserError as UserFault;
use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::global_id::id;
use crate::graphql::model::customer::Customer;
use crate::graphql::model::item_ref::ItemRef;
use crate::graphql::model::items::HistoryItem;
use crate::graphql::model::user_error::UserError;
use crate::graphql::sent_time::SentTime;
use crate::ids::IdKind;

/// What an item says from now on; what is left out stays as it is, and null takes it away.
#[derive(InputObject)]
pub struct UpdateItemInput {
    /// Which item. Changes of identity (IdentityEvent) cannot be edited.
    item: ItemRef,
    /// The words of a message, an email, a note or a record, at most 20,000 characters. Text parts give way to it; pictures
    /// and files stay. A note, and a message or an email without anything else, must have some.
    text: MaybeUndefined<String>,
    /// The subject of an email, at most 1,000 characters.
    subject: MaybeUndefined<String>,
    /// The state of a record, at most 255 characters.
    record_state: MaybeUndefined<String>,
    /// What else the other service told of a record: JSON, at most 32 KB, in place of what was there.
    data: MaybeUndefined<Json<serde_json::Value>>,
    /// The title of a page view, at most 500 characters.
    title: MaybeUndefined<String>,
    /// The description of a page view, at most 2,000 characters.
    description: MaybeUndefined<String>,
    /// When it happened, of any kind of item: it moves in the history, and so do its cursor and the times derived from it.
    occurred_at: Option<SentTime>,
    /// Change it only if its `editedAt` still is this one; null: only if it was not edited. Left out, it does not matter.
    expected_edited_at: MaybeUndefined<SentTime>,
}

impl UpdateItemInput {
    fn read(self) -> Result<(ItemRef, ItemUpdate), UserFault> {
        let update = ItemUpdate {
            text: given(self.text),
            subject: given(self.subject),
            record_state: given(self.record_state),
            data: given(self.data).map(|data| data.map(|Json(data)| data)),
            title: given(self.title),
            description: given(self.description),
            occurred_at: SentTime::occurred_at(self.occurred_at)?,
            expected: SentTime::expected_edit(self.expected_edited_at)?,
        };
        Ok((self.item, update))
    }
}

/// What was given: nothing, nothing in place of what was there, or something.
#[expect(clippy::option_option, reason = "not given is not the same as null")]
fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// What updateItem answers.
#[derive(Fields, SimpleObject)]
pub struct UpdateItemPayload {
    /// The item as it is now.
    pub item: Option<HistoryItem>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// Which item goes.
#[derive(InputObject)]
pub struct DeleteItemInput {
    /// Which item. Changes of identity (IdentityEvent) cannot be deleted.
    item: ItemRef,
    /// Why, at most 500 characters. The audit log keeps it for ever, also after the person was erased: it must name nobody.
    reason: Option<String>,
    /// Delete it only if its `editedAt` still is this one; null: only if it was not edited. Left out, it does not matter.
    expected_edited_at: MaybeUndefined<SentTime>,
}

/// What deleteItem answers.
#[derive(Fields, SimpleObject)]
pub struct DeleteItemPayload {
    /// The id of the item that went.
    pub item_id: Option<ID>,
    /// Of whom it was; null for a call with a withheld number.
    pub customer: Option<Customer>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// An error that does not say where it is, is of the item that is named.
fn in_item(error: UserFault, inside: &str) -> UserFault {
    if error.path.is_empty() { error.at(["item", inside]) } else { error }
}

/// Puts the history right.
#[derive(Clone, Default)]
pub struct ItemMutation;

/// Puts the history right.
#[object(root)]
impl ItemMutation {
    /// Corrects a history item. What was corrected stays, whatever its source delivers later under the same sourceId; states
    /// of calls, messages and emails go on. `editedAt` and `editedBy` tell of it, readers get `HistoryItemUpdated`, and the
    /// audit log says who changed which fields. For agents and admins.
    async fn update_item(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The item and what it says from now on.")] input: UpdateItemInput,
    ) -> Result<UpdateItemPayload> {
        let context = ctx.writing(Access::Write)?;
        let inside = input.item.inside();
        let done = match input.read() {
            Ok((item, update)) => {
                let item = item.read(context.tenant());
                let done = context.rapport.update_item(&context.scope, &item, update).await;
                split_user_error(done)?
            }
            Err(error) => Err(error),
        };
        Ok(match done {
            Ok(item) => UpdateItemPayload {
                item: Some(HistoryItem::new(&context, item)),
                user_errors: Vec::new(),
            },
            Err(error) => {
                let error = in_item(error, inside).under("input");
                UpdateItemPayload { item: None, user_errors: UserError::list(&context, error) }
            }
        })
    }

    /// Deletes a history item for good, with its comments, files and words: an agent notes, an admin items of any kind but
    /// changes of identity. Readers get `HistoryItemRemoved`, the audit log keeps who did it and why. A later delivery of the
    /// same (source, sourceId) does not bring it back: it is answered as a duplicate without an item.
    async fn delete_item(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which item, and why.")] input: DeleteItemInput,
    ) -> Result<DeleteItemPayload> {
        let context = ctx.writing(Access::Write)?;
        let any = Access::Admin.admits(context.viewer.role);
        let deletable = if any { Deletable::AnyItem } else { Deletable::Notes };
        let inside = input.item.inside();
        let item = input.item.read(context.tenant());
        let done = match SentTime::expected_edit(input.expected_edited_at) {
            Ok(expected) => {
                let reason = input.reason.as_deref();
                let rule = (deletable, expected);
                split_user_error(
                    context.rapport.delete_item(&context.scope, &item, rule, reason).await,
                )?
            }
            Err(error) => Err(error),
        };
        Ok(match done {
            Ok(gone) => DeleteItemPayload {
                item_id: Some(id(IdKind::Item, context.tenant(), gone.id.0).into()),
                customer: gone.customer.map(|customer| Customer::lazy(&context, customer)),
                user_errors: Vec::new(),
            },
            Err(error) => {
                let error = in_item(error, inside).under("input");
                let user_errors = UserError::list(&context, error);
                DeleteItemPayload { item_id: None, customer: None, user_errors }
            }
        })
    }
}
