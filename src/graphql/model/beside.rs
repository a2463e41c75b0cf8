//! What belongs to the items of a list, brought for all of them at once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use async_graphql::Name;
use async_graphql::parser::types::SelectionSet;

use crate::domain::item::Item;
use crate::graphql::at_hand::{Asked, Document};
use crate::graphql::connection::Slice;
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::comment::{CommentConnection, comment_page};
use crate::graphql::model::identity::Identity;
use crate::graphql::text::Text;

/// What was brought for one item; nothing for an item that stands alone.
#[derive(Clone, Default)]
pub struct Beside(OnceLock<Arc<Brought>>);

struct Brought {
    /// The address it came through, where that was asked.
    identity: Option<Option<Identity>>,
    /// The comments that were asked under a key.
    comments: Option<(Name, CommentConnection)>,
}

impl Beside {
    pub fn identity(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        match self.0.get()?.identity.as_ref()? {
            Some(identity) => asked.object(identity, text),
            None => text.null(),
        }
    }

    pub fn comments(&self, asked: Asked<'_>, text: &mut Text) -> Option<()> {
        let (key, comments) = self.0.get()?.comments.as_ref()?;
        if key == asked.key() { asked.object(comments, text) } else { None }
    }
}

/// Brings the addresses of these items, and their comments where they are asked for once and from the first on. Whether
/// anything was brought.
pub async fn fetch(
    items: Vec<(&Env, &Item, &Beside)>,
    document: Document<'_>,
    set: &SelectionSet,
) -> bool {
    let Some((env, ..)) = items.first() else { return false };
    let identities = !document.fields(set, "identity").is_empty();
    let comments = match document.fields(set, "comments")[..] {
        [asked] => asked
            .first_alone()
            .and_then(|first| Some((asked.key(), Slice::forwards(first, None, 20).ok()?))),
        _ => None,
    };
    if env.may_read().is_err() || !identities && comments.is_none() {
        return false;
    }
    let rows = async {
        let ids = items.iter().filter_map(|(_, item, _)| item.identity).filter(|_| identities);
        env.loaders.identity.load_many(ids).await
    };
    let lists = async {
        match &comments {
            Some((_, slice)) => {
                env.loaders
                    .comments
                    .load_many(items.iter().map(|(_, item, _)| (item.id, None, slice.limit)))
                    .await
            }
            None => Ok(HashMap::new()),
        }
    };
    // Both in one turn, as fields side by side are.
    let (rows, lists) = futures_util::future::join(rows, lists).await;
    let (Ok(rows), Ok(lists)): (Result<_>, Result<_>) = (rows, lists) else { return false };
    for (env, item, beside) in items {
        let identity = || {
            let row = item.identity.and_then(|id| rows.get(&id).cloned().flatten());
            row.map(|row| Identity { env: env.clone(), row })
        };
        let comments = comments.as_ref().map(|(key, slice)| {
            let rows = lists.get(&(item.id, None, slice.limit)).cloned().unwrap_or_default();
            ((*key).clone(), comment_page(env, item.id, rows, slice))
        });
        // Somebody else may have been first, with the same.
        let _ = beside.0.set(Arc::new(Brought { identity: identities.then(identity), comments }));
    }
    true
}
