//! When something happened with a person last: the newest event, whatever was recorded when.

use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::history::record::NewItem;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::Channel;
use rapport::ids::{CustomerId, Micros};

use crate::record::{item, line, one, text};
use crate::support::stand::{Stand, email, note, phone};

/// A day of 2019.
const LONG_AGO: Micros = Micros(1_560_000_000_000_000);
/// The day after.
const LATER: Micros = Micros(1_560_086_400_000_000);

/// Everybody in the default order, with the time at which each was seen last.
async fn listed(stand: &Stand, scope: &Scope) -> Vec<(CustomerId, Micros)> {
    let list = CustomerList {
        filter: CustomerFilter::default(),
        order: CustomerOrder::LastSeenDesc,
        limit: 50,
        after: None,
        before: None,
        backwards: false,
    };
    let (page, _) = stand.rapport.customer_list(scope.tenant, &list).await.expect("reads");
    page.iter().map(|(customer, _)| (customer.id, customer.last_seen.expect("a time"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whose_first_event_is_an_old_one_was_seen_then() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let before = stand.rapport.clock.now();
    let known = stand.identify(&scope, &[email("known@x.org")]).await.expect("known").customer;
    let by_event = one(&stand, &scope, note("event@x.org", LONG_AGO, "bought a car")).await;
    let by_event = by_event.expect("records").customer.expect("a person");
    let view = item(line("+14155552671"), Channel::Sms, None, None, text("hello"));
    let recent = one(&stand, &scope, view).await.expect("records").customer.expect("a person");
    let order = listed(&stand, &scope).await;
    assert_eq!(
        order.iter().map(|(customer, _)| *customer).collect::<Vec<_>>(),
        [recent, known, by_event]
    );
    assert!(order[1].1 >= before, "of whom nothing has happened: when they became known");
    assert_eq!(order[2].1, LONG_AGO);

    // Who was known before the old event is no exception, and what is older than the newest changes nothing.
    one(&stand, &scope, note("known@x.org", LATER, "asked for a car")).await.expect("records");
    one(&stand, &scope, note("known@x.org", LONG_AGO, "was born")).await.expect("records");
    let order = listed(&stand, &scope).await;
    assert_eq!(order[1..], [(known, LATER), (by_event, LONG_AGO)]);
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_part_are_seen_when_each_was() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    for (address, at) in [("a@x.org", LONG_AGO), ("b@x.org", LATER)] {
        one(&stand, &scope, note(address, at, address)).await.expect("records");
    }
    let people = listed(&stand, &scope).await;
    let [(b, _), (a, _)] = people[..] else { panic!("two people: {people:?}") };
    let merge = stand.merge(&scope, &[a, b]).await.merges[0];
    stand.check(&scope).await;
    stand.rapport.undo_merge(&scope, merge, false, None).await.expect("undone");
    stand.check(&scope).await;
    // The undo itself happened now, to both.
    assert!(listed(&stand, &scope).await.iter().all(|(_, at)| *at > LATER));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_old_events_lists_each_at_the_newest() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let inputs: Vec<NewItem> = [LATER, LONG_AGO, LATER, LONG_AGO]
        .into_iter()
        .enumerate()
        .map(|(n, at)| note(&format!("p{}@x.org", n / 2), at, &n.to_string()))
        .collect();
    let results = stand.rapport.record(&scope, &inputs).await.expect("records");
    assert!(results.iter().all(Result::is_ok));
    assert!(listed(&stand, &scope).await.iter().all(|(_, at)| *at == LATER));
    stand.identify(&scope, &[email("p0@x.org"), phone("5550100")]).await.expect("a new number");
    stand.check(&scope).await;
}
