//! Staff comments on any history item.

use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::domain::history::record::{ItemRef, find_item, long_text};
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::Item;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::comment::{Column, Entity as Comments, Model as Comment};
use crate::entity::kinds::ChangeKind;
use crate::entity::table::Table;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CommentId, ItemId, TenantId};
use crate::store::Ending;
use crate::store::row::get;
use crate::store::sql::{Sql, among, insert};

/// Comments on one item.
const MOST_COMMENTS: i64 = 500;
const COMMENT_CHARS: usize = 5_000;

impl Rapport {
    /// Adds a comment; the item's readers see the item updated.
    pub async fn add_comment(
        &self,
        scope: &Scope,
        item: &ItemRef,
        text: &str,
    ) -> Result<(Comment, Option<Arc<Item>>)> {
        let text = comment_text(text)?;
        let comment = self.write(scope, Ending::Commit, &AddComment { item, text: &text }).await?;
        // It may be deleted since.
        let item = self.items(scope.tenant, &[comment.item]).await?.pop();
        Ok((comment, item))
    }

    /// The newest comments of each item, at most `limit` of each.
    pub async fn comments(
        &self,
        tenant: TenantId,
        items: &[ItemId],
        after: Option<CommentId>,
        limit: u64,
    ) -> Result<Vec<Comment>> {
        let mut sql = self.store.sql();
        sql.push("SELECT tenant, id, item, home, text, author, created_at, edited_at, edited_by FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY item ORDER BY id) AS n FROM comment c WHERE tenant = ");
        sql.bind(tenant).push(" AND item").among(items.iter().map(|item| item.0));
        if let Some(after) = after {
            sql.push(" AND id > ").bind(after);
        }
        sql.push(") AS x WHERE n <= ").bind(limit as i64).push(" ORDER BY item, id");
        self.store
            .all(sql)
            .await?
            .iter()
            .map(|row| {
                Ok(Comment {
                    tenant: get(row, 0)?,
                    id: get(row, 1)?,
                    item: get(row, 2)?,
                    home: get(row, 3)?,
                    text: get(row, 4)?,
                    author: get(row, 5)?,
                    created_at: get(row, 6)?,
                    edited_at: get(row, 7)?,
                    edited_by: get(row, 8)?,
                })
            })
            .collect()
    }

    /// How many comments each item has; items without one are left out.
    pub async fn count_comments(
        &self,
        tenant: TenantId,
        items: &[ItemId],
    ) -> Result<Vec<(ItemId, i64)>> {
        let dialect = self.store.dialect;
        let counts = Comments::of(tenant)
            .filter(among(dialect, Column::Item, items.iter().map(|item| item.0)))
            .select_only()
            .column(Column::Item)
            .column_as(Column::Id.count(), "comments")
            .group_by(Column::Item);
        let rows = self.store.all(Sql::from_query(dialect, &counts)).await?;
        rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    pub async fn comments_by_id(
        &self,
        tenant: TenantId,
        ids: &[CommentId],
    ) -> Result<Vec<Comment>> {
        let ids = among(self.store.dialect, Column::Id, ids.iter().map(|id| id.0));
        self.store.find(Comments::of(tenant).filter(ids)).await
    }
}

/// The text of a comment as it is kept.
pub(super) fn comment_text(text: &str) -> Result<String, UserError> {
    let text = long_text(text).map_err(|error| error.at(["text"]))?;
    text.filter(|text| text.chars().count() <= COMMENT_CHARS).ok_or_else(|| {
        let message = format!("a comment has 1 to {COMMENT_CHARS} characters");
        UserError::invalid(message).at(["text"])
    })
}

/// Adds a comment to an item.
struct AddComment<'a> {
    item: &'a ItemRef,
    text: &'a str,
}

impl Write for AddComment<'_> {
    type Done = Comment;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Comment> {
        let found = find_item(unit, self.item).await?;
        let homes = with_survivors(unit, [found.home]).await?;
        unit.lock(homes).await?;
        if find_item(unit, self.item).await? != found {
            return Err(Error::Retry);
        }
        if count(unit, found.id).await? >= MOST_COMMENTS {
            let message = format!("an item has at most {MOST_COMMENTS} comments");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).into());
        }
        let comment = Comment {
            tenant: unit.tenant(),
            id: CommentId(unit.rapport.clock.next_id()),
            item: found.id,
            home: found.home,
            text: self.text.to_string(),
            author: unit.scope.actor.to_string(),
            created_at: unit.now,
            edited_at: None,
            edited_by: None,
        };
        let survivor = unit.changes.survivor(found.home)?;
        unit.changes.log(survivor, ChangeKind::ItemUpdated, Some((found.id, found.kind)))?;
        unit.push(insert::<Comments>(unit.dialect(), std::slice::from_ref(&comment)));
        Ok(comment)
    }
}

/// How many comments the item has.
async fn count(unit: &UnitOfWork<'_>, item: ItemId) -> Result<i64> {
    let count = Comments::of(unit.tenant())
        .filter(Column::Item.eq(item))
        .select_only()
        .column_as(Column::Id.count(), "comments");
    let row = unit.one(Sql::from_query(unit.dialect(), &count)).await?;
    Ok(row.map(|row| get(&row, 0)).transpose()?.unwrap_or(0))
}
