//! `search`: people by what identifies them, items by their words.

use std::sync::Arc;

use rapport_macros::object;

use crate::domain::search::{ItemKey, PersonKey};
use crate::error::Code;
use crate::graphql::connection::Cursor;
use crate::graphql::context::{Access, ResolverContext};
use crate::graphql::execute::{FieldContext, Selected};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::search::{SearchHit, SearchHitConnection, SearchScope};
use crate::graphql::page_arguments::PageArguments;
use crate::ids::{CustomerId, ItemId, Micros};

/// Hits on one page of a search.
const HITS: i32 = 50;

/// The parts of a search's results, in their order.
const PEOPLE: i64 = 0;
const ITEMS: i64 = 1;

/// Searches.
#[derive(Clone, Default)]
pub struct SearchQuery;

/// Searches.
#[object(root)]
impl SearchQuery {
    /// Finds people by name, email, phone in any spelling or fragment, any identity value, or the words of a trait; and
    /// items by the words of the history. People come first, of equals those who were seen last.
    async fn search(
        &self,
        ctx: &FieldContext,
        #[graphql(desc = "What was typed; just text, at most 200 characters of it count.")]
        query: String,
        #[graphql(default_with = "vec![SearchScope::Customer]", desc = "Where to look.")]
        scopes: Vec<SearchScope>,
        #[graphql(default = 20, desc = "How many, at most 50.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<SearchHitConnection> {
        let context = ctx.resolvers(Access::Read)?;
        if first > HITS {
            return Err(Fault::new(Code::InvalidArgument, format!("first is from 0 to {HITS}")));
        }
        let arguments = PageArguments::forwards(Some(first), after, 20)?;
        search(&context, &query, &scopes, arguments, on_cards(&ctx.selected())).await
    }
}

/// Fields of a customer that its card answers, or what is loaded by its number.
const ON_CARDS: [&str; 15] = [
    "__typename",
    "id",
    "name",
    "primaryEmail",
    "primaryPhone",
    "emails",
    "phoneNumbers",
    "contacts",
    "status",
    "stage",
    "stageName",
    "tags",
    "traits",
    "createdAt",
    "updatedAt",
];

/// Whether all that is asked of people stands on their cards.
fn on_cards(search: &Selected<'_>) -> bool {
    let hits = search.field("nodes").and(search.field("edges").field("node"));
    // async-graphql's own executor does not tell what is asked.
    let customer = hits.field("customer");
    !search.is_empty()
        && customer.names().all(|name| ON_CARDS.contains(&name))
        && !customer.field("contacts").any(&["customer"])
}

async fn search(
    context: &ResolverContext,
    query: &str,
    scopes: &[SearchScope],
    arguments: PageArguments,
    on_cards: bool,
) -> Result<SearchHitConnection> {
    let list: Arc<str> = format!("search{scopes:?}{query}").into();
    let read = |cursor| context.cursors().read_hit(&list, cursor);
    let position = arguments.after.as_deref().map(read).transpose()?;
    let cursor = |position| Cursor::Hit { context: context.clone(), list: list.clone(), position };
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let mut nodes = Vec::new();
    if scopes.contains(&SearchScope::Customer)
        && position.is_none_or(|position| position[0] == PEOPLE)
    {
        let after = position.map(|[_, rank, id]| PersonKey { rank, customer: CustomerId(id) });
        let (rapport, tenant) = (&context.rapport, context.tenant());
        let hits = if on_cards {
            rapport.search_cards(tenant, query, limit + 1, after).await?
        } else {
            rapport.search_people(tenant, query, limit + 1, after).await?
        };
        for hit in hits {
            let key = hit.key();
            let cursor = cursor([PEOPLE, key.rank, key.customer.0]);
            nodes.push((cursor, SearchHit::of_person(context, hit)));
        }
    }
    if scopes.contains(&SearchScope::History) && nodes.len() <= limit {
        let after = position
            .filter(|position| position[0] == ITEMS)
            .map(|[_, at, id]| ItemKey { occurred_at: Micros(at), id: ItemId(id) });
        for hit in context
            .rapport
            .search_history(context.tenant(), query, limit + 1 - nodes.len(), after)
            .await?
        {
            let cursor = cursor([ITEMS, hit.item.occurred_at.0, hit.item.id.0]);
            nodes.push((cursor, SearchHit::of_item(context, hit)));
        }
    }
    let more = nodes.len() > limit;
    nodes.truncate(limit);
    Ok(SearchHitConnection::new(nodes, &arguments, more))
}
