//! Identities and comments of the items of a list, prefetched for all of them at once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use async_graphql::Name;
use async_graphql::parser::types::SelectionSet;

use crate::domain::model::item::Item;
use crate::graphql::context::ResolverContext;
use crate::graphql::fast_path::{Document, RequestedField};
use crate::graphql::fault::Result;
use crate::graphql::json::JsonWriter;
use crate::graphql::model::comment::{CommentConnection, comment_page};
use crate::graphql::model::identity::Identity;

/// What was prefetched for one item; nothing for an item that stands alone.
#[derive(Clone, Default)]
pub struct Prefetched(OnceLock<Arc<Parts>>);

struct Parts {
    /// The identity it came through, and whether that was asked.
    identity: Option<Identity>,
    with_identity: bool,
    /// The comments that were asked under a key.
    comments: Option<(Name, CommentConnection)>,
}

impl Prefetched {
    pub fn identity(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        let parts = self.0.get().filter(|parts| parts.with_identity)?;
        match &parts.identity {
            Some(identity) => field.object(identity, json),
            None => json.null(),
        }
    }

    pub fn comments(&self, field: RequestedField<'_>, json: &mut JsonWriter) -> Option<()> {
        let (key, comments) = self.0.get()?.comments.as_ref()?;
        if key == field.key() { field.object(comments, json) } else { None }
    }
}

/// Prefetches the identities of these items, and their comments where they are asked for once and from the first on. Whether
/// anything was prefetched.
pub async fn prefetch(
    items: Vec<(&ResolverContext, &Item, &Prefetched)>,
    document: Document<'_>,
    set: &SelectionSet,
) -> bool {
    let Some((context, ..)) = items.first() else { return false };
    let identities = !document.fields(set, "identity").is_empty();
    let comments = match document.fields(set, "comments")[..] {
        [field] => field.first_page(20).map(|arguments| (field.key(), arguments)),
        _ => None,
    };
    if context.may_read().is_err() || !identities && comments.is_none() {
        return false;
    }
    let rows = async {
        let ids = items.iter().filter_map(|(_, item, _)| item.identity).filter(|_| identities);
        context.loaders.identity.load_many(ids).await
    };
    let lists = async {
        match &comments {
            Some((_, arguments)) => {
                context
                    .loaders
                    .comments
                    .load_many(items.iter().map(|(_, item, _)| (item.id, None, arguments.limit)))
                    .await
            }
            None => Ok(HashMap::new()),
        }
    };
    // Both in one turn, as fields side by side are.
    let (rows, lists) = futures_util::future::join(rows, lists).await;
    let (Ok(rows), Ok(lists)): (Result<_>, Result<_>) = (rows, lists) else { return false };
    for (context, item, prefetched) in items {
        let row = item.identity.and_then(|id| rows.get(&id).cloned().flatten());
        let identity = row.map(|row| Identity { context: context.clone(), row });
        let comments = comments.as_ref().map(|(key, arguments)| {
            let rows = lists.get(&(item.id, None, arguments.limit)).cloned().unwrap_or_default();
            ((*key).clone(), comment_page(context, item.id, rows, arguments))
        });
        // Somebody else may have been first, with the same.
        let parts = Parts { identity, with_identity: identities, comments };
        let _ = prefetched.0.set(Arc::new(parts));
    }
    true
}
