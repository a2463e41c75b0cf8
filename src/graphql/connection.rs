//! The connection recipe, written once.

use std::sync::Arc;

use async_graphql::{Enum, Name, SimpleObject, Value};

use crate::error::Code;
use crate::graphql::at_hand::{Asked, AtHand};
use crate::graphql::env::Env;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::opaque::Cursors;
use crate::graphql::text::Text;
use crate::ids::{ItemId, Micros};

/// Items on a page.
pub const MOST: i32 = 200;
/// How far a count goes where none is kept.
pub const COUNTED: u64 = 1_000;

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

impl AtHand for PageInfo {
    fn at_hand(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match asked.name() {
            "hasNextPage" => text.leaf(&self.has_next_page),
            "hasPreviousPage" => text.leaf(&self.has_previous_page),
            "startCursor" => text.leaf(&self.start_cursor),
            "endCursor" => text.leaf(&self.end_cursor),
            _ => None,
        }
    }
}

/// How many there are.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Count {
    /// The number counted.
    pub count: i32,
    /// Whether the number is all of them.
    pub precision: CountPrecision,
}

/// Whether a count is all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
pub enum CountPrecision {
    /// All of them were counted.
    Exact,
    /// Counting stopped here; there may be more.
    AtLeast,
}

impl Count {
    pub fn exact(count: i64) -> Count {
        Count { count: i32::try_from(count).unwrap_or(i32::MAX), precision: CountPrecision::Exact }
    }

    /// A count that went no further than [`COUNTED`].
    pub fn bounded(count: u64) -> Count {
        let precision =
            if count >= COUNTED { CountPrecision::AtLeast } else { CountPrecision::Exact };
        Count { count: i32::try_from(count).unwrap_or(i32::MAX), precision }
    }
}

/// Which page of a list: checked paging arguments.
#[derive(Clone, Debug)]
pub struct Slice {
    pub limit: u64,
    pub after: Option<String>,
    pub before: Option<String>,
    pub backwards: bool,
}

impl Slice {
    pub fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        usual: i32,
    ) -> Result<Slice> {
        if first.is_some() && last.is_some() {
            return Err(Fault::new(Code::InvalidArgument, "first and last do not go together"));
        }
        let wanted = first.or(last).unwrap_or(usual);
        let limit = u64::try_from(wanted).ok().filter(|_| wanted <= MOST);
        let limit = limit.ok_or_else(|| {
            Fault::new(Code::InvalidArgument, format!("first and last are from 0 to {MOST}"))
        })?;
        Ok(Slice { limit, after, before, backwards: last.is_some() })
    }

    pub fn forwards(first: Option<i32>, after: Option<String>, usual: i32) -> Result<Slice> {
        Slice::new(first, after, None, None, usual)
    }

    /// Whether there is more after the page and before it, where `more` tells of the direction of paging.
    pub fn more(&self, more: bool) -> (bool, bool) {
        if self.backwards { (self.before.is_some(), more) } else { (more, self.after.is_some()) }
    }
}

/// The arguments `first` and `after`, if there are no others.
pub fn forwards_alone(arguments: Vec<(Name, Value)>) -> Option<(Option<i32>, Option<String>)> {
    let (mut first, mut after) = (None, None);
    for (name, value) in arguments {
        match (name.as_str(), value) {
            (_, Value::Null) => {}
            ("first", Value::Number(number)) => first = Some(number.as_i64()?.try_into().ok()?),
            ("after", Value::String(cursor)) => after = Some(cursor),
            _ => return None,
        }
    }
    Some((first, after))
}

/// A cursor, which may be one of a page of which nobody asks for cursors.
pub enum Cursor {
    Told(String),
    /// A place in a list of items.
    Item {
        env: Env,
        list: Arc<str>,
        place: (Micros, ItemId),
    },
}

impl Cursor {
    pub fn text(&self) -> String {
        match self {
            Cursor::Told(text) => text.clone(),
            Cursor::Item { env, list, place } => {
                Cursors { seal: &env.rapport.seal, tenant: env.tenant() }.item(list, *place)
            }
        }
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Cursor::Told(text)
    }
}

/// Defines a connection and its edge; further fields of the connection follow in braces.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal, { $($field:ident : $type:ty),* } { $($extra:tt)* }) => {
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
            pub async fn node(&self) -> $crate::graphql::at_hand::One<&$node> {
                $crate::graphql::at_hand::One(&self.node)
            }
        }

        impl $crate::graphql::at_hand::AtHand for $edge {
            fn at_hand(&self, asked: $crate::graphql::at_hand::Asked<'_>, text: &mut $crate::graphql::text::Text) -> Option<()> {
                match asked.name() {
                    "cursor" => text.leaf(&self.cursor.text()),
                    "node" => asked.object(&self.node, text),
                    _ => None,
                }
            }

            fn fetch<'a>(
                edges: Vec<&'a Self>,
                document: $crate::graphql::at_hand::Document<'a>,
                set: &'a async_graphql::parser::types::SelectionSet,
            ) -> futures_util::future::BoxFuture<'a, bool> {
                Box::pin(async move {
                    let mut brought = false;
                    for asked in document.fields(set, "node") {
                        let nodes = edges.iter().map(|edge| &edge.node).collect();
                        brought |= <$node as $crate::graphql::at_hand::AtHand>::fetch(nodes, document, asked.set()).await;
                    }
                    brought
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
                slice: &$crate::graphql::connection::Slice,
                more: bool
                $(, $field: $type)*
            ) -> Self {
                let edges = nodes.into_iter().map(|(cursor, node)| $edge { cursor: cursor.into(), node }).collect();
                $connection { edges, more: slice.more(more) $(, $field)* }
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
            pub async fn edges(&self) -> $crate::graphql::at_hand::Many<&$edge> {
                $crate::graphql::at_hand::Many(self.edges.iter().collect())
            }

            #[doc = concat!("The ", $what, " alone.")]
            pub async fn nodes(&self) -> $crate::graphql::at_hand::Many<&$node> {
                $crate::graphql::at_hand::Many(self.edges.iter().map(|edge| &edge.node).collect())
            }

            /// Where this page stands in the list.
            pub async fn page_info(&self) -> $crate::graphql::at_hand::One<$crate::graphql::connection::PageInfo> {
                $crate::graphql::at_hand::One(self.info())
            }

            $($extra)*
        }

        impl $crate::graphql::at_hand::AtHand for $connection {
            fn at_hand(&self, asked: $crate::graphql::at_hand::Asked<'_>, text: &mut $crate::graphql::text::Text) -> Option<()> {
                match asked.name() {
                    "edges" => asked.list(&self.edges, text),
                    "nodes" => asked.list(self.edges.iter().map(|edge| &edge.node), text),
                    "pageInfo" => asked.object(&self.info(), text),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use connection;
