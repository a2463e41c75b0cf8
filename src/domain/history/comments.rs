//! Staff comments on any history item.

use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::domain::history::record::long_text;
use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::item::Item;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::write::locks::with_survivors;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::comment::{Column, Entity as Comments, Model as Comment};
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::entity::table::Table;
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CommentId, CustomerId, ItemId, TenantId};
use crate::store::Ending;
use crate::store::row::{get, kind};
use crate::store::sql::{Sql, among, insert};

/// Comments on one item.
const MOST_COMMENTS: i64 = 500;
const COMMENT_CHARS: usize = 5_000;

impl Rapport {
    /// Adds a comment; the item's readers see the item updated.
    pub async fn add_comment(
        &self,
        scope: &Scope,
        item: ItemId,
        text: &str,
    ) -> Result<(Comment, Arc<Item>)> {
        let text = long_text(text).map_err(|error| error.at(["text"]))?;
        let Some(text) = text.filter(|text| text.chars().count() <= COMMENT_CHARS) else {
            let message = format!("a comment has 1 to {COMMENT_CHARS} characters");
            return Err(UserError::invalid(message).at(["text"]).into());
        };
        let comment = self.write(scope, Ending::Commit, &AddComment { item, text: &text }).await?;
        let item = self.items(scope.tenant, &[item]).await?.pop().ok_or(Error::Retry)?;
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
        sql.push("SELECT tenant, id, item, home, text, author, created_at FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY item ORDER BY id) AS n FROM comment c WHERE tenant = ");
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

/// Adds a comment to an item.
struct AddComment<'a> {
    item: ItemId,
    text: &'a str,
}

impl Write for AddComment<'_> {
    type Done = Comment;
    const AUDIT: Option<AuditAction> = None;

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Comment> {
        let not_found = || UserError::not_found("there is no such history item").at(["itemId"]);
        let (home, kind) = self.item(unit).await?.ok_or_else(not_found)?;
        let homes = with_survivors(unit, [home]).await?;
        unit.lock(homes).await?;
        if self.item(unit).await? != Some((home, kind)) {
            return Err(Error::Retry);
        }
        if self.count(unit).await? >= MOST_COMMENTS {
            let message = format!("an item has at most {MOST_COMMENTS} comments");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["itemId"])
                .into());
        }
        let comment = Comment {
            tenant: unit.tenant(),
            id: CommentId(unit.rapport.clock.next_id()),
            item: self.item,
            home,
            text: self.text.to_string(),
            author: unit.scope.actor.to_string(),
            created_at: unit.now,
        };
        let survivor = unit.changes.survivor(home)?;
        unit.changes.log(survivor, ChangeKind::ItemUpdated, Some((self.item, kind)))?;
        unit.push(insert::<Comments>(unit.dialect(), std::slice::from_ref(&comment)));
        Ok(comment)
    }
}

impl AddComment<'_> {
    /// The home and the kind of the item, whatever its table.
    async fn item(&self, unit: &UnitOfWork<'_>) -> Result<Option<(CustomerId, HistoryKind)>> {
        let mut sql = unit.sql();
        sql.push("SELECT home, kind FROM engagement WHERE tenant = ")
            .bind(unit.tenant())
            .push(" AND id = ")
            .bind(self.item)
            .push(" UNION ALL SELECT home, CAST(4 AS SMALLINT) FROM page_view WHERE tenant = ")
            .bind(unit.tenant())
            .push(" AND id = ")
            .bind(self.item);
        let Some(row) = unit.one(sql).await? else { return Ok(None) };
        let kind = kind(get::<i16>(&row, 1)?.into(), HistoryKind::from_number)?;
        Ok(Some((get(&row, 0)?, kind)))
    }

    /// How many comments the item has.
    async fn count(&self, unit: &UnitOfWork<'_>) -> Result<i64> {
        let count = Comments::of(unit.tenant())
            .filter(Column::Item.eq(self.item))
            .select_only()
            .column_as(Column::Id.count(), "comments");
        let row = unit.one(Sql::from_query(unit.dialect(), &count)).await?;
        Ok(row.map(|row| get(&row, 0)).transpose()?.unwrap_or(0))
    }
}
