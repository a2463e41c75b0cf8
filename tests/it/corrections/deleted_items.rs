//! Items that the staff deletes, and who is told.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::corrections::items::{DELETE, RECORD, ann, found, record, source, update};
use crate::corrections::{audit, message};
use crate::support::app::{App, Caller};

/// Twice in one call, beside something new, and by an address that nobody knows.
async fn comes_back_with_nobody(agent: &Caller<'_>) {
    let of = |address: &str, id: &str| {
        json!({ "customer": { "identity": { "kind": "EMAIL", "value": address } }, "channel": "SMS",
        "source": "crm", "sourceId": id, "body": { "message": { "text": "a secret" } } })
    };
    let inputs = [
        of("ann@x.example", "m"),
        of("ann@x.example", "new"),
        of("stranger@x.example", "m"),
        of("ann@x.example", "m"),
    ];
    let data = agent.data(RECORD, json!({ "inputs": inputs })).await;
    let results = data["recordEngagements"]["results"].as_array().expect("results").clone();
    let told: Vec<(bool, &Value)> =
        results.iter().map(|one| (one["item"].is_object(), &one["duplicate"])).collect();
    assert_eq!(
        told,
        [
            (false, &json!(true)),
            (true, &json!(false)),
            (false, &json!(true)),
            (false, &json!(true))
        ]
    );
    const WHO: &str =
        "{ customer(by: { identity: { kind: EMAIL, value: \"stranger@x.example\" } }) { id } }";
    assert_eq!(agent.data(WHO, json!({})).await["customer"], Value::Null);
    assert_eq!(found(agent, "secret").await, 1, "the new one");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_deletes_notes_and_an_admin_anything_and_nothing_comes_back() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.named("root", "acme", Role::Admin));
    record(&agent, "n", "INTERNAL", json!({ "note": { "text": "wrong person" } })).await;
    let item = message(&agent, "m", "a secret").await["item"].clone();
    let gone = |id: &str| json!({ "input": { "item": source(id), "reason": "sent by mistake" } });
    assert_eq!(agent.gql(DELETE, gone("m")).await.code(), Some("FORBIDDEN"));
    let done = agent.data(DELETE, gone("n")).await["deleteItem"].clone();
    assert_eq!(done["customer"]["id"], item["customer"]["id"]);
    let done = admin.data(DELETE, gone("m")).await["deleteItem"].clone();
    assert_eq!(done["itemId"], item["id"]);
    assert_eq!(admin.gql(DELETE, gone("m")).await.user_error(), "NOT_FOUND");
    let long = json!({ "input": { "item": source("m"), "reason": "x".repeat(501) } });
    assert_eq!(admin.gql(DELETE, long).await.user_error(), "INVALID");

    for body in
        [json!({ "message": { "text": "a secret" } }), json!({ "message": { "text": "another" } })]
    {
        let again = record(&agent, "m", "SMS", body).await;
        assert_eq!((&again["item"], &again["duplicate"]), (&Value::Null, &json!(true)));
        assert_eq!(again["warnings"][0]["path"], json!(["inputs", "0", "sourceId"]));
    }
    comes_back_with_nobody(&agent).await;
    let lines = audit(&admin).await;
    let deleted = lines.iter().filter(|line| line["action"] == "DELETE_ITEM");
    let told: Vec<(&Value, &Value)> =
        deleted.map(|line| (&line["actor"], &line["detail"]["reason"])).collect();
    assert_eq!(
        told,
        [(&json!("root"), &json!("sent by mistake")), (&json!("agent"), &json!("sent by mistake"))]
    );
    assert_eq!(lines[0]["detail"]["item"], item["id"]);
    const EXPORT: &str = "query($id: ID!) { exportCustomer(customerId: $id) }";
    let document =
        admin.data(EXPORT, json!({ "id": item["customer"]["id"] })).await["exportCustomer"].clone();
    assert_eq!(document["deletedItems"][0]["sourceId"], "m", "{document}");
    assert_eq!(document["deletedItems"][0]["item"], item["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_are_told_what_changed_and_what_went() {
    const EVENT: &str = "{ __typename ... on HistoryItemUpdated { item { id } } ... on HistoryItemRemoved { itemId } }";
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let item = message(&agent, "m", "hello").await["item"]["id"].clone();
    let viewer = app.as_viewer("acme");
    let one =
        format!("subscription($by: CustomerRef!) {{ customerHistory(customer: $by) {EVENT} }}");
    let all = format!("subscription {{ feed {EVENT} }}");
    let mut streams = [
        ("customerHistory", viewer.listen(&one, json!({ "by": ann() })).await),
        ("feed", viewer.listen(&all, json!({})).await),
    ];
    for (root, events) in &mut streams {
        assert_eq!(events.next().await.expect("a word")["data"][&**root]["__typename"], "CaughtUp");
    }
    update(&agent, &source("m"), json!({ "text": "hello again" })).await;
    admin.data(DELETE, json!({ "input": { "item": source("m") } })).await;
    for (root, events) in &mut streams {
        let mut told = events.next().await.expect("an event")["data"][&**root].clone();
        // A feed begins below the oldest transaction that is open anywhere on the store's server: what was recorded just
        // before it began may be news to it.
        if *root == "feed" && told["__typename"] == "HistoryItemAdded" {
            told = events.next().await.expect("an event")["data"][&**root].clone();
        }
        // The first may be read after the item is gone: then it is told once, as gone.
        if told["__typename"] == "HistoryItemUpdated" {
            assert_eq!(told["item"]["id"], item);
            told = events.next().await.expect("an event")["data"][&**root].clone();
        }
        assert_eq!(told, json!({ "__typename": "HistoryItemRemoved", "itemId": item }), "{root}");
    }
}
