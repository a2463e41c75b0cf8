//! `item_type!` makes the object type of one kind of history item: the fields of the interface,
//! then its own.

use crate::domain::model::item::Item;
use crate::graphql::context::ResolverContext;
use crate::graphql::fault::Result;
use crate::graphql::model::comment::{CommentConnection, comment_page};
use crate::graphql::model::identity::Identity;
use crate::graphql::page_arguments::PageArguments;
use crate::ids::CommentId;

/// An item type: the fields of the interface, then its own.
macro_rules! item_type {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* } loaded { $($now:tt)* }) => {
        impl LoadedFields for $name {
            fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
                loaded_fields!(self, field, json, {
                    "id" => id, "kind" => kind, "occurredAt" => occurred_at,
                    "recordedAt" => recorded_at, "channel" => channel, "direction" => direction,
                    "source" => source, "sourceId" => source_id, "summary" => summary, $($now)*
                } or match field.name() {
                    "identity" => self.prefetched.identity(field, json),
                    "comments" => self.prefetched.comments(field, json),
                    "parts" if self.context.may_read().is_ok() => {
                        field.list(&parts_of(engagement(&self.item)), json)
                    }
                    _ => None,
                })
            }

            fn prefetch<'a>(
                items: Vec<&'a Self>,
                document: Document<'a>,
                set: &'a SelectionSet,
            ) -> BoxFuture<'a, bool> {
                let items = items.into_iter().map($name::prefetchable).collect();
                prefetched::prefetch(items, document, set).boxed()
            }
        }

        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            context: ResolverContext,
            item: Arc<Item>,
            prefetched: Prefetched,
        }

        impl $name {
            pub fn new(context: ResolverContext, item: Arc<Item>) -> Self {
                $name { context, item, prefetched: Prefetched::default() }
            }

            /// What is needed to prefetch what belongs to the item.
            pub fn prefetchable(&self) -> (&ResolverContext, &Item, &Prefetched) {
                (&self.context, &self.item, &self.prefetched)
            }
        }

        $(#[$doc])*
        #[Object]
        impl $name {
            /// Opaque, typed, bound to the tenant.
            pub async fn id(&self) -> ID {
                id(IdKind::Item, self.context.tenant(), self.item.id.0)
            }

            /// The kind of item.
            pub async fn kind(&self) -> HistoryKind {
                self.item.kind.into()
            }

            /// When it happened at the source: the sort key, ties broken by id.
            pub async fn occurred_at(&self) -> DateTime<Utc> {
                time(self.item.occurred_at)
            }

            /// When it was recorded.
            pub async fn recorded_at(&self) -> DateTime<Utc> {
                time(self.item.recorded_at)
            }

            /// The person; null for a call with a withheld number only.
            pub async fn customer(&self) -> Result<Option<Customer>> {
                if self.item.home == NOBODY {
                    return Ok(None);
                }
                Customer::load(&self.context, self.item.home).await.map(Some)
            }

            /// The address it came through; it survives merge and split.
            pub async fn identity(&self) -> Result<Option<Identity>> {
                identity(&self.context, &self.item).await
            }

            /// The way it came.
            pub async fn channel(&self) -> Channel {
                self.item.channel.into()
            }

            /// From whom to whom.
            pub async fn direction(&self) -> Option<Direction> {
                self.item.direction.map(Into::into)
            }

            /// The system that recorded it.
            pub async fn source(&self) -> &str {
                &self.item.source
            }

            /// The source's own id; unique within the source.
            pub async fn source_id(&self) -> Option<&str> {
                self.item.source_id.as_deref()
            }

            /// One plain line.
            pub async fn summary(&self) -> Result<Cow<'_, str>> {
                self.context.may_read()?;
                Ok(summary(&self.item))
            }

            /// What the staff said about it, oldest first.
            pub async fn comments(
                &self,
                #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
                #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
            ) -> Result<FastObject<CommentConnection>> {
                comments(&self.context, &self.item, first, after).await.map(FastObject)
            }

            $($own)*
        }
    };
}

pub(crate) use item_type;

/// The identity that the item came through.
pub async fn identity(context: &ResolverContext, item: &Item) -> Result<Option<Identity>> {
    context.may_read()?;
    Identity::load(context, item.identity).await
}

/// A page of the comments on the item.
pub async fn comments(
    context: &ResolverContext,
    item: &Item,
    first: i32,
    after: Option<String>,
) -> Result<CommentConnection> {
    context.may_read()?;
    let arguments = PageArguments::forwards(Some(first), after, 20)?;
    let after = arguments
        .after
        .as_deref()
        .map(|cursor| context.cursors().read_number("comments", cursor))
        .transpose()?
        .map(CommentId);
    let rows = context.loaders.comments.load((item.id, after, arguments.limit)).await?;
    Ok(comment_page(context, item.id, rows, &arguments))
}
