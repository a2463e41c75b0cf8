//! When something happened with a person last: the newest event, whatever was recorded when.

use rapport::domain::customer::beside::Beside;
use rapport::domain::customer::list::{CustomerFilter, CustomerList, CustomerOrder};
use rapport::domain::history::record::NewItem;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::Channel;
use rapport::ids::{CustomerId, Micros};
use serde_json::json;

use crate::record::{item, line, one, text};
use crate::support::app::App;
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
    let (page, _) =
        stand.rapport.customer_list(scope.tenant, &list, Beside::default()).await.expect("reads");
    page.iter()
        .map(|(found, _)| (found.customer.id, found.customer.last_seen.expect("a time")))
        .collect()
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

#[tokio::test]
async fn a_wrong_time_is_told_of_its_own_input_and_stops_no_other() {
    const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { occurredAt } userErrors { code path } } } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let by = json!({ "identity": { "kind": "EMAIL", "value": "ada@x.example" } });
    let times =
        ["2026-02-28T09:30:00Z", "2026-02-30T00:00:00Z", "2026-02-28T09:30:00", "1772271000", ""];
    let input = |time: &str| json!({ "customer": by, "channel": "SMS", "occurredAt": time, "body": { "message": { "text": "hi" } } });
    let inputs: Vec<_> = times.iter().chain(&times[..1]).map(|time| input(time)).collect();
    let answer = agent.gql(RECORD, json!({ "inputs": inputs })).await.body["data"].clone();
    let results = answer["recordEngagements"]["results"].as_array().expect("results");
    assert_eq!(results.len(), 6, "{answer}");
    for n in [0, 5] {
        assert_eq!(results[n]["item"]["occurredAt"], "2026-02-28T09:30:00+00:00", "{answer}");
    }
    for (n, result) in results.iter().enumerate().take(5).skip(1) {
        let error = json!([{ "code": "INVALID", "path": ["inputs", n.to_string(), "occurredAt"] }]);
        assert_eq!((&result["item"], &result["userErrors"]), (&json!(null), &error));
    }
    // Another JSON type is wrong with the request, and nothing is recorded.
    let mut wrong = input("");
    wrong["occurredAt"] = json!(1_772_271_000);
    let refused = agent.gql(RECORD, json!({ "inputs": [input(times[0]), wrong] })).await;
    assert_eq!(refused.code(), Some("GRAPHQL_VALIDATION_FAILED"), "{}", refused.body);
    // Elsewhere it is the field's error, with its path.
    const PAGE: &str = "query($by: CustomerRef!, $since: DateTime) { customer(by: $by) { name history(filter: { since: $since }) { totalCount { count } } } }";
    let answer = agent.gql(PAGE, json!({ "by": by, "since": "2026-02-30T00:00:00Z" })).await.body;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "INVALID_ARGUMENT", "{answer}");
    assert_eq!(error["path"], json!(["customer", "history"]), "{answer}");
    let all = agent.data(PAGE, json!({ "by": by })).await;
    assert_eq!(all["customer"]["history"]["totalCount"]["count"], 2, "{all}");
}

/// A name of the year 2099 would stay until then.
#[tokio::test]
async fn nobody_is_identified_in_the_far_future() {
    const IDENTIFY: &str = "mutation($input: IdentifyInput!) { identify(input: $input) { customer { name } userErrors { code path } } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let input = |name: &str, at: Option<&str>| json!({ "input": { "email": "f@x.example", "name": name, "occurredAt": at } });
    for at in ["2099-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
        let answer = agent.gql(IDENTIFY, input("Future", Some(at))).await.body["data"].clone();
        let error = json!([{ "code": "INVALID", "path": ["input", "occurredAt"] }]);
        assert_eq!(answer["identify"]["userErrors"], error, "{answer}");
        assert_eq!(answer["identify"]["customer"], json!(null));
    }
    let answer = agent.data(IDENTIFY, input("Now", None)).await;
    assert_eq!(answer["identify"]["customer"]["name"], "Now", "{answer}");
}
