//! Pages of history.

use std::sync::Arc;

use crate::domain::customer::Customer as CustomerModel;
use crate::domain::history::{HistoryFilter, Page, PageRequest};
use crate::domain::item::Item;
use crate::domain::live::{FeedCursor, LiveCursor};
use crate::graphql::connection::{COUNTED, Count, Cursor, Slice, connection};
use crate::graphql::env::Env;
use crate::graphql::fault::Result;
use crate::graphql::model::items::{HistoryItem, PageView};
use crate::graphql::opaque::Cursors;
use crate::ids::CustomerId;

/// Items on a page where nobody says how many.
pub const HISTORY: i32 = 50;

/// The place in a log that was read before a page.
pub enum Live {
    Customer(LiveCursor),
    Feed(FeedCursor),
}

/// What is counted when somebody asks how many there are.
pub enum Counting {
    /// Kept in the writing transaction.
    Kept(i64),
    Homes(Vec<CustomerId>, Arc<HistoryFilter>),
    Tenant(Arc<HistoryFilter>),
}

impl Counting {
    async fn count(&self, env: &Env) -> Result<Count> {
        Ok(match self {
            Counting::Kept(count) => Count::exact(*count),
            Counting::Homes(homes, filter) => Count::bounded(
                env.loaders.history_counts.load((homes.clone(), filter.clone())).await?,
            ),
            Counting::Tenant(filter) => {
                Count::bounded(env.rapport.count_latest(env.tenant(), filter, COUNTED).await?)
            }
        })
    }

    /// Kept counts answer questions for kinds and types of records.
    fn of(customer: &CustomerModel, filter: &Arc<HistoryFilter>) -> Counting {
        if !filter.is_counted() {
            return Counting::Homes(customer.homes.clone(), filter.clone());
        }
        let counts = customer.stats.counts.0.iter();
        let wanted = counts.filter(|((kind, record_type), _)| {
            (filter.kinds.is_empty() || filter.kinds.contains(kind))
                && (filter.record_types.is_empty()
                    || record_type.as_ref().is_some_and(|name| filter.record_types.contains(name)))
        });
        Counting::Kept(wanted.map(|(_, (count, _))| count).sum())
    }
}

connection!(HistoryConnection, HistoryEdge, HistoryItem, "history items", { env: Env, counting: Counting, live: Live } {
    /// How many the filter admits: exact where it asks for kinds and record types only, else counted up to 1,000.
    async fn total_count(&self) -> Result<Count> {
        self.counting.count(&self.env).await
    }

    /// The log position read before this page: pass it to a subscription's `after` to miss nothing.
    async fn live_cursor(&self) -> String {
        let cursors = Cursors { seal: &self.env.rapport.seal, tenant: self.env.tenant() };
        match &self.live {
            Live::Customer(cursor) => cursors.live(cursor),
            Live::Feed(cursor) => cursors.feed(cursor),
        }
    }
});

connection!(PageViewConnection, PageViewEdge, PageView, "page views", { env: Env, counting: Counting } {
    /// How many the filter admits: exact without category and time, else counted up to 1,000.
    async fn total_count(&self) -> Result<Count> {
        self.counting.count(&self.env).await
    }
});

/// A list's name for its cursors: any id with the same survivor may use them.
fn list_name(filter: &HistoryFilter) -> String {
    if filter.is_open() { "history".into() } else { format!("history{filter:?}") }
}

/// What the store is asked for a page.
pub fn page_request(env: &Env, filter: &HistoryFilter, slice: &Slice) -> Result<PageRequest> {
    let cursors = Cursors { seal: &env.rapport.seal, tenant: env.tenant() };
    let list = list_name(filter);
    let place = |cursor: &Option<String>| {
        cursor.as_deref().map(|cursor| cursors.read_item(&list, cursor)).transpose()
    };
    Ok(PageRequest {
        filter: filter.clone(),
        limit: slice.limit,
        after: place(&slice.after)?,
        before: place(&slice.before)?,
        backwards: slice.backwards,
    })
}

fn edges<N>(
    env: &Env,
    filter: &HistoryFilter,
    page: Page,
    node: impl Fn(Arc<Item>) -> N,
) -> impl Iterator<Item = (Cursor, N)> {
    let list: Arc<str> = list_name(filter).into();
    page.items.into_iter().map(move |item| {
        let cursor = Cursor::Item {
            env: env.clone(),
            list: list.clone(),
            place: (item.occurred_at, item.id),
        };
        (cursor, node(item))
    })
}

/// A page of a customer's history.
pub async fn history_page(
    env: &Env,
    customer: &CustomerModel,
    filter: HistoryFilter,
    slice: Slice,
) -> Result<HistoryConnection> {
    let request = Arc::new(page_request(env, &filter, &slice)?);
    let page = env.loaders.histories.load((customer.homes.clone(), request)).await?;
    Ok(connection(env, customer, page, &Arc::new(filter), &slice))
}

/// The first page of each customer's history, unfiltered.
pub async fn history_pages(
    env: &Env,
    customers: &[&CustomerModel],
    slice: &Slice,
) -> Result<Vec<HistoryConnection>> {
    let filter = HistoryFilter::default();
    let request = Arc::new(page_request(env, &filter, slice)?);
    let keys = customers.iter().map(|customer| (customer.homes.clone(), request.clone()));
    let pages = env.loaders.histories.load_many(keys).await?;
    let filter = Arc::new(filter);
    let of = |customer: &&CustomerModel| {
        let page =
            pages.get(&(customer.homes.clone(), request.clone())).cloned().unwrap_or_default();
        connection(env, customer, page, &filter, slice)
    };
    Ok(customers.iter().map(of).collect())
}

fn connection(
    env: &Env,
    customer: &CustomerModel,
    page: Page,
    filter: &Arc<HistoryFilter>,
    slice: &Slice,
) -> HistoryConnection {
    let more = page.more;
    let live = LiveCursor {
        epoch: env.rapport.seal.epoch,
        root: customer.id,
        at: customer.id,
        position: customer.version,
    };
    let nodes = edges(env, filter, page, |item| HistoryItem::new(env, item));
    HistoryConnection::new(
        nodes,
        slice,
        more,
        env.clone(),
        Counting::of(customer, filter),
        Live::Customer(live),
    )
}

/// A page of a customer's page views.
pub async fn page_view_page(
    env: &Env,
    customer: &CustomerModel,
    filter: HistoryFilter,
    slice: Slice,
) -> Result<PageViewConnection> {
    let request = Arc::new(page_request(env, &filter, &slice)?);
    let page = env.loaders.histories.load((customer.homes.clone(), request)).await?;
    let more = page.more;
    let filter = Arc::new(filter);
    let nodes = edges(env, &filter, page, |item| PageView::new(env.clone(), item));
    let counting = Counting::of(customer, &filter);
    Ok(PageViewConnection::new(nodes, &slice, more, env.clone(), counting))
}

/// The tenant's latest.
pub async fn feed_page(
    env: &Env,
    filter: HistoryFilter,
    slice: Slice,
) -> Result<HistoryConnection> {
    let request = page_request(env, &filter, &slice)?;
    // Read before the page, so that nothing falls between the two.
    let live = env.rapport.feed_cursor(env.tenant()).await?;
    let page = env.rapport.latest(env.tenant(), &request).await?;
    let more = page.more;
    let nodes = edges(env, &filter, page, |item| HistoryItem::new(env, item));
    let counting = Counting::Tenant(Arc::new(filter.clone()));
    Ok(HistoryConnection::new(nodes, &slice, more, env.clone(), counting, Live::Feed(live)))
}
