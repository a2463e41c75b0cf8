//! `item_type!` makes the object type of one kind of history item: the fields of the interface,
//! then its own.

use crate::domain::model::item::Item;
use crate::graphql::context::ResolverContext;
use crate::graphql::fault::Result;
use crate::graphql::model::comment::{CommentConnection, comment_page};
use crate::graphql::model::identity::Identity;
use crate::graphql::model::items::together::Together;
use crate::graphql::page_arguments::PageArguments;
use crate::ids::CommentId;

/// An item type: the fields of the interface, then its own.
macro_rules! item_type {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            context: ResolverContext,
            item: Arc<Item>,
            together: Option<Arc<Together>>,
        }

        impl $name {
            /// An item, and what was read together with others of its page.
            pub fn new(
                context: ResolverContext,
                item: Arc<Item>,
                together: Option<Arc<Together>>,
            ) -> Self {
                $name { context, item, together }
            }
        }

        $(#[$doc])*
        #[object]
        impl $name {
            /// Opaque, typed, bound to the tenant.
            pub fn id(&self) -> GlobalId {
                id(IdKind::Item, self.context.tenant(), self.item.id.0)
            }

            /// The kind of item.
            pub fn kind(&self) -> HistoryKind {
                self.item.kind.into()
            }

            /// When it happened at the source: the sort key, ties broken by id.
            pub fn occurred_at(&self) -> DateTime<Utc> {
                time(self.item.occurred_at)
            }

            /// When it was recorded.
            pub fn recorded_at(&self) -> DateTime<Utc> {
                time(self.item.recorded_at)
            }

            /// The person; null for a call with a withheld number only.
            #[loads]
            pub async fn customer(&self) -> Result<Option<Customer>> {
                if self.item.home == NOBODY {
                    return Ok(None);
                }
                Customer::load(&self.context, self.item.home).await.map(Some)
            }

            /// The address it came through; it survives merge and split.
            #[loads]
            pub async fn identity(&self) -> Result<Option<Identity>> {
                identity(&self.context, &self.item, self.together.as_deref()).await
            }

            /// The way it came.
            pub fn channel(&self) -> Channel {
                self.item.channel.into()
            }

            /// What the company calls the channel, where it is OTHER.
            pub fn channel_label(&self) -> Option<&str> {
                channel_label(&self.item)
            }

            /// From whom to whom.
            pub fn direction(&self) -> Option<Direction> {
                self.item.direction.map(Into::into)
            }

            /// The system that recorded it.
            pub fn source(&self) -> &str {
                &self.item.source
            }

            /// The source's own id; unique within the source.
            pub fn source_id(&self) -> Option<&str> {
                self.item.source_id.as_deref()
            }

            /// When it was changed last after it was recorded: its words by a later delivery, or anything by the staff; null
            /// where it was not. States do not count.
            pub fn edited_at(&self) -> Option<DateTime<Utc>> {
                self.item.edited_at().map(time)
            }

            /// The subject of the token of the staff's last change; null where nobody of the staff changed it, or a later
            /// delivery did after that.
            pub fn edited_by(&self) -> Option<&str> {
                self.item.edited_by()
            }

            /// One plain line.
            pub fn summary(&self) -> Result<Cow<'_, str>> {
                self.context.may_read()?;
                Ok(summary(&self.item))
            }

            /// What the staff said about it, oldest first.
            pub async fn comments(
                &self,
                #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
                #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
            ) -> Result<CommentConnection> {
                let together = self.together.as_deref();
                comments(&self.context, &self.item, together, (first, after)).await
            }

            $($own)*
        }
    };
}

pub(crate) use item_type;

pub fn channel_label(item: &Item) -> Option<&str> {
    item.engagement()?.data.channel_label.as_deref()
}

/// The identity that the item came through.
pub async fn identity(
    context: &ResolverContext,
    item: &Item,
    together: Option<&Together>,
) -> Result<Option<Identity>> {
    context.may_read()?;
    match (item.identity, together.and_then(|together| together.identities.as_ref())) {
        (Some(id), Some(known)) => {
            Ok(known.get(&id).map(|row| Identity::new(context, row.clone())))
        }
        _ => Identity::load(context, item.identity).await,
    }
}

/// A page of the comments on the item.
pub async fn comments(
    context: &ResolverContext,
    item: &Item,
    together: Option<&Together>,
    (first, after): (i32, Option<String>),
) -> Result<CommentConnection> {
    context.may_read()?;
    let arguments = PageArguments::forwards(Some(first), after, 20)?;
    let after = arguments
        .after
        .as_deref()
        .map(|cursor| context.cursors().read_number("comments", cursor))
        .transpose()?
        .map(CommentId);
    let known = together.and_then(|together| together.comments.as_ref());
    let rows = match known.filter(|(first, _)| after.is_none() && *first == arguments.limit) {
        Some((_, known)) => known.get(&item.id).cloned().unwrap_or_default(),
        None => context.loaders.comments.load((item.id, after, arguments.limit)).await?,
    };
    Ok(comment_page(context, item.id, rows, &arguments))
}
