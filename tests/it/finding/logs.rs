//! Filters of histories and of the audit log.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::finding::customers::TAG;
use crate::support::app::App;
use crate::support::identity::{IDENTIFY, MERGE, strangers};

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { userErrors { code message } } } }";

fn record(source: &str, id: &str, state: Option<&str>) -> Value {
    json!({
        "customer": { "identity": { "kind": "EMAIL", "value": "a@x.example" } },
        "channel": "INTERNAL", "source": source, "sourceId": id,
        "body": match state {
            Some(state) => json!({ "record": { "recordType": "order", "recordId": id, "recordState": state } }),
            None => json!({ "note": { "text": id } }),
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_are_filtered_by_source_and_by_the_state_of_records() {
    const BOTH: &str = "query($filter: HistoryFilter) {
        customer(by: { identity: { kind: EMAIL, value: \"a@x.example\" } }) { history(filter: $filter) { nodes { sourceId } totalCount { count } } }
        feed(filter: $filter) { nodes { sourceId } totalCount { count } }
    }";
    const LIVE: &str = "subscription($filter: HistoryFilter) {
        customerHistory(customer: { identity: { kind: EMAIL, value: \"a@x.example\" } }, filter: $filter) {
            __typename ... on HistoryItemAdded { item { sourceId } } ... on HistoryItemUpdated { item { sourceId } }
        }
    }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    agent.data(IDENTIFY, json!({ "input": { "email": "a@x.example" } })).await;
    let paid = json!({ "sources": ["shop"], "recordStates": ["Paid", "sent"] });
    let mut live = agent.listen(LIVE, json!({ "filter": paid })).await;
    let begun = live.next().await.expect("it begins");
    assert_eq!(begun["data"]["customerHistory"]["__typename"], "CaughtUp", "{begun}");
    let inputs = [
        record("shop", "o1", Some("Paid")),
        record("shop", "o2", Some("open")),
        record("till", "o3", Some("Paid")),
        record("shop", "n1", None),
        record("shop", "o4", Some("sent")),
    ];
    agent.data(RECORD, json!({ "inputs": inputs })).await;
    for (filter, expected) in [
        (json!({ "sources": ["till"] }), &["o3"][..]),
        (json!({ "sources": ["shop", "till"] }), &["n1", "o1", "o2", "o3", "o4"]),
        (json!({ "recordStates": ["Paid"] }), &["o1", "o3"]),
        (json!({ "recordStates": ["paid"] }), &[]),
        (paid.clone(), &["o1", "o4"]),
        (json!({ "sources": ["shop"], "kinds": ["NOTE"] }), &["n1"]),
        (json!({ "recordStates": ["Paid"], "kinds": ["PAGE_VIEW"] }), &[]),
        (json!({ "sources": ["nowhere"] }), &[]),
    ] {
        let data = agent.data(BOTH, json!({ "filter": filter })).await;
        for list in [&data["customer"]["history"], &data["feed"]] {
            let nodes = list["nodes"].as_array().expect("nodes").iter();
            let ids: BTreeSet<&str> =
                nodes.map(|node| node["sourceId"].as_str().expect("an id")).collect();
            assert_eq!(Vec::from_iter(ids), expected, "{filter}");
            assert_eq!(list["totalCount"]["count"], expected.len(), "{filter}");
        }
    }
    for id in ["o1", "o4"] {
        let event = live.next().await.expect("an event");
        assert_eq!(event["data"]["customerHistory"]["item"]["sourceId"], id, "{event}");
    }
    for filter in
        [json!({ "sources": ["x".repeat(1_001)] }), json!({ "recordStates": vec!["x"; 51] })]
    {
        assert_eq!(
            agent.gql(BOTH, json!({ "filter": filter })).await.code(),
            Some("INVALID_ARGUMENT")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_filtered_by_actor_action_and_time() {
    const LOG: &str = "query($filter: AuditLogFilter, $id: ID, $after: String) { auditLog(filter: $filter, customerId: $id, first: 2, after: $after) {
        nodes { action actor at } pageInfo { endCursor hasNextPage }
    } }";
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b", "c"]).await;
    for id in &people {
        agent.data(TAG, json!({ "id": id, "tags": ["x"] })).await;
    }
    admin.data(MERGE, json!({ "input": { "customerIds": people[..2] } })).await;
    let log = async |filter: Value, id: Value| -> Vec<Value> {
        let (mut entries, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = admin.data(LOG, json!({ "filter": filter, "id": id, "after": after })).await
                ["auditLog"]
                .clone();
            entries.extend(page["nodes"].as_array().expect("nodes").clone());
            if page["pageInfo"]["hasNextPage"] == false {
                return entries;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    let all = log(Value::Null, Value::Null).await;
    assert_eq!(all.len(), 4);
    let (merger, tagger) = (&all[0]["actor"], &all[1]["actor"]);
    assert_ne!(merger, tagger);
    let of = async |filter: Value| log(filter, Value::Null).await;
    assert_eq!(of(json!({ "actor": tagger })).await, all[1..]);
    assert_eq!(of(json!({ "actions": ["MERGE", "ERASE"] })).await, all[..1]);
    assert_eq!(of(json!({ "actor": tagger, "actions": ["MERGE"] })).await, [] as [Value; 0]);
    assert_eq!(of(json!({ "actor": "nobody" })).await, [] as [Value; 0]);
    let (newest, second) = (&all[1]["at"], &all[2]["at"]);
    assert_eq!(of(json!({ "since": newest })).await, all[..2]);
    assert_eq!(of(json!({ "since": second, "until": newest })).await, all[2..3]);
    assert_eq!(
        of(json!({ "since": "0001-01-01T00:00:00Z", "until": "9999-12-31T00:00:00Z" })).await,
        all
    );
    assert_eq!(log(json!({ "actor": tagger }), json!(people[2])).await, all[1..2]);
    for filter in
        [json!({ "since": newest, "until": second }), json!({ "actor": "x".repeat(2_000) })]
    {
        assert_eq!(
            admin.gql(LOG, json!({ "filter": filter })).await.code(),
            Some("INVALID_ARGUMENT")
        );
    }
    let page = admin.data(LOG, json!({ "filter": { "actor": tagger } })).await;
    let after = &page["auditLog"]["pageInfo"]["endCursor"];
    let other = json!({ "filter": { "actions": ["MERGE"] }, "after": after });
    assert_eq!(admin.gql(LOG, other).await.code(), Some("INVALID_CURSOR"));
}
