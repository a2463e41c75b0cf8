//! A merge is previewed, done, explained, taken back, and listed.

use serde_json::{Value, json};

use crate::identity_api::{ALLOW, why};
use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, UNDO, id_of, identify, person, strangers};

const PREVIEW: &str = "query($input: MergeCustomersInput!) { mergePreview(input: $input) {
    expectedVersion customer { id version emails } merged { id } emails contacts { email linkPrecedence } warnings { rule refused } userErrors { code }
} }";

/// The merged customer as either id answers it, with its merge, and why the two are one.
async fn explained(agent: &Caller<'_>, people: &[String], merge: &str) -> Value {
    // The id of the merged one answers the survivor.
    let now = person(agent, &people[1]).await;
    assert_eq!(
        (&now["id"], &now["emails"]),
        (&json!(people[0]), &json!(["a@x.example", "b@x.example"]))
    );
    let of = &now["merges"]["nodes"][0];
    assert_eq!(
        *of,
        json!({ "id": merge, "active": true, "rule": "MANUAL_MERGE", "actor": "agent", "reason": "she said so", "customers": [{ "id": people[0] }] })
    );
    let event = &now["history"]["nodes"][0];
    assert_eq!(
        *event,
        json!({ "action": "MERGED", "mergeId": merge, "merge": { "id": merge, "active": true, "reason": "she said so" } })
    );
    let chain = why(agent, "a@x.example", "b@x.example").await;
    assert_eq!(
        chain,
        [
            json!({ "from": null, "to": null, "rule": "MANUAL_MERGE", "source": "manual", "actor": "agent" })
        ]
    );
    now
}

/// After the undo they are held, and refused by hand, until somebody allows it.
async fn held_until_allowed(agent: &Caller<'_>, people: &[String], rule: &str) {
    let both = json!({ "customerIds": [people[1], people[0]] });
    let held = identify(agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    assert_eq!((&held["outcome"], &held["review"]["rule"]), (&json!("HELD"), &json!("KEEP_APART")));
    let preview = agent.data(PREVIEW, json!({ "input": both })).await["mergePreview"].clone();
    assert_eq!(preview["warnings"], json!([{ "rule": "KEEP_APART", "refused": true }]));
    assert_eq!(agent.gql(MERGE, json!({ "input": both })).await.user_error(), "CONFLICT");
    let allowed =
        agent.data(ALLOW, json!({ "id": rule })).await["allowTogether"]["customers"].clone();
    assert_eq!(
        allowed,
        json!([{ "id": people[0], "keptApart": [] }, { "id": people[1], "keptApart": [] }])
    );
    assert_eq!(agent.gql(ALLOW, json!({ "id": rule })).await.user_error(), "CONFLICT");
    let again = agent.data(MERGE, json!({ "input": both })).await;
    assert_eq!(again["mergeCustomers"]["customer"]["id"], json!(people[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_shown_done_explained_and_taken_back() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b"]).await;
    let (before_a, before_b) = (person(&agent, &people[0]).await, person(&agent, &people[1]).await);

    let both = json!({ "customerIds": [people[1], people[0]] });
    let preview =
        app.as_viewer("acme").data(PREVIEW, json!({ "input": both })).await["mergePreview"].clone();
    assert_eq!(
        (&preview["customer"]["id"], &preview["merged"]),
        (&json!(people[0]), &json!([{ "id": people[1] }]))
    );
    assert_eq!(preview["emails"], json!(["a@x.example", "b@x.example"]));
    assert_eq!(preview["expectedVersion"], before_a["version"]);
    assert_eq!(preview["warnings"], json!([]));
    assert_eq!(
        (person(&agent, &people[0]).await, person(&agent, &people[1]).await),
        (before_a.clone(), before_b),
        "a preview changed something"
    );

    let input = json!({ "customerIds": [people[1], people[0]], "expectedVersion": preview["expectedVersion"], "reason": "she said so" });
    let merged = agent.data(MERGE, json!({ "input": input })).await["mergeCustomers"].clone();
    assert_eq!(
        merged["customer"],
        json!({ "id": people[0], "version": preview["customer"]["version"] })
    );
    let merge = id_of(&merged["merges"][0]);
    let now = explained(&agent, &people, &merge).await;
    let undone =
        agent.data(UNDO, json!({ "id": merge, "version": now["version"] })).await["undoMerge"]
            .clone();
    assert_eq!(
        (&undone["customer"]["id"], &undone["parted"]["id"]),
        (&json!(people[0]), &json!(people[1]))
    );
    assert_eq!(undone["merges"], json!([{ "id": merge, "active": false, "undoneBy": "agent" }]));
    let rule = id_of(&undone["keptApart"][0]);
    assert_eq!(
        undone["keptApart"][0]["customers"],
        json!([{ "id": people[0] }, { "id": people[1] }])
    );
    let after = person(&agent, &people[0]).await;
    assert_eq!(
        (&after["emails"], &after["keptApart"][0]["id"]),
        (&before_a["emails"], &json!(rule))
    );
    assert_eq!(after["merges"]["nodes"][0]["active"], false);
    assert!(why(&agent, "a@x.example", "b@x.example").await.is_empty());

    held_until_allowed(&agent, &people, &rule).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_come_in_pages_and_of_many_customers_at_once() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b", "c", "d", "e"]).await;
    for other in &people[1..4] {
        agent.data(MERGE, json!({ "input": { "customerIds": [people[0], other] } })).await;
    }
    const PAGE: &str = "query($id: ID!, $after: String) { customer(by: { id: $id }) { merges(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }";
    let first = agent.data(PAGE, json!({ "id": people[2] })).await["customer"]["merges"].clone();
    assert_eq!(
        (first["nodes"].as_array().map(Vec::len), &first["pageInfo"]["hasNextPage"]),
        (Some(2), &json!(true))
    );
    let rest = agent
        .data(PAGE, json!({ "id": people[2], "after": first["pageInfo"]["endCursor"] }))
        .await["customer"]["merges"]
        .clone();
    assert_eq!(
        (rest["nodes"].as_array().map(Vec::len), &rest["pageInfo"]["hasNextPage"]),
        (Some(1), &json!(false))
    );
    // One customer's many must not push another's few off the page.
    for n in 0..10 {
        identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "DEVICE", "value": format!("d{n}") }] })).await;
    }
    identify(
        &agent,
        json!({ "email": "e@x.example", "identities": [{ "kind": "DEVICE", "value": "of e" }] }),
    )
    .await;
    const LIST: &str = "{ customers(orderBy: CREATED_DESC) { nodes { id merges(first: 1) { nodes { id } } identities(first: 2) { nodes { value } pageInfo { hasNextPage } } keptApart { id } } } }";
    let list = agent.data(LIST, json!({})).await["customers"]["nodes"].clone();
    assert_eq!((&list[0]["id"], &list[1]["id"]), (&json!(people[4]), &json!(people[0])));
    assert_eq!(
        (
            list[0]["merges"]["nodes"].as_array().map(Vec::len),
            list[1]["merges"]["nodes"].as_array().map(Vec::len)
        ),
        (Some(0), Some(1))
    );
    assert_eq!(
        list[0]["identities"],
        json!({ "nodes": [{ "value": "e@x.example" }, { "value": "of e" }], "pageInfo": { "hasNextPage": false } })
    );
    assert_eq!(list[1]["identities"]["pageInfo"]["hasNextPage"], true);
}
