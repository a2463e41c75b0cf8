//! `addComment`: a comment of the staff on a history item.

use async_graphql::{ID, InputObject, SimpleObject};
use rapport_macros::{Fields, object};

use crate::graphql::context::Access;
use crate::graphql::execute::FieldContext;
use crate::graphql::fault::{Result, split_user_error};
use crate::graphql::global_id::named;
use crate::graphql::model::comment::Comment;
use crate::graphql::model::items::HistoryItem;
use crate::graphql::model::user_error::UserError;
use crate::ids::{IdKind, ItemId};

/// A comment of the staff.
#[derive(InputObject)]
pub struct AddCommentInput {
    /// The history item's id.
    item_id: ID,
    /// The comment, 1 to 5,000 characters.
    text: String,
}

/// What addComment answers.
#[derive(Fields, SimpleObject)]
pub struct AddCommentPayload {
    /// The comment.
    pub comment: Option<Comment>,
    /// The item it is on.
    pub item: Option<HistoryItem>,
    /// What the user can mend; nothing was changed then.
    pub user_errors: Vec<UserError>,
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
        let item = ItemId(named(&input.item_id, IdKind::Item, context.tenant())?);
        let result =
            split_user_error(context.rapport.add_comment(&context.scope, item, &input.text).await)?;
        Ok(match result {
            Ok((row, item)) => AddCommentPayload {
                comment: Some(Comment { context: context.clone(), row }),
                item: Some(HistoryItem::new(&context, item)),
                user_errors: Vec::new(),
            },
            Err(error) => AddCommentPayload {
                comment: None,
                item: None,
                user_errors: UserError::list(&context, error.under("input")),
            },
        })
    }
}
