//! Wrong input is told by code and path, and changes nothing.

use serde_json::{Value, json};

use crate::identity_api::{SPLIT, identity};
use crate::support::app::{App, Reply};
use crate::support::identity::{IDENTIFY, MERGE, UNDO, id_of, strangers};

/// Ids that wrong inputs name.
struct Named<'a> {
    people: &'a [String],
    /// Another tenant's.
    theirs: &'a str,
    /// Nobody's.
    unheard: &'a str,
    /// A merge that was undone.
    merge: &'a str,
    /// An identity of the first of the people, and one of the second.
    own: &'a str,
    other: &'a str,
}

/// A document with its variables.
type Call = (&'static str, Value);
/// What must be told: the code, and a part of the path.
type Wrong = (Call, &'static str, Option<&'static str>);

fn merge_of(ids: &Value) -> Call {
    (MERGE, json!({ "input": { "customerIds": ids } }))
}

fn split_of(customer: &str, ids: &Value) -> Call {
    (SPLIT, json!({ "input": { "customerId": customer, "identityIds": ids } }))
}

fn wrong(named: &Named<'_>) -> Vec<Wrong> {
    [wrong_merges(named), wrong_splits(named), wrong_identities()].concat()
}

fn wrong_merges(named: &Named<'_>) -> Vec<Wrong> {
    vec![
        (merge_of(&json!([named.people[0], named.people[0]])), "INVALID", Some("customerIds")),
        (merge_of(&json!([named.people[0]])), "INVALID", Some("customerIds")),
        (merge_of(&json!([])), "INVALID", Some("customerIds")),
        (merge_of(&json!([named.people[0], named.theirs])), "NOT_FOUND", Some("customerIds")),
        (merge_of(&json!([named.people[0], named.unheard])), "NOT_FOUND", Some("customerIds")),
        (
            merge_of(&json!(
                (0..51)
                    .map(|n| named.theirs.replace(&named.theirs[6..8], &format!("{n:02}")))
                    .collect::<Vec<_>>()
            )),
            "LIMIT_EXCEEDED",
            Some("customerIds"),
        ),
        (
            (
                MERGE,
                json!({ "input": { "customerIds": named.people[..2], "reason": "x".repeat(501) } }),
            ),
            "INVALID",
            Some("reason"),
        ),
        (
            (MERGE, json!({ "input": { "customerIds": named.people[..2], "expectedVersion": 0 } })),
            "VERSION_CONFLICT",
            None,
        ),
        ((UNDO, json!({ "id": named.merge })), "CONFLICT", Some("mergeId")),
    ]
}

fn wrong_splits(named: &Named<'_>) -> Vec<Wrong> {
    vec![
        (split_of(&named.people[0], &json!([named.own])), "INVALID", Some("identityIds")),
        (split_of(&named.people[0], &json!([])), "INVALID", Some("identityIds")),
        (split_of(&named.people[0], &json!([named.other])), "NOT_FOUND", Some("identityIds")),
        (
            split_of(&named.people[0], &json!([named.own, named.own])),
            "INVALID",
            Some("identityIds"),
        ),
        (split_of(named.theirs, &json!([named.own])), "NOT_FOUND", Some("customerId")),
    ]
}

fn wrong_identities() -> Vec<Wrong> {
    let many: Vec<Value> =
        (0..10_000).map(|n| json!({ "kind": "DEVICE", "value": format!("d{n}") })).collect();
    vec![
        (
            (IDENTIFY, json!({ "input": { "identities": many } })),
            "LIMIT_EXCEEDED",
            Some("identities"),
        ),
        // Two spellings of one address.
        (
            (
                IDENTIFY,
                json!({ "input": { "email": "New@X.example", "identities": [{ "kind": "EMAIL", "value": " new@x.example " }] } }),
            ),
            "INVALID",
            Some("identities"),
        ),
        ((IDENTIFY, json!({ "input": {} })), "INVALID", None),
        ((IDENTIFY, json!({ "input": { "email": "no address" } })), "INVALID", Some("email")),
    ]
}

/// What is wrong with the inputs, and that nothing changed.
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_and_changes_nothing() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b", "c"]).await;
    let theirs = strangers(&app.as_agent("globex"), &["a"]).await.remove(0);
    let joined = agent.data(MERGE, json!({ "input": { "customerIds": people[..2] } })).await;
    let merge = id_of(&joined["mergeCustomers"]["merges"][0]);
    agent.data(UNDO, json!({ "id": merge, "keepApart": false })).await;
    let (own, other) = (
        identity(&agent, "EMAIL", "a@x.example").await,
        identity(&agent, "EMAIL", "b@x.example").await,
    );
    let unheard = people[0].replace(&people[0][4..8], "AAAA");

    const ALL: &str = "{ customers { nodes { id version emails keptApart { id } merges { nodes { id active } } } } auditLog { nodes { id } } feed { nodes { id } } }";
    let before = admin.data(ALL, json!({})).await;
    let named = Named {
        people: &people,
        theirs: &theirs,
        unheard: &unheard,
        merge: &merge,
        own: &own,
        other: &other,
    };
    for ((document, variables), code, path) in wrong(&named) {
        let reply = agent.gql(document, variables.clone()).await;
        let shown: String = variables.to_string().chars().take(200).collect();
        assert_eq!(reply.user_error(), code, "{shown}: {}", reply.body);
        if let Some(path) = path {
            let told = first_error(&reply)["path"].clone();
            assert!(
                told.as_array().is_some_and(|told| told.contains(&json!(path))),
                "{shown}: {told}"
            );
        }
    }
    // What is no id at all is as wrong as one of nothing.
    for (document, variables) in [
        merge_of(&json!(["hello", people[0]])),
        merge_of(&json!([merge, people[0]])),
        (UNDO, json!({ "id": people[0] })),
    ] {
        assert_eq!(agent.gql(document, variables).await.user_error(), "NOT_FOUND");
    }
    assert_eq!(admin.data(ALL, json!({})).await, before);
}

fn first_error(reply: &Reply) -> &Value {
    let payload = reply.body["data"].as_object().and_then(|data| data.values().next());
    &payload.expect("a payload")["userErrors"][0]
}
