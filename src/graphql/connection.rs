//! The Relay connection, written once: `connection!` makes a connection type and its edge type for
//! a node type.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use rapport_macros::object;

use crate::domain::customer::list::CustomerPlace;
use crate::graphql::context::ResolverContext;
use crate::graphql::execute::{Flow, Output, Walk};
use crate::graphql::plan::Slot;
use crate::graphql::scalars::text_output;
use crate::ids::{ItemId, Micros};

/// Where a page stands in its list.
#[derive(Clone)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub has_previous_page: bool,
    pub start: Option<Cursor>,
    pub end: Option<Cursor>,
}

/// Where a page stands in its list.
#[object]
impl PageInfo {
    /// Whether there is more after this page.
    pub fn has_next_page(&self) -> bool {
        self.has_next_page
    }

    /// Whether there is more before this page.
    pub fn has_previous_page(&self) -> bool {
        self.has_previous_page
    }

    /// The cursor of the first edge.
    pub fn start_cursor(&self) -> Option<&Cursor> {
        self.start.as_ref()
    }

    /// The cursor of the last edge.
    pub fn end_cursor(&self) -> Option<&Cursor> {
        self.end.as_ref()
    }
}

/// A cursor, made when somebody asks for it.
#[derive(Clone)]
pub enum Cursor {
    Signed(String),
    /// A position in a list of items.
    Item {
        context: ResolverContext,
        list: Arc<str>,
        position: (Micros, ItemId),
    },
    /// A position in a list of customers.
    Customer {
        context: ResolverContext,
        list: Arc<str>,
        place: CustomerPlace,
    },
    /// A position in the results of a search.
    Hit {
        context: ResolverContext,
        list: Arc<str>,
        position: [i64; 3],
    },
}

impl Cursor {
    fn text(&self) -> String {
        match self {
            Cursor::Signed(text) => text.clone(),
            Cursor::Item { context, list, position } => context.cursors().item(list, *position),
            Cursor::Customer { context, list, place } => context.cursors().customer(list, place),
            Cursor::Hit { context, list, position } => context.cursors().hit(list, *position),
        }
    }
}

impl Output for Cursor {
    fn write<'p>(&self, walk: &mut Walk<'p>, slot: &'p Slot) -> Flow {
        let Cursor::Item { context, list, position } = self else {
            return self.text().write(walk, slot);
        };
        walk.out.push(b'"');
        context.cursors().write_item(&mut walk.out, list, *position);
        walk.out.push(b'"');
        Ok(())
    }
}

impl Display for Cursor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

text_output!(Cursor as String);

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
        #[derive(Clone)]
        pub struct $edge {
            pub cursor: $crate::graphql::connection::Cursor,
            pub node: $node,
        }

        #[doc = concat!("One of the ", $what, ", and its place in the list.")]
        #[rapport_macros::object]
        impl $edge {
            /// Opaque; pass it as `after` or `before` to go on from here.
            pub fn cursor(&self) -> &$crate::graphql::connection::Cursor {
                &self.cursor
            }

            /// The thing itself.
            pub fn node(&self) -> &$node {
                &self.node
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[derive(Clone)]
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
                    start: self.edges.first().map(|edge| edge.cursor.clone()),
                    end: self.edges.last().map(|edge| edge.cursor.clone()),
                }
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[rapport_macros::object]
        impl $connection {
            #[doc = concat!("The ", $what, " with their cursors.")]
            pub fn edges(&self) -> &[$edge] {
                &self.edges
            }

            #[doc = concat!("The ", $what, " alone.")]
            pub fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where this page stands in the list.
            pub fn page_info(&self) -> $crate::graphql::connection::PageInfo {
                self.info()
            }

            $($extra)*
        }

    };
}
pub(crate) use connection;
