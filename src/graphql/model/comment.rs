//! Comments.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::comment::Model;
use crate::graphql::at_hand::{Asked, AtHand, now};
use crate::graphql::connection::{Count, connection};
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::opaque::{IdKind, id};
use crate::graphql::scalars::time;
use crate::graphql::text::Text;

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

connection!(CommentConnection, CommentEdge, Comment, "comments", { env: Env, item: crate::ids::ItemId } {
    /// How many comments the item has.
    async fn total_count(&self) -> Result<Count> {
        Ok(Count::exact(self.env.loaders.comment_counts.load(self.item).await?))
    }
});
