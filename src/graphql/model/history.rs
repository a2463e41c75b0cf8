//! Connections of history items: a customer's history, page views, the tenant's feed.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use async_graphql::Value;
use futures_util::FutureExt;

use crate::domain::history::page::{Page, PageRequest};
use crate::domain::live::{FeedCursor, LiveCursor};
use crate::domain::model::customer::Customer as CustomerModel;
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::entity::kinds::HistoryKind;
use crate::error::Code;
use crate::graphql::connection::{Cursor, connection};
use crate::graphql::context::ResolverContext;
use crate::graphql::count::Count;
use crate::graphql::execute::Selected;
use crate::graphql::fault::{Fault, Result};
use crate::graphql::model::items::columns::of_connection;
use crate::graphql::model::items::together::Asked;
use crate::graphql::model::items::{HistoryItem, PageView};
use crate::graphql::page_arguments::{COUNTED, PageArguments};
use crate::ids::{CustomerId, Micros};

/// Items on a page where nobody says how many.
pub const HISTORY: i32 = 50;

/// The position in a log that was read before a page.
#[derive(Clone)]
pub enum Live {
    Customer(LiveCursor),
    Feed(FeedCursor),
}

/// What is counted when somebody asks how many there are.
#[derive(Clone)]
pub enum Counting {
    /// Kept in the writing transaction.
    Kept(i64),
    Homes(Vec<CustomerId>, Arc<HistoryFilter>),
    Tenant(Arc<HistoryFilter>),
}

impl Counting {
    async fn count(&self, context: &ResolverContext) -> Result<Count> {
        Ok(match self {
            Counting::Kept(count) => Count::exact(*count),
            Counting::Homes(homes, filter) => Count::bounded(
                context.loaders.history_counts.load((homes.clone(), filter.clone())).await?,
            ),
            Counting::Tenant(filter) => Count::bounded(
                context.rapport.count_latest(context.tenant(), filter, COUNTED + 1).await?,
            ),
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

connection!(HistoryConnection, HistoryEdge, HistoryItem, "history items", {
    context: ResolverContext, counting: Counting, live: Live
} {
    /// How many the filter admits: counted up to 1,000; of a customer's history exact, however many, where the filter asks
    /// for kinds and record types only.
    async fn total_count(&self) -> Result<Count> {
        self.counting.count(&self.context).await
    }

    /// The log position read before this page: pass it to a subscription's `after` to miss nothing.
    fn live_cursor(&self) -> String {
        let cursors = self.context.cursors();
        match &self.live {
            Live::Customer(cursor) => cursors.live(cursor),
            Live::Feed(cursor) => cursors.feed(cursor),
        }
    }
});

connection!(PageViewConnection, PageViewEdge, PageView, "page views", {
    context: ResolverContext, counting: Counting
} {
    /// How many the filter admits: exact, however many, without category and time, else counted up to 1,000.
    async fn total_count(&self) -> Result<Count> {
        self.counting.count(&self.context).await
    }
});

/// A list's name for its cursors: any id with the same survivor may use them.
fn list_name(filter: &HistoryFilter) -> Arc<str> {
    static OPEN: LazyLock<Arc<str>> = LazyLock::new(|| "history".into());
    if filter.is_open() { OPEN.clone() } else { format!("history{filter:?}").into() }
}

/// A filter for all who need it; most let everything pass.
fn shared(filter: HistoryFilter) -> Arc<HistoryFilter> {
    static OPEN: LazyLock<Arc<HistoryFilter>> = LazyLock::new(Arc::default);
    if filter.is_open() { OPEN.clone() } else { Arc::new(filter) }
}

/// What the store is asked for a page.
pub fn page_request(
    context: &ResolverContext,
    filter: &HistoryFilter,
    arguments: &PageArguments,
    columns: Columns,
) -> Result<PageRequest> {
    let cursors = context.cursors();
    let list = list_name(filter);
    let position = |cursor: &Option<String>| {
        cursor.as_deref().map(|cursor| cursors.read_item(&list, cursor)).transpose()
    };
    Ok(PageRequest {
        filter: filter.clone(),
        limit: arguments.limit,
        after: position(&arguments.after)?,
        before: position(&arguments.before)?,
        backwards: arguments.backwards,
        columns,
    })
}

fn edges<N>(
    context: &ResolverContext,
    filter: &HistoryFilter,
    items: impl IntoIterator<Item = Arc<Item>>,
    node: impl Fn(Arc<Item>) -> N,
) -> impl Iterator<Item = (Cursor, N)> {
    let list = list_name(filter);
    items.into_iter().map(move |item| {
        let cursor = Cursor::Item {
            context: context.clone(),
            list: list.clone(),
            position: (item.occurred_at, item.id),
        };
        (cursor, node(item))
    })
}

/// A page of a customer's history, in a batch with those of others.
async fn load_page(
    context: &ResolverContext,
    customer: &CustomerModel,
    request: PageRequest,
) -> Result<Page> {
    context.loaders.histories.load((customer.homes.clone(), Arc::new(request))).await
}

/// `first` and `after` of `Customer.history`, if none of its other arguments is given.
pub fn forwards_alone(values: &[Option<Value>]) -> Option<(Option<i32>, Option<String>)> {
    let value =
        |n: usize| values.get(n).and_then(Option::as_ref).filter(|value| **value != Value::Null);
    if [0, 3, 4].into_iter().any(|other| value(other).is_some()) {
        return None;
    }
    let first = match value(1) {
        Some(Value::Number(number)) => Some(number.as_i64()?.try_into().ok()?),
        Some(_) => return None,
        None => None,
    };
    match value(2) {
        Some(Value::String(cursor)) => Some((first, Some(cursor.clone()))),
        Some(_) => None,
        None => Some((first, None)),
    }
}

/// A page of a customer's history; `known` is the one that is asked for, where it was read with the customer.
pub async fn history_page(
    context: &ResolverContext,
    customer: &CustomerModel,
    known: Option<&Page>,
    filter: HistoryFilter,
    arguments: PageArguments,
    asked: &Selected<'_>,
) -> Result<HistoryConnection> {
    let page = if let Some(page) = known {
        Cow::Borrowed(page)
    } else {
        let request = page_request(context, &filter, &arguments, of_connection(asked))?;
        // Apart, as is the next: what waits for an answer that is at hand is moved often, and should be small.
        Cow::Owned(load_page(context, customer, request).boxed().await?)
    };
    let together = match Asked::of(asked) {
        Some(asked) => asked.load(context, &page.items).boxed().await,
        None => None,
    };
    let filter = shared(filter);
    let live = LiveCursor {
        epoch: context.rapport.secret.epoch,
        root: customer.id,
        at: customer.id,
        position: customer.version,
    };
    let node = |item| HistoryItem::of_page(context, item, together.as_ref());
    Ok(HistoryConnection::new(
        edges(context, &filter, page.items.iter().cloned(), node),
        &arguments,
        page.more,
        context.clone(),
        Counting::of(customer, &filter),
        Live::Customer(live),
    ))
}

/// A page of a customer's page views.
pub async fn page_view_page(
    context: &ResolverContext,
    customer: &CustomerModel,
    filter: HistoryFilter,
    arguments: PageArguments,
    columns: Columns,
) -> Result<PageViewConnection> {
    let request = page_request(context, &filter, &arguments, columns)?;
    let page = load_page(context, customer, request).await?;
    let more = page.more;
    let filter = Arc::new(filter);
    let nodes =
        edges(context, &filter, page.items, |item| PageView::new(context.clone(), item, None));
    let counting = Counting::of(customer, &filter);
    Ok(PageViewConnection::new(nodes, &arguments, more, context.clone(), counting))
}

/// The tenant's latest.
pub async fn feed_page(
    context: &ResolverContext,
    filter: HistoryFilter,
    arguments: PageArguments,
    columns: Columns,
) -> Result<HistoryConnection> {
    let request = page_request(context, &filter, &arguments, columns)?;
    // Read before the page, so that nothing falls between the two.
    let live = context.rapport.feed_cursor(context.tenant()).await?;
    let page = context.rapport.latest(context.tenant(), &request).await?;
    let more = page.more;
    let nodes = edges(context, &filter, page.items, |item| HistoryItem::new(context, item));
    let counting = Counting::Tenant(Arc::new(filter.clone()));
    Ok(HistoryConnection::new(nodes, &arguments, more, context.clone(), counting, Live::Feed(live)))
}

/// Page views, of a category and from a time on where these are asked for.
pub fn page_views_only(category: Option<String>, since: Option<Micros>) -> HistoryFilter {
    let kinds = vec![HistoryKind::PageView];
    HistoryFilter { kinds, since, category, ..HistoryFilter::default() }
}

/// The filter with every kind of item but page views.
pub fn engagements_only(mut filter: HistoryFilter) -> Result<HistoryFilter> {
    if filter.kinds.is_empty() {
        filter.kinds = HistoryKind::ALL.to_vec();
    }
    filter.kinds.retain(|kind| *kind != HistoryKind::PageView);
    if filter.kinds.is_empty() {
        return Err(Fault::new(
            Code::InvalidArgument,
            "engagements are of every kind but PAGE_VIEW",
        ));
    }
    Ok(filter)
}
