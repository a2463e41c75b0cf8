//! The root of what is read.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::domain::customers::CustomerList;
use crate::domain::history::{HistoryFilter, PageRequest};
use crate::domain::search::{ItemKey, PersonKey};
use crate::error::Code;
use crate::graphql::at_hand::One;
use crate::graphql::connection::{Slice, forwards_alone};
use crate::graphql::enums::{CustomerOrder, ReviewState};
use crate::graphql::env::{Access, Env};
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::customer::{Customer, CustomerConnection};
use crate::graphql::model::history::{HISTORY, HistoryConnection, feed_page, page_request};
use crate::graphql::model::inputs::{CustomerFilterInput, CustomerRef, HistoryFilterInput};
use crate::graphql::model::node::Node;
use crate::graphql::model::review::{LinkReview, LinkReviewConnection};
use crate::graphql::model::search::{SearchHit, SearchHitConnection, SearchScope};
use crate::graphql::model::viewer::Viewer;
use crate::graphql::opaque::Cursors;
use crate::graphql::pages::FirstRead;
use crate::ids::{CustomerId, ItemId, Micros, ReviewId};

/// Ids in one `nodes`.
const NODES: usize = 100;
/// Hits on one page of a search.
const HITS: i32 = 50;

/// The fields of a customer that show its contacts.
const CONTACTS: [&str; 5] = ["contacts", "primaryEmail", "primaryPhone", "emails", "phoneNumbers"];

/// What can be read.
#[derive(Default)]
pub struct CoreQuery;

/// What can be read.
#[Object]
impl CoreQuery {
    /// The thing of this id; null for what is not there, or is another tenant's.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id.")] id: ID,
    ) -> Result<Option<Node>> {
        let env = Env::of(ctx, Access::Read)?;
        Ok(Node::find(&env, &[id]).await?.pop().flatten())
    }

    /// The things of these ids, in their order, at most 100.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let env = Env::of(ctx, Access::Read)?;
        if ids.len() > NODES {
            return Err(Fault::new(Code::InvalidArgument, format!("at most {NODES} ids")));
        }
        Node::find(&env, &ids).await
    }

    /// Who the token says you are.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(Env::of(ctx, Access::Any)?))
    }

    /// One person. Follows merges: the id or an address of a merged customer answers the surviving one.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: CustomerRef,
    ) -> Result<Option<One<Customer>>> {
        let env = Env::of(ctx, Access::Read)?;
        let by = by.read(env.tenant())?;
        // What will be asked for comes along: statements less.
        let contacts = CONTACTS.iter().any(|field| ctx.look_ahead().field(field).exists());
        let page = history_of(&env, ctx);
        let Some(found) =
            env.rapport.customer_and(env.tenant(), &by, contacts, page.as_deref()).await?
        else {
            return Ok(None);
        };
        if let Some(first) = ctx.data_opt::<FirstRead>() {
            first.set(found.customer.id, found.customer.version);
        }
        if let (Some(request), Some(page)) = (page, found.page) {
            env.loaders.histories.prime((found.customer.homes.clone(), request), page).await;
        }
        let customer = Customer::new(&env, found.customer);
        Ok(Some(One(match found.contacts {
            Some(contacts) => customer.with_contacts(Arc::new(contacts)),
            None => customer,
        })))
    }

    /// People in a list.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CustomerFilterInput>,
        #[graphql(default_with = "CustomerOrder::LastSeenDesc", desc = "In which order.")] order_by: CustomerOrder,
        #[graphql(desc = "The first, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
        #[graphql(desc = "The last of the range, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Cursor before which the page ends.")] before: Option<String>,
    ) -> Result<One<CustomerConnection>> {
        let env = Env::of(ctx, Access::Read)?;
        let slice = Slice::new(first, after, last, before, 20)?;
        let filter = CustomerFilterInput::read(filter)?;
        let order = order_by.into();
        let list = format!("customers{order:?}{filter:?}");
        let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
        let place = |cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| cursors.read_customer(&list, cursor, order)).transpose()
        };
        let wanted = CustomerList {
            filter: filter.clone(),
            order,
            limit: slice.limit,
            after: place(&slice.after)?,
            before: place(&slice.before)?,
            backwards: slice.backwards,
        };
        // Contacts that will be asked for are read with the list: its customers are then at hand with them.
        let look = ctx.look_ahead();
        let with_contacts = CONTACTS.iter().any(|field| {
            look.field("nodes").field(field).exists()
                || look.field("edges").field("node").field(field).exists()
        });
        let (placed, mut contacts, more) = if with_contacts {
            env.rapport.customer_list_with_contacts(env.tenant(), &wanted).await?
        } else {
            let (placed, more) = env.rapport.customer_list(env.tenant(), &wanted).await?;
            (placed, HashMap::new(), more)
        };
        let mut nodes = Vec::with_capacity(placed.len());
        for (customer, place) in placed {
            let (id, cursor) = (customer.id, cursors.customer(&list, &place));
            env.loaders.customers.prime(id, Some(customer.clone())).await;
            let node = Customer::new(&env, customer);
            nodes.push((
                cursor,
                match contacts.remove(&id) {
                    Some(contacts) => node.with_contacts(Arc::new(contacts)),
                    None => node,
                },
            ));
        }
        Ok(One(CustomerConnection::new(nodes, &slice, more, env.clone(), filter)))
    }

    /// Finds people by name, email, phone in any spelling or fragment, or any identity value; and items by the words of
    /// the history. People come first.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed; just text, at most 200 characters of it count.")]
        query: String,
        #[graphql(default_with = "vec![SearchScope::Customer]", desc = "Where to look.")]
        scopes: Vec<SearchScope>,
        #[graphql(default = 20, desc = "How many, at most 50.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<SearchHitConnection>> {
        let env = Env::of(ctx, Access::Read)?;
        if first > HITS {
            return Err(Fault::new(Code::InvalidArgument, format!("first is from 0 to {HITS}")));
        }
        let slice = Slice::forwards(Some(first), after, 20)?;
        search(&env, &query, &scopes, slice).await.map(One)
    }

    /// The latest of the whole tenant, newest first; its liveCursor starts Subscription.feed.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these items.")] filter: Option<HistoryFilterInput>,
        #[graphql(default = 50, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<HistoryConnection>> {
        let env = Env::of(ctx, Access::Read)?;
        feed_page(&env, HistoryFilterInput::read(filter)?, Slice::forwards(Some(first), after, 50)?)
            .await
            .map(One)
    }

    /// Links that a guard held back, newest first.
    async fn link_reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "ReviewState::Open", desc = "How far they are.")]
        state: ReviewState,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<One<LinkReviewConnection>> {
        let env = Env::of(ctx, Access::Read)?;
        let slice = Slice::forwards(Some(first), after, 20)?;
        let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
        let list = format!("linkReviews{state:?}");
        let before = slice
            .after
            .as_deref()
            .map(|cursor| cursors.read_number(&list, cursor))
            .transpose()?
            .map(ReviewId);
        let mut reviews =
            env.rapport.link_reviews(env.tenant(), state.into(), before, slice.limit + 1).await?;
        let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
        let more = reviews.len() > limit;
        reviews.truncate(limit);
        let nodes = reviews
            .into_iter()
            .map(|review| (cursors.number(&list, review.id.0), LinkReview::new(&env, review)));
        Ok(One(LinkReviewConnection::new(nodes, &slice, more)))
    }
}

/// The page of the history that is asked of a customer, where it is one, unfiltered and towards the past.
fn history_of(env: &Env, ctx: &Context<'_>) -> Option<Arc<PageRequest>> {
    let customer = ctx.field();
    let mut asked = customer.selection_set().filter(|field| field.name() == "history");
    let (field, None) = (asked.next()?, asked.next()) else { return None };
    let (first, after) = forwards_alone(field.arguments().ok()?)?;
    let slice = Slice::forwards(first, after, HISTORY).ok()?;
    page_request(env, &HistoryFilter::default(), &slice).ok().map(Arc::new)
}

/// The parts of a search's results, in their order.
const PEOPLE: i64 = 0;
const ITEMS: i64 = 1;

async fn search(
    env: &Env,
    query: &str,
    scopes: &[SearchScope],
    slice: Slice,
) -> Result<SearchHitConnection> {
    let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
    let list = format!("search{scopes:?}{query}");
    let place = slice.after.as_deref().map(|cursor| cursors.read_hit(&list, cursor)).transpose()?;
    let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
    let mut nodes = Vec::new();
    if scopes.contains(&SearchScope::Customer) && place.is_none_or(|place| place[0] == PEOPLE) {
        let after = place.map(|[_, score, seen, id]| PersonKey {
            score: i32::try_from(score).unwrap_or(i32::MAX),
            last_seen: Micros(seen),
            customer: CustomerId(id),
        });
        for hit in env.rapport.search_people(env.tenant(), query, limit + 1, after).await? {
            let key = hit.key();
            let cursor =
                cursors.hit(&list, [PEOPLE, key.score.into(), key.last_seen.0, key.customer.0]);
            nodes.push((cursor, SearchHit::of_person(env, hit)));
        }
    }
    if scopes.contains(&SearchScope::History) && nodes.len() <= limit {
        let after = place
            .filter(|place| place[0] == ITEMS)
            .map(|[_, at, id, _]| ItemKey { occurred_at: Micros(at), id: ItemId(id) });
        for hit in
            env.rapport.search_history(env.tenant(), query, limit + 1 - nodes.len(), after).await?
        {
            let cursor = cursors.hit(&list, [ITEMS, hit.item.occurred_at.0, hit.item.id.0, 0]);
            nodes.push((cursor, SearchHit::of_item(env, hit)));
        }
    }
    let more = nodes.len() > limit;
    nodes.truncate(limit);
    Ok(SearchHitConnection::new(nodes, &slice, more))
}
