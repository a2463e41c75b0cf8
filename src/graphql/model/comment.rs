//! Comments of the staff on history items, and the connection of an item's comments.

use chrono::{DateTime, Utc};
use rapport_macros::object;

use crate::entity::comment::Model;
use crate::graphql::connection::connection;
use crate::graphql::context::ResolverContext;
use crate::graphql::count::Count;
use crate::graphql::fault::Result;
use crate::graphql::global_id::{GlobalId, id};
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
#[object]
impl Comment {
    /// Opaque, typed, bound to the tenant.
    pub fn id(&self) -> GlobalId {
        id(IdKind::Comment, self.context.tenant(), self.row.id.0)
    }

    /// The comment.
    pub fn text(&self) -> &str {
        &self.row.text
    }

    /// The subject of the token that wrote it.
    pub fn author(&self) -> &str {
        &self.row.author
    }

    /// When it was written.
    pub fn created_at(&self) -> DateTime<Utc> {
        time(self.row.created_at)
    }

    /// When its text was changed last; null where it was not.
    pub fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.row.edited_at.map(time)
    }

    /// The subject of the token that changed its text last; null where nobody did.
    pub fn edited_by(&self) -> Option<&str> {
        self.row.edited_by.as_deref()
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
