//! Customers found through the API: filters, counts, tags without case.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, identify, strangers};
use crate::support::invariants::assert_invariants;
use crate::support::stand::open as open_store;

const LIST: &str =
    "query($filter: CustomerFilter, $order: CustomerOrder = NAME_ASC, $after: String) {
    customers(filter: $filter, orderBy: $order, first: 2, after: $after) {
        nodes { id name tags } totalCount { count } pageInfo { endCursor hasNextPage }
    }
    customerCounts(filter: $filter) { total }
}";

/// Sets the tags of a customer.
pub const TAG: &str = "mutation($id: ID!, $tags: [String!]!) { updateCustomer(input: { customerId: $id, tags: $tags }) {
    customer { version tags } userErrors { code message path }
} }";

async fn names(agent: &Caller<'_>, filter: Value, order: &str) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "order": order, "after": after });
        let data = agent.data(LIST, variables).await;
        let page = &data["customers"];
        let name = |node: &Value| node["name"].as_str().unwrap_or("-").to_owned();
        names.extend(page["nodes"].as_array().expect("nodes").iter().map(name));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"]["count"], names.len(), "{filter}");
            assert_eq!(data["customerCounts"]["total"], names.len(), "{filter}");
            return names;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn fill(agent: &Caller<'_>) {
    for (name, email, traits) in [
        ("Ada", "ada@mail.example", json!({ "city": "Zürich", "seats": 7, "beta": true })),
        ("Bob", "bob@mail.example", json!({ "city": "ZÜRICH", "seats": 7.5, "beta": false })),
        (
            "Cem",
            "cem@shop.example",
            json!({ "city": "Bern", "seats": "7", "long": "x".repeat(300) }),
        ),
        ("Dia", "dia@shop.example", json!({})),
    ] {
        identify(agent, json!({ "email": email, "name": name, "traits": traits })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_listed_by_traits_words_and_times() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    fill(&agent).await;
    identify(
        &app.as_agent("globex"),
        json!({ "email": "x@mail.example", "name": "Theirs", "traits": { "city": "Zürich" } }),
    )
    .await;
    let has = |key: &str, value: Value| json!({ "traits": [{ "key": key, "value": value }] });
    let late = "2101-01-01T00:00:00Z";
    let early = "2001-01-01T00:00:00Z";
    for (filter, expected) in [
        (has("city", json!("zürich")), &["Ada", "Bob"][..]),
        (has("city", json!("Zurich")), &[]),
        (has("seats", json!(7)), &["Ada"]),
        (has("seats", json!(7.0)), &["Ada"]),
        (has("seats", json!(7.5)), &["Bob"]),
        (has("seats", json!("7")), &["Cem"]),
        (has("beta", json!(false)), &["Bob"]),
        (has("unknown", json!("x")), &[]),
        (has("City", json!("Bern")), &[]),
        (
            json!({ "traits": [{ "key": "city", "value": "zürich" }, { "key": "beta", "value": true }] }),
            &["Ada"],
        ),
        (
            json!({ "text": "mail", "traits": [{ "key": "city", "value": "zürich" }] }),
            &["Ada", "Bob"],
        ),
        (json!({ "text": "zür" }), &["Ada", "Bob"]),
        (json!({ "text": "shop.example" }), &["Cem", "Dia"]),
        (json!({ "text": "cem shop" }), &["Cem"]),
        (json!({ "text": "em" }), &[]),
        (json!({ "text": "😀" }), &[]),
        (json!({ "text": "  " }), &["Ada", "Bob", "Cem", "Dia"]),
        (
            json!({ "createdSince": early, "createdUntil": late, "seenSince": early, "seenUntil": late }),
            &["Ada", "Bob", "Cem", "Dia"],
        ),
        (json!({ "createdUntil": early }), &[]),
        (json!({ "createdSince": late }), &[]),
        (json!({ "notSeenSince": early }), &[]),
        (json!({ "notSeenSince": late, "text": "ada" }), &["Ada"]),
        (json!({ "notSeenSince": late, "seenUntil": early }), &[]),
    ] {
        assert_eq!(names(&agent, filter.clone(), "NAME_ASC").await, expected, "{filter}");
        let mut backwards = names(&agent, filter.clone(), "NAME_DESC").await;
        backwards.reverse();
        assert_eq!(backwards, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_filter_and_a_cursor_of_another_are_refused() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    fill(&agent).await;
    let (late, early) = ("2101-01-01T00:00:00Z", "2001-01-01T00:00:00Z");
    let many: Vec<Value> = (0..11).map(|n| json!({ "key": format!("k{n}"), "value": 1 })).collect();
    for filter in [
        json!({ "traits": [{ "key": "long", "value": "x".repeat(300) }] }),
        json!({ "traits": [{ "key": "k".repeat(300), "value": "x" }] }),
        json!({ "traits": [{ "key": "city", "value": ["Bern"] }] }),
        json!({ "traits": [{ "key": "city", "value": { "a": 1 } }] }),
        json!({ "traits": many }),
        json!({ "text": "x".repeat(201) }),
        json!({ "seenSince": late, "seenUntil": early }),
        json!({ "seenSince": late, "notSeenSince": early }),
        json!({ "createdSince": late, "createdUntil": early }),
        json!({ "tags": ["x".repeat(201)] }),
    ] {
        let reply = agent.gql(LIST, json!({ "filter": filter })).await;
        assert_eq!(reply.code(), Some("INVALID_ARGUMENT"), "{filter}: {}", reply.body);
    }
    let of = |filter: Value, order: &str| json!({ "filter": filter, "order": order });
    let city = |value: &str| json!({ "traits": [{ "key": "city", "value": value }] });
    let page = agent.data(LIST, of(json!({}), "NAME_DESC")).await;
    let cursor = &page["customers"]["pageInfo"]["endCursor"];
    for (filter, order) in [
        (city("bern"), "NAME_DESC"),
        (json!({}), "NAME_ASC"),
        (json!({ "text": "a" }), "NAME_DESC"),
    ] {
        let mut variables = of(filter, order);
        variables["after"] = cursor.clone();
        assert_eq!(agent.gql(LIST, variables).await.code(), Some("INVALID_CURSOR"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_say_what_customers_are() {
    const COUNTS: &str = "query($filter: CustomerFilter) { customerCounts(filter: $filter) {
        total byTag { tag count } byStage { stage count } byStatus { status count } byDay { day count }
    } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b", "c", "d"]).await;
    agent.data(MERGE, json!({ "input": { "customerIds": [people[2], people[3]] } })).await;
    for (id, tags) in [(0, json!(["VIP", "new"])), (1, json!(["vip"])), (2, json!(["Vip", "old"]))]
    {
        agent.data(TAG, json!({ "id": people[id], "tags": tags })).await;
    }
    let stage = "mutation($id: ID!) { updateCustomer(input: { customerId: $id, stage: LEAD, status: INACTIVE }) { userErrors { code } } }";
    agent.data(stage, json!({ "id": people[0] })).await;
    let all = agent.data(COUNTS, json!({})).await["customerCounts"].clone();
    assert_eq!(all["total"], 3);
    assert_eq!(
        all["byTag"],
        json!([{ "tag": "VIP", "count": 3 }, { "tag": "new", "count": 1 }, { "tag": "old", "count": 1 }])
    );
    assert_eq!(
        all["byStage"],
        json!([{ "stage": "VISITOR", "count": 2 }, { "stage": "LEAD", "count": 1 }])
    );
    assert_eq!(
        all["byStatus"],
        json!([{ "status": "ACTIVE", "count": 2 }, { "status": "INACTIVE", "count": 1 }])
    );
    let days = all["byDay"].as_array().expect("days");
    assert_eq!(days.iter().map(|day| day["count"].as_i64().expect("a number")).sum::<i64>(), 3);
    assert!(days[0]["day"].as_str().is_some_and(|day| day.len() == 10), "{days:?}");
    let some =
        agent.data(COUNTS, json!({ "filter": { "tags": ["vip"], "stages": ["VISITOR"] } })).await;
    let some = &some["customerCounts"];
    assert_eq!((&some["total"], &some["byTag"][0]["count"]), (&json!(2), &json!(2)), "{some}");
    let none = agent.data(COUNTS, json!({ "filter": { "tags": ["no"] } })).await;
    assert_eq!(
        none["customerCounts"],
        json!({ "total": 0, "byTag": [], "byStage": [], "byStatus": [], "byDay": [] })
    );
    let refused = app.caller("acme", rapport::auth::Role::Ingest).gql(COUNTS, json!({})).await;
    assert_eq!(refused.code(), Some("FORBIDDEN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_one_in_every_case_and_stays_as_it_was_spelled_first() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b"]).await;
    let tag = async |id: &str, tags: Value| {
        let told = agent.data(TAG, json!({ "id": id, "tags": tags })).await;
        told["updateCustomer"]["customer"].clone()
    };
    let first = tag(&people[0], json!(["VIP", "vip", " Vip ", "gold"])).await;
    assert_eq!(first["tags"], json!(["VIP", "gold"]));
    assert_eq!(
        tag(&people[0], json!(["Gold", "vip"])).await["version"],
        first["version"],
        "nothing new"
    );
    assert_eq!(tag(&people[0], json!(["new", "vip"])).await["tags"], json!(["VIP", "new"]));
    tag(&people[1], json!(["vip", "NEW"])).await;
    agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let shown = agent.data("{ customers { nodes { tags } } }", json!({})).await;
    assert_eq!(shown["customers"]["nodes"], json!([{ "tags": ["VIP", "new"] }]));
    // Whoever writes at the same time leaves one list, and the index says the same.
    let others = ["vip", "Vip", "VIP", "a", "A", "b"];
    let writes = others.map(|other| tag(&people[0], json!([other, "x"])));
    futures_util::future::join_all(writes).await;
    let shown = agent.data("{ customers { nodes { tags } } }", json!({})).await;
    let tags = shown["customers"]["nodes"][0]["tags"].as_array().expect("tags").clone();
    assert_eq!(tags.len(), 2, "{tags:?}");
    let rapport = open_store(&app.store, None).await;
    assert_invariants(&rapport.store, rapport.tenant("acme").await.expect("a tenant")).await;
}
