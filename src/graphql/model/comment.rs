//! Comments.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::comment::Model;
use crate::graphql::at_hand::{Asked, AtHand, now};
use crate::graphql::connection::{Count, Slice, connection};
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::opaque::{Cursors, IdKind, id};
use crate::graphql::scalars::time;
use crate::graphql::text::Text;
use crate::ids::ItemId;

/// What somebody of the staff said about a history item.
#[derive(Clone)]
pub struct Comment {
    pub env: Env,
    pub row: Model,
}

/// What somebody of the staff said about a history item.
#[Object]
impl Comment {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Comment, self.env.tenant(), self.row.id.0)
    }

    /// The comment.
    pub async fn text(&self) -> &str {
        &self.row.text
    }

    /// The subject of the token that wrote it.
    pub async fn author(&self) -> &str {
        &self.row.author
    }

    /// When it was written.
    pub async fn created_at(&self) -> DateTime<Utc> {
        time(self.row.created_at)
    }
}

impl AtHand for Comment {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "id" => now(self.id(&asked.context()), text),
            "text" => text.leaf(&self.row.text),
            "author" => text.leaf(&self.row.author),
            "createdAt" => now(self.created_at(&asked.context()), text),
            _ => None,
        }
    }
}

/// A page of an item's comments, from one row more than it shows.
pub fn comment_page(
    env: &Env,
    item: ItemId,
    mut rows: Vec<Model>,
    slice: &Slice,
) -> CommentConnection {
    let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
    let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let nodes = rows
        .into_iter()
        .map(|row| (cursors.number("comments", row.id.0), Comment { env: env.clone(), row }));
    CommentConnection::new(nodes, slice, more, env.clone(), item)
}

connection!(CommentConnection, CommentEdge, Comment, "comments", { env: Env, item: ItemId } {
    /// How many comments the item has.
    async fn total_count(&self) -> Result<Count> {
        Ok(Count::exact(self.env.loaders.comment_counts.load(self.item).await?))
    }
});
