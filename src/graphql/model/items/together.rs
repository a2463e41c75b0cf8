//! What the items of a page ask of others, read for the whole page: asked item by item, a loader costs more than what it
//! loads.

use std::sync::Arc;

use async_graphql::Value;

use crate::domain::model::item::Item;
use crate::graphql::context::ResolverContext;
use crate::graphql::execute::Selected;
use crate::graphql::loaders::{Comments, Identities};
use crate::ids::{IdentityId, ItemId};

/// What was read of what.
#[derive(Default)]
pub struct Together {
    pub identities: Option<Identities>,
    /// Of each item one more than this many, from the first on.
    pub comments: Option<(u64, Comments)>,
}

/// What a document asks of the items of a connection.
pub struct Asked {
    identities: bool,
    comments: Option<u64>,
}

impl Asked {
    /// Nothing where nothing is asked that is read together.
    pub fn of(connection: &Selected<'_>) -> Option<Asked> {
        let nodes = connection.field("nodes").and(connection.field("edges").field("node"));
        let identities = nodes.any(&["identity"]);
        let comments = first_comments(&nodes.field("comments"));
        (identities || comments.is_some()).then_some(Asked { identities, comments })
    }

    /// Reads it. What cannot be read is left to the items, each of which then has its own error.
    pub async fn load(
        self,
        context: &ResolverContext,
        items: &[Arc<Item>],
    ) -> Option<Arc<Together>> {
        if items.is_empty() {
            return None;
        }
        let identities = async {
            let ids = items.iter().filter_map(|item| item.identity);
            let ids: Arc<[IdentityId]> = ids.filter(|_| self.identities).collect();
            if ids.is_empty() {
                None
            } else {
                context.loaders.identities_of_page.load(ids).await.ok()
            }
        };
        let comments = async {
            let first = self.comments?;
            let ids: Arc<[ItemId]> = items.iter().map(|item| item.id).collect();
            let found = context.loaders.comments_of_page.load((ids, first)).await.ok()?;
            Some((first, found))
        };
        let (identities, comments) = futures_util::join!(identities, comments);
        Some(Arc::new(Together { identities, comments }))
    }
}

/// How many comments of each item are asked for, where it is the same of all and from the first on.
fn first_comments(comments: &Selected<'_>) -> Option<u64> {
    match comments.same_arguments()? {
        [Some(Value::Number(first)), None | Some(Value::Null)] => first.as_u64(),
        _ => None,
    }
}
