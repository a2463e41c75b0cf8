//! Splits, shared identities and held links.

use serde_json::{Value, json};

use crate::identity_api::{RESOLVE, SPLIT, UPDATE, identity, why};
use crate::support::app::{App, Caller};
use crate::support::identity::{id_of, identify, person, strangers};

#[tokio::test(flavor = "multi_thread")]
async fn a_split_takes_addresses_out_and_keeps_them_out() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let one = identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    let customer = id_of(&one["customer"]);
    assert_eq!(why(&agent, "a@x.example", "b@x.example").await[0]["rule"], "SAME_REQUEST");
    let gone = identity(&agent, "EMAIL", "b@x.example").await;
    let input = |version: &Value| json!({ "input": { "customerId": customer, "identityIds": [gone], "expectedVersion": version } });
    let stale = agent.gql(SPLIT, input(&json!(0))).await;
    assert_eq!(stale.user_error(), "VERSION_CONFLICT");
    assert_eq!(
        stale.body["data"]["splitCustomer"]["userErrors"][0]["customer"]["id"],
        json!(customer)
    );
    let done = agent.data(SPLIT, input(&one["customer"]["version"])).await["splitCustomer"].clone();
    assert_eq!(
        (&done["customer"]["emails"], &done["parted"]["emails"]),
        (&json!(["a@x.example"]), &json!(["b@x.example"]))
    );
    assert_ne!(done["parted"]["id"], done["customer"]["id"]);
    assert_eq!(
        done["keptApart"][0]["customers"],
        json!([{ "id": customer }, { "id": done["parted"]["id"] }])
    );
    let held = identify(&agent, json!({ "email": "a@x.example", "identities": [{ "kind": "EMAIL", "value": "b@x.example" }] })).await;
    assert_eq!(held["outcome"], "HELD");
    assert!(why(&agent, "a@x.example", "b@x.example").await.is_empty());
    assert_eq!(person(&agent, &customer).await["history"]["nodes"][0]["action"], "SPLIT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_address_links_nobody_any_more() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    identify(&agent, json!({ "email": "a@x.example", "phoneNumber": "+14155550101" })).await;
    strangers(&agent, &["b"]).await;
    let phone = identity(&agent, "PHONE", "+14155550101").await;
    let done = agent
        .data(
            UPDATE,
            json!({ "input": { "identityId": phone, "shared": true, "verification": "VERIFIED" } }),
        )
        .await["updateIdentity"]
        .clone();
    assert_eq!(
        done["identity"],
        json!({ "id": phone, "shared": true, "verification": "VERIFIED" })
    );
    let both =
        identify(&agent, json!({ "email": "b@x.example", "phoneNumber": "+14155550101" })).await;
    assert_ne!(both["outcome"], "MERGED");
    assert_ne!(both["customer"]["id"], done["customer"]["id"]);
    let stale = json!({ "input": { "identityId": phone, "shared": false, "expectedVersion": 0 } });
    assert_eq!(agent.gql(UPDATE, stale).await.user_error(), "VERSION_CONFLICT");
    assert_eq!(
        agent.gql(UPDATE, json!({ "input": { "identityId": phone } })).await.user_error(),
        "INVALID"
    );
}

/// Two pairs of accounts that something would join: the answers that tell so.
async fn two_held_links(agent: &Caller<'_>) -> (Value, Value) {
    let account = |name: &str| json!({ "email": format!("{name}@x.example"), "identities": [{ "kind": "USER_ID", "value": name }] });
    for pair in [["a", "b"], ["c", "d"]] {
        for name in pair {
            identify(agent, account(name)).await;
        }
    }
    let join = |a: &str, b: &str| json!({ "email": format!("{a}@x.example"), "identities": [{ "kind": "EMAIL", "value": format!("{b}@x.example") }] });
    (identify(agent, join("a", "b")).await, identify(agent, join("c", "d")).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_link_waits_for_a_person() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let (first, second) = two_held_links(&agent).await;
    assert_eq!(
        (&first["outcome"], &first["review"]["rule"]),
        (&json!("HELD"), &json!("STRONG_IDENTITY"))
    );
    let queue = agent
        .data(
            "{ linkReviews { nodes { id state customers { id } identities { value } } } }",
            json!({}),
        )
        .await;
    assert_eq!(queue["linkReviews"]["nodes"].as_array().map(Vec::len), Some(2));

    let joined = agent
        .data(RESOLVE, json!({ "id": first["review"]["id"], "decision": "JOIN" }))
        .await["resolveLinkReview"]
        .clone();
    assert_eq!(
        joined["review"],
        json!({ "id": first["review"]["id"], "state": "JOINED", "decidedBy": "agent" })
    );
    assert_eq!(
        (&joined["customer"]["id"], &joined["merges"][0]["rule"]),
        (&first["customer"]["id"], &json!("MANUAL_MERGE"))
    );
    let apart = agent
        .data(RESOLVE, json!({ "id": second["review"]["id"], "decision": "KEEP_APART" }))
        .await["resolveLinkReview"]
        .clone();
    assert_eq!(
        (
            &apart["review"]["state"],
            &apart["customer"],
            apart["keptApart"].as_array().map(Vec::len)
        ),
        (&json!("KEPT_APART"), &Value::Null, Some(1))
    );
    let twice =
        agent.gql(RESOLVE, json!({ "id": second["review"]["id"], "decision": "JOIN" })).await;
    assert_eq!(twice.user_error(), "CONFLICT");
    let queue = agent
        .data(
            "{ linkReviews { nodes { id } } joined: linkReviews(state: JOINED) { nodes { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        queue,
        json!({ "linkReviews": { "nodes": [] }, "joined": { "nodes": [{ "id": first["review"]["id"] }] } })
    );
}
