//! Staff comments on any history item.

use std::sync::Arc;

use sea_orm::Value;

use crate::domain::item::{Item, get};
use crate::domain::ledger::Ledger;
use crate::domain::rapport::Rapport;
use crate::domain::record::{homes_of, long_text};
use crate::domain::scope::Scope;
use crate::domain::sql::{Column, insert};
use crate::domain::store::Tx;
use crate::entity::comment::Model as Comment;
use crate::entity::kinds::{ChangeKind, HistoryKind};
use crate::error::{Error, Result, UserError, UserErrorCode};
use crate::ids::{CommentId, CustomerId, ItemId, Micros, TenantId};

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
            return Err(UserError::invalid(format!(
                "a comment has 1 to {COMMENT_CHARS} characters"
            ))
            .at(["text"])
            .into());
        };
        let work = Arc::new((self.clone(), scope.clone(), text));
        let (comment, ledger) = self
            .store
            .transact(move |tx| {
                let work = work.clone();
                Box::pin(async move {
                    let (rapport, scope, text) = &*work;
                    rapport.write_comment(tx, scope, item, text).await
                })
            })
            .await?;
        self.publish(scope.tenant, &ledger);
        let item = self.items(scope.tenant, &[item]).await?.pop().ok_or(Error::Moved)?;
        Ok((comment, item))
    }

    async fn write_comment(
        &self,
        tx: &Tx,
        scope: &Scope,
        item: ItemId,
        text: &str,
    ) -> Result<(Comment, Ledger)> {
        let not_found = || UserError::not_found("there is no such history item").at(["itemId"]);
        let (home, kind) =
            self.home_of_item(tx, scope.tenant, item).await?.ok_or_else(not_found)?;
        let mut ledger = Ledger::new(scope.tenant, self.clock.now());
        ledger.lock(tx, homes_of(tx, scope.tenant, std::iter::once(home)).await?).await?;
        if self.home_of_item(tx, scope.tenant, item).await? != Some((home, kind)) {
            return Err(Error::Moved);
        }
        let mut sql = tx.sql();
        sql.push("SELECT COUNT(*) FROM comment WHERE tenant = ")
            .bind(scope.tenant)
            .push(" AND item = ")
            .bind(item);
        let count: i64 = tx.one(sql).await?.map(|row| get(&row, 0)).transpose()?.unwrap_or(0);
        if count >= MOST_COMMENTS {
            let message = format!("an item has at most {MOST_COMMENTS} comments");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message)
                .at(["itemId"])
                .into());
        }
        let comment = Comment {
            tenant: scope.tenant,
            id: CommentId(self.clock.next_id()),
            item,
            home,
            text: text.into(),
            author: scope.actor.to_string(),
            created_at: self.clock.now(),
        };
        let row: Vec<Value> = vec![
            scope.tenant.0.into(),
            comment.id.0.into(),
            item.0.into(),
            home.0.into(),
            text.into(),
            comment.author.clone().into(),
            comment.created_at.0.into(),
        ];
        ledger.log(ledger.survivor(home)?, ChangeKind::ItemUpdated, Some((item, kind)))?;
        let mut statements = vec![insert(tx.backend, "comment", COMMENT, &[row])];
        statements.extend(ledger.flush(tx));
        tx.run_together(statements).await?;
        Ok((comment, ledger))
    }

    async fn home_of_item(
        &self,
        tx: &Tx,
        tenant: TenantId,
        item: ItemId,
    ) -> Result<Option<(CustomerId, HistoryKind)>> {
        let mut sql = tx.sql();
        sql.push("SELECT home, kind FROM engagement WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(item);
        sql.push(" UNION ALL SELECT home, 4 FROM page_view WHERE tenant = ")
            .bind(tenant)
            .push(" AND id = ")
            .bind(item);
        let Some(row) = tx.one(sql).await? else { return Ok(None) };
        let number = row
            .try_get_by_index::<i32>(1)
            .or_else(|_| row.try_get_by_index::<i16>(1).map(i32::from))?;
        Ok(Some((get(&row, 0)?, crate::domain::item::kind(number, HistoryKind::from_number)?)))
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
                    created_at: get::<Micros>(row, 6)?,
                })
            })
            .collect()
    }

    pub async fn count_comments(
        &self,
        tenant: TenantId,
        items: &[ItemId],
    ) -> Result<Vec<(ItemId, i64)>> {
        let mut sql = self.store.sql();
        sql.push("SELECT item, COUNT(*) FROM comment WHERE tenant = ")
            .bind(tenant)
            .push(" AND item")
            .among(items.iter().map(|item| item.0));
        sql.push(" GROUP BY item");
        self.store.all(sql).await?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
    }

    pub async fn comments_by_id(
        &self,
        tenant: TenantId,
        ids: &[CommentId],
    ) -> Result<Vec<Comment>> {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let query = crate::entity::comment::Entity::find()
            .filter(crate::entity::comment::Column::Tenant.eq(tenant));
        self.store
            .find(query.filter(crate::entity::comment::Column::Id.is_in(ids.iter().copied())))
            .await
    }
}

const COMMENT: &[(&str, Column)] = &[
    ("tenant", Column::Big),
    ("id", Column::Big),
    ("item", Column::Big),
    ("home", Column::Big),
    ("text", Column::Text),
    ("author", Column::Text),
    ("created_at", Column::Big),
];
