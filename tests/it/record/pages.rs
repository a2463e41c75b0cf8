//! The history as it is read: in order of time, page by page, filtered.

use rapport::domain::history::page::PageRequest;
use rapport::domain::history::record::{NewBody, NewItem};
use rapport::domain::model::history_filter::HistoryFilter;
use rapport::domain::model::item::Item;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction, HistoryKind};
use rapport::ids::{CustomerId, Micros};

use crate::record::{call, history, item, line, one, text};
use crate::support::stand::Stand;

/// Every cut of the list, forwards and backwards, gives the same list.
async fn same_in_all_pages(stand: &Stand, scope: &Scope, customer: CustomerId, all: &[Item]) {
    for size in 1..=4 {
        for backwards in [false, true] {
            let mut seen = Vec::new();
            let mut request = PageRequest { limit: size, backwards, ..PageRequest::default() };
            loop {
                let page = stand
                    .rapport
                    .histories(scope.tenant, &[vec![customer]], &request)
                    .await
                    .expect("reads")
                    .remove(0);
                let places: Vec<_> =
                    page.items.iter().map(|item| (item.occurred_at, item.id)).collect();
                if backwards {
                    seen.splice(0..0, places.iter().copied());
                    // Going back means: newer than the newest of this page.
                    request.before = places.first().copied();
                } else {
                    seen.extend(places.iter().copied());
                    request.after = places.last().copied();
                }
                if !page.more {
                    break;
                }
            }
            let whole: Vec<_> = all.iter().map(|item| (item.occurred_at, item.id)).collect();
            assert_eq!(seen, whole, "pages of {size}, backwards: {backwards}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_arrives_late_stands_where_it_happened_and_pages_go_both_ways() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let at = |n: i64| NewItem {
        occurred_at: Some(Micros(1_700_000_000_000_000 + n)),
        ..item(
            line("+14155552671"),
            Channel::Sms,
            Some(Direction::Inbound),
            Some(&n.to_string()),
            text(&format!("number {n}")),
        )
    };
    // In no order at all, some at the very same moment, page views among them.
    for n in [5, 1, 9, 3, 7, 3] {
        one(&stand, &scope, NewItem { source_id: None, ..at(n) }).await.expect("records");
    }
    let view = NewBody::PageView {
        url: "https://shop.example/cars/roadster?x=1".into(),
        title: None,
        category: None,
        object_id: None,
        session_id: None,
        description: None,
    };
    let viewed = one(
        &stand,
        &scope,
        NewItem {
            occurred_at: Some(Micros(1_700_000_000_000_006)),
            ..item(line("+14155552671"), Channel::Web, None, None, view)
        },
    )
    .await
    .expect("views");
    assert!(
        matches!(&viewed.item.body, rapport::domain::model::item::Body::PageView(page) if page.category.as_deref() == Some("cars") && page.object_id.as_deref() == Some("roadster"))
    );
    let customer = viewed.customer.expect("a person");
    let all = history(&stand, &scope, customer).await;
    let order: Vec<i64> =
        all.iter().map(|item| item.occurred_at.0 - 1_700_000_000_000_000).collect();
    assert_eq!(order, [9, 7, 6, 5, 3, 3, 1]);
    same_in_all_pages(&stand, &scope, customer, &all).await;
}

/// Two messages, a call and a record of one line.
fn one_of_each(number: &str) -> [NewItem; 4] {
    [
        item(
            line(number),
            Channel::Sms,
            Some(Direction::Inbound),
            None,
            text("The Café opens at noon"),
        ),
        item(line(number), Channel::Whatsapp, Some(Direction::Outbound), None, text("thank you")),
        item(line(number), Channel::Voice, Some(Direction::Inbound), None, call(CallState::Missed)),
        item(
            line(number),
            Channel::Internal,
            None,
            None,
            NewBody::Record {
                record_type: "order".into(),
                record_id: None,
                record_state: None,
                text: None,
                data: None,
            },
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_show_what_they_say_and_nobody_elses() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    for scope in [&scope, &other] {
        for number in ["+14155552671", "+14155552672"] {
            let inputs = one_of_each(number);
            assert!(
                stand
                    .rapport
                    .record(scope, &inputs)
                    .await
                    .expect("records")
                    .iter()
                    .all(Result::is_ok)
            );
        }
    }
    let customer = stand
        .rapport
        .customer(scope.tenant, &line("+14155552671").expect("a ref"))
        .await
        .expect("reads")
        .expect("known");
    let count = async |filter: HistoryFilter| {
        let request = PageRequest { filter: filter.clone(), limit: 50, ..PageRequest::default() };
        let page = stand
            .rapport
            .histories(scope.tenant, std::slice::from_ref(&customer.homes), &request)
            .await
            .expect("reads")
            .remove(0);
        assert!(
            page.items.iter().all(|item| item.home == customer.id && filter.admits(item)),
            "{filter:?}"
        );
        page.items.len()
    };
    let none = HistoryFilter::default;
    assert_eq!(count(none()).await, 4);
    assert_eq!(count(HistoryFilter { kinds: vec![HistoryKind::Message], ..none() }).await, 2);
    assert_eq!(count(HistoryFilter { kinds: vec![HistoryKind::PageView], ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { record_types: vec!["order".into()], ..none() }).await, 1);
    assert_eq!(
        count(HistoryFilter { channels: vec![Channel::Voice, Channel::Sms], ..none() }).await,
        2
    );
    assert_eq!(count(HistoryFilter { direction: Some(Direction::Outbound), ..none() }).await, 1);
    assert_eq!(count(HistoryFilter { text: Some("cafe noo".into()), ..none() }).await, 1);
    assert_eq!(count(HistoryFilter { text: Some("\" OR NEAR(".into()), ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { since: Some(Micros(i64::MAX)), ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { until: Some(Micros(i64::MAX)), ..none() }).await, 4);
}
