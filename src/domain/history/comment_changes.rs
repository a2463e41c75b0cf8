//! Comments that are edited, or taken away.

use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Select};
use serde_json::json;

use crate::domain::history::comments::comment_text;
use crate::domain::history::record::{ItemRef, find_item};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::customer::NOBODY;
use crate::domain::model::edit::{ExpectedEdit, time_of_edit};
use crate::domain::model::item::Item;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::comment::{Column, Entity as Comments, Model as Comment};
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::error::{Code, Error, Result, UserError};
use crate::ids::{CommentId, TenantId};
use crate::store::Ending;
use crate::store::sql::Sql;

/// Whose comments a caller may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommentsOf {
    /// Those with the caller's own name.
    Caller,
    Anybody,
}

impl Rapport {
    /// Gives a comment another text; the item's readers see the item updated.
    pub async fn update_comment(
        &self,
        scope: &Scope,
        (comment, of): (CommentId, CommentsOf),
        text: &str,
        expected: ExpectedEdit,
    ) -> Result<(Comment, Option<Arc<Item>>)> {
        let text = comment_text(text)?;
        let update = UpdateComment { comment, of, text: &text, expected };
        let comment = self.write(scope, Ending::Commit, &update).await?;
        let item = self.items(scope.tenant, &[comment.item]).await?.pop();
        Ok((comment, item))
    }

    /// Takes a comment away; the item on which it was.
    pub async fn delete_comment(
        &self,
        scope: &Scope,
        (comment, of): (CommentId, CommentsOf),
    ) -> Result<Option<Arc<Item>>> {
        let gone = self.write(scope, Ending::Commit, &DeleteComment { comment, of }).await?;
        Ok(self.items(scope.tenant, &[gone.item]).await?.pop())
    }
}

fn by_id(tenant: TenantId, id: CommentId) -> Select<Comments> {
    Comments::of(tenant).filter(Column::Id.eq(id))
}

/// Reads a comment that may be changed, with its customer locked.
async fn lock_comment(unit: &mut UnitOfWork<'_>, id: CommentId, of: CommentsOf) -> Result<Comment> {
    let not_found = || UserError::not_found("there is no such comment").at(["commentId"]);
    let seen = unit.find(by_id(unit.tenant(), id)).await?.pop().ok_or_else(not_found)?;
    let homes = with_survivors(unit, [seen.home]).await?;
    unit.lock(homes).await?;
    // Under the lock nobody else changes it.
    let comment = unit.find(by_id(unit.tenant(), id)).await?.pop().ok_or_else(not_found)?;
    if comment.home != seen.home {
        return Err(Error::Retry);
    }
    if of == CommentsOf::Caller && comment.author != *unit.scope.actor {
        let message = "an agent changes its own comments; an admin those of others as well";
        return Err(Error::coded(Code::Forbidden, message));
    }
    Ok(comment)
}

/// Tells readers and the audit log that something became of a comment.
async fn tell(unit: &mut UnitOfWork<'_>, action: AuditAction, comment: &Comment) -> Result<()> {
    let item = find_item(unit, &ItemRef::Id(comment.item)).await?;
    let survivor = unit.changes.survivor(item.home)?;
    unit.changes.log(survivor, ChangeKind::ItemUpdated, Some((item.id, item.kind)))?;
    let customer = (survivor != NOBODY).then_some(survivor);
    let detail = json!({ "comment": comment.id, "item": item.id, "author": comment.author });
    unit.audit(action, customer, &detail);
    Ok(())
}

struct UpdateComment<'a> {
    comment: CommentId,
    of: CommentsOf,
    text: &'a str,
    expected: ExpectedEdit,
}

impl Write for UpdateComment<'_> {
    type Done = Comment;
    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateComment);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Comment> {
        let before = lock_comment(unit, self.comment, self.of).await?;
        self.expected.check(before.edited_at)?;
        if before.text == self.text {
            return Ok(before);
        }
        let after = Comment {
            text: self.text.to_string(),
            edited_at: Some(time_of_edit(unit.now, before.edited_at)),
            edited_by: Some(unit.scope.actor.to_string()),
            ..before
        };
        let update = Comments::update_of(unit.tenant())
            .filter(Column::Id.eq(after.id))
            .col_expr(Column::Text, Expr::value(after.text.clone()))
            .col_expr(Column::EditedAt, Expr::value(after.edited_at))
            .col_expr(Column::EditedBy, Expr::value(after.edited_by.clone()));
        unit.push(Sql::from_query(unit.dialect(), &update));
        tell(unit, AuditAction::UpdateComment, &after).await?;
        Ok(after)
    }
}

struct DeleteComment {
    comment: CommentId,
    of: CommentsOf,
}

impl Write for DeleteComment {
    type Done = Comment;
    const AUDIT: Option<AuditAction> = Some(AuditAction::DeleteComment);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Comment> {
        let comment = lock_comment(unit, self.comment, self.of).await?;
        let delete = Comments::delete_of(unit.tenant()).filter(Column::Id.eq(comment.id));
        unit.push(Sql::from_query(unit.dialect(), &delete));
        tell(unit, AuditAction::DeleteComment, &comment).await?;
        Ok(comment)
    }
}
