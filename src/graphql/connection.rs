//! The Relay connection, written once: `connection!` makes a connection type and its edge type for
//! a node type.

use std::sync::Arc;

use async_graphql::SimpleObject;

use crate::graphql::context::ResolverContext;
use crate::graphql::fast_path::{LoadedFields, RequestedField};
use crate::graphql::json::JsonWriter;
use crate::ids::{ItemId, Micros};

/// Where a page stands in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// Whether there is more after this page.
    pub has_next_page: bool,
    /// Whether there is more before this page.
    pub has_previous_page: bool,
    /// The cursor of the first edge.
    pub start_cursor: Option<String>,
    /// The cursor of the last edge.
    pub end_cursor: Option<String>,
}

impl LoadedFields for PageInfo {
    fn write_field(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        match field.name() {
            "hasNextPage" => json.leaf(&self.has_next_page),
            "hasPreviousPage" => json.leaf(&self.has_previous_page),
            "startCursor" => json.leaf(&self.start_cursor),
            "endCursor" => json.leaf(&self.end_cursor),
            _ => None,
        }
    }
}

/// A cursor, which may be one of a page of which nobody asks for cursors.
pub enum Cursor {
    Signed(String),
    /// A position in a list of items.
    Item {
        context: ResolverContext,
        list: Arc<str>,
        position: (Micros, ItemId),
    },
}

impl Cursor {
    pub fn text(&self) -> String {
        match self {
            Cursor::Signed(text) => text.clone(),
            Cursor::Item { context, list, position } => context.cursors().item(list, *position),
        }
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Cursor::Signed(text)
    }
}

/// Defines a connection and its edge; further fields of the connection follow in braces.
macro_rules! connection {
    (
        $connection:ident, $edge:ident, $node:ty, $what:literal,
        { $($field:ident : $type:ty),* } { $($extra:tt)* }
    ) => {
        #[doc = concat!("One of the ", $what, ", and its place in the list.")]
        pub struct $edge {
            pub cursor: $crate::graphql::connection::Cursor,
            pub node: $node,
        }

        #[doc = concat!("One of the ", $what, ", and its place in the list.")]
        #[async_graphql::Object]
        impl $edge {
            /// Opaque; pass it as `after` or `before` to go on from here.
            pub async fn cursor(&self) -> String {
                self.cursor.text()
            }

            /// The thing itself.
            pub async fn node(&self) -> $crate::graphql::fast_path::FastObject<&$node> {
                $crate::graphql::fast_path::FastObject(&self.node)
            }
        }

        impl $crate::graphql::fast_path::LoadedFields for $edge {
            fn write_field(
                &self,
                field: $crate::graphql::fast_path::RequestedField<'_>,
                json: &mut $crate::graphql::json::JsonWriter,
            ) -> Option<()> {
                match field.name() {
                    "cursor" => json.leaf(&self.cursor.text()),
                    "node" => field.object(&self.node, json),
                    _ => None,
                }
            }

            fn prefetch<'a>(
                edges: Vec<&'a Self>,
                document: $crate::graphql::fast_path::Document<'a>,
                set: &'a async_graphql::parser::types::SelectionSet,
            ) -> futures_util::future::BoxFuture<'a, bool> {
                Box::pin(async move {
                    let mut prefetched = false;
                    for field in document.fields(set, "node") {
                        let nodes = edges.iter().map(|edge| &edge.node).collect();
                        let set = field.set();
                        prefetched |=
                            <$node as $crate::graphql::fast_path::LoadedFields>::prefetch(
                                nodes, document, set,
                            )
                            .await;
                    }
                    prefetched
                })
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        pub struct $connection {
            pub edges: Vec<$edge>,
            /// Whether there is more after this page, and before it.
            more: (bool, bool),
            $(pub $field: $type,)*
        }

        impl $connection {
            /// A page from its nodes and their cursors.
            pub fn new<C: Into<$crate::graphql::connection::Cursor>>(
                nodes: impl IntoIterator<Item = (C, $node)>,
                arguments: &$crate::graphql::page_arguments::PageArguments,
                more: bool
                $(, $field: $type)*
            ) -> Self {
                let edge = |(cursor, node): (C, $node)| $edge { cursor: cursor.into(), node };
                let edges = nodes.into_iter().map(edge).collect();
                $connection { edges, more: arguments.more(more) $(, $field)* }
            }

            fn info(&self) -> $crate::graphql::connection::PageInfo {
                $crate::graphql::connection::PageInfo {
                    has_next_page: self.more.0,
                    has_previous_page: self.more.1,
                    start_cursor: self.edges.first().map(|edge| edge.cursor.text()),
                    end_cursor: self.edges.last().map(|edge| edge.cursor.text()),
                }
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[async_graphql::Object]
        impl $connection {
            #[doc = concat!("The ", $what, " with their cursors.")]
            pub async fn edges(&self) -> $crate::graphql::fast_path::FastList<&$edge> {
                $crate::graphql::fast_path::FastList(self.edges.iter().collect())
            }

            #[doc = concat!("The ", $what, " alone.")]
            pub async fn nodes(&self) -> $crate::graphql::fast_path::FastList<&$node> {
                let nodes = self.edges.iter().map(|edge| &edge.node).collect();
                $crate::graphql::fast_path::FastList(nodes)
            }

            /// Where this page stands in the list.
            pub async fn page_info(
                &self,
            ) -> $crate::graphql::fast_path::FastObject<$crate::graphql::connection::PageInfo> {
                $crate::graphql::fast_path::FastObject(self.info())
            }

            $($extra)*
        }

        impl $crate::graphql::fast_path::LoadedFields for $connection {
            fn write_field(
                &self,
                field: $crate::graphql::fast_path::RequestedField<'_>,
                json: &mut $crate::graphql::json::JsonWriter,
            ) -> Option<()> {
                match field.name() {
                    "edges" => field.list(&self.edges, json),
                    "nodes" => field.list(self.edges.iter().map(|edge| &edge.node), json),
                    "pageInfo" => field.object(&self.info(), json),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use connection;
