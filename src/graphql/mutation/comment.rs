//! `addComment`, `updateComment`, `deleteComment`: comments of the staff on history items.

use async_graphql::{ID, InputObject, MaybeUndefined, SimpleObject};
use rapport_macros::{Fields, object};

use crate::domain::history::comment_changes::CommentsOf;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::global_id::named_or_nothing;
use crate::graphql::model::comment::Comment;
use crate::graphql::model::item_ref::ItemRef;
use crate::graphql::model::items::HistoryItem;
use crate::graphql::model::user_error::UserError;
use crate::graphql::sent_time::SentTime;
use crate::ids::{CommentId, IdKind};

/// A comment of the staff.
#[derive(InputObject)]
pub struct AddCommentInput {
    /// The history item's id. Exactly one of itemId and item is needed.
    item_id: Option<ID>,
    /// The history item, by its id or by its source's own. Exactly one of itemId and item is needed.
    item: Option<ItemRef>,
    /// The comment, 1 to 5,000 characters.
    text: String,
}

/// What addComment answers.
#[derive(Fields, SimpleObject)]
pub struct AddCommentPayload {
    /// The comment.
    pub comment: Option<Comment>,
    /// The item it is on; null where that was deleted since.
    pub item: Option<HistoryItem>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// A comment's new text.
#[derive(InputObject)]
pub struct UpdateCommentInput {
    /// The comment.
    comment_id: ID,
    /// Its new text, 1 to 5,000 characters.
    text: String,
    /// Change it only if its `editedAt` still is this one; null: only if nobody edited it. Left out, it does not matter.
    expected_edited_at: MaybeUndefined<SentTime>,
}

/// What updateComment answers.
#[derive(Fields, SimpleObject)]
pub struct UpdateCommentPayload {
    /// The comment as it is now.
    pub comment: Option<Comment>,
    /// The item it is on; null where that was deleted since.
    pub item: Option<HistoryItem>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// Which comment goes.
#[derive(InputObject)]
pub struct DeleteCommentInput {
    /// The comment.
    comment_id: ID,
}

/// What deleteComment answers.
#[derive(Fields, SimpleObject)]
pub struct DeleteCommentPayload {
    /// The id of the comment that went.
    pub comment_id: Option<ID>,
    /// The item it was on; null where that was deleted since.
    pub item: Option<HistoryItem>,
    /// What the user can correct; nothing was changed then.
    pub user_errors: Vec<UserError>,
}

/// A comment that a mutation names, and whose comments its caller may change.
fn changed(context: &ResolverContext, id: &ID) -> (CommentId, CommentsOf) {
    let any = Access::Admin.admits(context.viewer.role);
    let of = if any { CommentsOf::Anybody } else { CommentsOf::Caller };
    (CommentId(named_or_nothing(id, IdKind::Comment, context.tenant())), of)
}

/// Writes comments.
#[derive(Clone, Default)]
pub struct CommentMutation;

/// Writes comments.
#[object(root)]
impl CommentMutation {
    /// Adds a comment to a history item.
    async fn add_comment(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The item and the comment.")] input: AddCommentInput,
    ) -> Result<AddCommentPayload> {
        let context = ctx.writing(Access::Write)?;
        let result = match ItemRef::one_of(input.item_id, input.item, context.tenant()) {
            Ok((item, path)) => {
                let added = context.rapport.add_comment(&context.scope, &item, &input.text).await;
                split_user_error(added)?
                    .map_err(|error| if error.path.is_empty() { error.at(path) } else { error })
            }
            Err(error) => Err(error),
        };
        Ok(match result {
            Ok((row, item)) => AddCommentPayload {
                comment: Some(Comment { context: context.clone(), row }),
                item: item.map(|item| HistoryItem::new(&context, item)),
                user_errors: Vec::new(),
            },
            Err(error) => AddCommentPayload {
                comment: None,
                item: None,
                user_errors: UserError::list(&context, error.under("input")),
            },
        })
    }

    /// Changes the text of a comment: an agent that of its own comments (`author` is the token's subject), an admin that of
    /// any. The item's readers are told, and the audit log says who did it.
    async fn update_comment(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "The comment and its new text.")] input: UpdateCommentInput,
    ) -> Result<UpdateCommentPayload> {
        let context = ctx.writing(Access::Write)?;
        let comment = changed(&context, &input.comment_id);
        let done = match SentTime::expected_edit(input.expected_edited_at) {
            Ok(expected) => {
                let rapport = &context.rapport;
                let done = rapport.update_comment(&context.scope, comment, &input.text, expected);
                split_user_error(done.await)?
            }
            Err(error) => Err(error),
        };
        Ok(match done {
            Ok((row, item)) => UpdateCommentPayload {
                comment: Some(Comment { context: context.clone(), row }),
                item: item.map(|item| HistoryItem::new(&context, item)),
                user_errors: Vec::new(),
            },
            Err(error) => UpdateCommentPayload {
                comment: None,
                item: None,
                user_errors: UserError::list(&context, error.under("input")),
            },
        })
    }

    /// Deletes a comment for good: an agent its own (`author` is the token's subject), an admin any. The item's readers are
    /// told, and the audit log keeps who did it and whose comment it was, not what it said.
    async fn delete_comment(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "Which comment.")] input: DeleteCommentInput,
    ) -> Result<DeleteCommentPayload> {
        let context = ctx.writing(Access::Write)?;
        let comment = changed(&context, &input.comment_id);
        let done = context.rapport.delete_comment(&context.scope, comment).await;
        Ok(match split_user_error(done)? {
            Ok(item) => DeleteCommentPayload {
                comment_id: Some(input.comment_id),
                item: item.map(|item| HistoryItem::new(&context, item)),
                user_errors: Vec::new(),
            },
            Err(error) => DeleteCommentPayload {
                comment_id: None,
                item: None,
                user_errors: UserError::list(&context, error.under("input")),
            },
        })
    }
}
