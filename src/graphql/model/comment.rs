//! Comments of the staff on history items, and the connection of an item's comments.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};

use crate::entity::comment::Model;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::count::Count;
use crate::graphql::fast_path::{LoadedFields, RequestedField, write_now};
use crate::graphql::fault::Result;
use crate::graphql::global_id::id;
use crate::graphql::json::JsonWriter;
use crate::graphql::page_arguments::PageArguments;
use crate::graphql::scalars::time;
use crate::ids::{IdKind, ItemId};

/// What somebody of the staff said about a history item.
#[derive(Clone)]
pub struct Comment {
    pub context: ResolverContext,
    pub row: Model,
}

/// What somebody of the staff said about a history item.
#[Object]
impl Comment {
    /// Opaque, typed, bound to the tenant.
    pub async fn id(&self) -> ID {
        id(IdKind::Comment, self.context.tenant(), self.row.id.0)
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

impl LoadedFields for Comment {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match field.name() {
            "id" => write_now(self.id(&field.ctx()), json),
            "text" => json.leaf(&self.row.text),
            "author" => json.leaf(&self.row.author),
            "createdAt" => write_now(self.created_at(&field.ctx()), json),
            _ => None,
        }
    }
}

/// A page of an item's comments, from one row more than it shows.
pub fn comment_page(
    context: &ResolverContext,
    item: ItemId,
    mut rows: Vec<Model>,
    arguments: &PageArguments,
) -> CommentConnection {
    let cursors = context.cursors();
    let more = arguments.cut(&mut rows);
    let nodes = rows.into_iter().map(|row| {
        (cursors.number("comments", row.id.0), Comment { context: context.clone(), row })
    });
    CommentConnection::new(nodes, arguments, more, context.clone(), item)
}

connection!(CommentConnection, CommentEdge, Comment, "comments", {
    context: ResolverContext, item: ItemId
} {
    /// How many comments the item has.
    async fn total_count(&self) -> Result<Count> {
        Ok(Count::exact(self.context.loaders.comment_counts.load(self.item).await?))
    }
});
