//! Counts tell what is listed, in every order and under every filter, and end where they are documented to end.

use std::collections::BTreeSet;

use rapport::entity::kinds::ReviewState;
use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{IDENTIFY, MERGE, id_of, identify};
use crate::support::stand::open as open_store;

const LIST: &str = "query($order: CustomerOrder!, $filter: CustomerFilter, $after: String) {
    customers(orderBy: $order, filter: $filter, first: 2, after: $after) {
        totalCount { count precision } pageInfo { hasNextPage endCursor } nodes { id }
    }
}";

/// What a list says it has, and all that it shows, page by page.
async fn counted_and_listed(agent: &Caller<'_>, order: &str, filter: &Value) -> (Value, usize) {
    let (mut listed, mut after, mut counts) = (BTreeSet::new(), Value::Null, Vec::new());
    loop {
        let variables = json!({ "order": order, "filter": filter, "after": after });
        let page = agent.data(LIST, variables).await["customers"].clone();
        counts.push(page["totalCount"].clone());
        listed.extend(page["nodes"].as_array().expect("nodes").iter().map(id_of));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "each page counts the whole list");
    (counts[0].clone(), listed.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_as_many_as_it_counts_in_every_order_and_under_every_filter() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let mut ids = Vec::new();
    for (email, name) in [
        ("ada@x.example", Some("Ada")),
        ("bob@x.example", Some("Bob")),
        ("nameless@x.example", None),
        ("eve@x.example", Some("Eve")),
        ("nobody@x.example", None),
        ("twin@x.example", Some("Ada")),
    ] {
        let input = json!({ "email": email, "name": name });
        ids.push(id_of(&identify(&agent, input).await["customer"]));
    }
    identify(&agent, json!({ "phoneNumber": "+14155550100" })).await;
    // One of the merged is no longer listed, in no order; the nameless one of a pair shows the other's name.
    agent.data(MERGE, json!({ "input": { "customerIds": [ids[2], ids[3]] } })).await;
    let update = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { code } } }";
    for (id, stage, tags) in [(&ids[0], "LEAD", json!(["vip"])), (&ids[4], "LEAD", json!(["vip"]))]
    {
        let input = json!({ "customerId": id, "stage": stage, "tags": tags });
        agent.data(update, json!({ "input": input })).await;
    }
    for (filter, listed, named) in [
        (Value::Null, 6, 4),
        (json!({ "stages": ["LEAD"] }), 2, 1),
        (json!({ "tags": ["vip"] }), 2, 1),
        (json!({ "identityKinds": ["PHONE"] }), 1, 0),
        (json!({ "identityKinds": ["EMAIL"], "stages": ["VISITOR"] }), 3, 3),
        (json!({ "seenSince": "2020-01-01T00:00:00Z" }), 6, 4),
    ] {
        for (order, all) in
            [("LAST_SEEN_DESC", listed), ("CREATED_DESC", listed), ("NAME_ASC", named)]
        {
            let (count, shown) = counted_and_listed(&agent, order, &filter).await;
            assert_eq!(shown, all, "{order} {filter}");
            assert_eq!(count, json!({ "count": all, "precision": "EXACT" }), "{order} {filter}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn held_links_are_counted_by_their_state_whatever_the_page_shows() {
    const HELD: &str = "query($state: ReviewState) { linkReviews(first: 1, state: $state) { totalCount { count precision } nodes { id } } }";
    const RESOLVE: &str = "mutation($id: ID!) { resolveLinkReview(reviewId: $id, decision: KEEP_APART) { userErrors { code } } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    for pair in 0..3 {
        let person = |n: usize| {
            let login = json!({ "kind": "USER_ID", "value": format!("u{n}-{pair}") });
            json!({ "email": format!("p{n}-{pair}@x.example"), "identities": [login] })
        };
        identify(&agent, person(1)).await;
        identify(&agent, person(2)).await;
        let other = json!({ "kind": "EMAIL", "value": format!("p2-{pair}@x.example") });
        let both = json!({ "email": format!("p1-{pair}@x.example"), "identities": [other] });
        assert_eq!(identify(&agent, both).await["outcome"], "HELD");
    }
    let held =
        async |state: &str| agent.data(HELD, json!({ "state": state })).await["linkReviews"].take();
    let open = held("OPEN").await;
    assert_eq!(open["totalCount"], json!({ "count": 3, "precision": "EXACT" }));
    assert_eq!(open["nodes"].as_array().map(Vec::len), Some(1));
    agent.data(RESOLVE, json!({ "id": open["nodes"][0]["id"] })).await;
    for (state, count) in [("OPEN", 2), ("KEPT_APART", 1), ("JOINED", 0)] {
        let exact = json!({ "count": count, "precision": "EXACT" });
        assert_eq!(held(state).await["totalCount"], exact, "{state}");
    }
    let rapport = open_store(&app.store, None).await;
    let tenant = rapport.tenant("acme").await.expect("a tenant");
    for most in [0, 1, 2, 3] {
        let counted = rapport.count_link_reviews(tenant, ReviewState::Open, most).await;
        assert_eq!(counted.expect("counts"), most.min(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_end_at_a_thousand_and_say_so() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    agent.data(IDENTIFY, json!({ "input": { "email": "a@x.example" } })).await;
    let views = |from: usize, many: usize| -> Value {
        let view = |n: usize| {
            json!({ "customer": { "identity": { "kind": "EMAIL", "value": "a@x.example" } },
                    "url": format!("https://x.example/p/{n}") })
        };
        json!({ "inputs": (from..from + many).map(view).collect::<Vec<_>>() })
    };
    let notes = |from: usize, many: usize| -> Value {
        let note = |n: usize| {
            json!({ "customer": { "identity": { "kind": "EMAIL", "value": "a@x.example" } },
                    "channel": "INTERNAL", "body": { "note": { "text": format!("note {n}") } } })
        };
        json!({ "inputs": (from..from + many).map(note).collect::<Vec<_>>() })
    };
    let record_views = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { duplicate userErrors { message } } } }";
    let record_notes = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate userErrors { message } } } }";
    let asked = "{ feed(first: 1) { totalCount { count precision } }
        words: feed(first: 1, filter: { direction: INBOUND }) { totalCount { count precision } }
        customer(by: { identity: { kind: EMAIL, value: \"a@x.example\" } }) {
            all: history(first: 1) { totalCount { count precision } }
            web: history(first: 1, filter: { channels: [WEB, INTERNAL] }) { totalCount { count precision } }
            pageViews(first: 1) { totalCount { count precision } }
        } }";
    let exact = |count: usize| json!({ "totalCount": { "count": count, "precision": "EXACT" } });
    let more = json!({ "totalCount": { "count": 1000, "precision": "AT_LEAST" } });

    agent.data(record_views, views(0, 500)).await;
    agent.data(record_notes, notes(0, 500)).await;
    let told = agent.data(asked, json!({})).await;
    assert_eq!(told["feed"], exact(1000), "all of them are a thousand");
    assert_eq!(told["words"], exact(0));
    assert_eq!(told["customer"]["web"], exact(1000));

    agent.data(record_views, views(500, 1000)).await;
    agent.data(record_notes, notes(500, 1000)).await;
    let told = agent.data(asked, json!({})).await;
    assert_eq!(told["feed"], more);
    assert_eq!(told["customer"]["web"], more);
    assert_eq!(told["customer"]["all"], exact(3000), "kept counts are exact, however many");
    assert_eq!(told["customer"]["pageViews"], exact(1500));
}
