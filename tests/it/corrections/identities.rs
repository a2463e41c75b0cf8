//! Addresses that are taken off a person, and those that were wrong.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::corrections::audit;
use crate::support::app::{App, Caller};
use crate::support::identity::{IDENTIFY, id_of, identify};

const REMOVE: &str = "mutation($input: RemoveIdentityInput!) { removeIdentity(input: $input) {
    identity { id value removedAt removedBy rejected customer { id } }
    customer { id version primaryEmail primaryPhone emails phoneNumbers identities { nodes { value } }
        removedIdentities { value rejected } history { nodes { __typename ... on Note { identity { value removedBy } }
        ... on IdentityEvent { action identities { value } } } } }
    userErrors { code path }
} }";
const UPDATE: &str = "mutation($input: UpdateIdentityInput!) { updateIdentity(input: $input) {
    identity { id rejected } customer { id } userErrors { code path }
} }";
const NOTE: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) {
    results { item { id customer { id } } userErrors { code } } } }";

fn email(value: &str) -> Value {
    json!({ "kind": "EMAIL", "value": value })
}

/// Takes an address off somebody.
async fn remove(caller: &Caller<'_>, input: Value) -> Value {
    caller.data(REMOVE, json!({ "input": input })).await["removeIdentity"].clone()
}

/// Whom the REST route names by this address alone.
async fn contact(caller: &Caller<'_>, address: &str) -> Value {
    let reply = caller.rest("/identify", json!({ "email": address })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["contact"].clone()
}

async fn found(caller: &Caller<'_>, query: &str) -> Vec<String> {
    const SEARCH: &str = "query($q: String!) { search(query: $q) { nodes { customer { id } } } }";
    let data = caller.data(SEARCH, json!({ "q": query })).await;
    let nodes = data["search"]["nodes"].as_array().expect("hits").clone();
    nodes.iter().map(|node| id_of(&node["customer"])).collect()
}

/// Ann without her old email, and with what came through it.
fn says_what_went(done: &Value, customer: &str) {
    let gone = &done["identity"];
    assert_eq!(
        (&gone["value"], &gone["removedBy"], &gone["rejected"]),
        (&json!("ann.old@x.example"), &json!("bea"), &json!(false))
    );
    assert!(gone["removedAt"].is_string());
    assert_eq!(gone["customer"]["id"], json!(customer));
    let person = &done["customer"];
    assert_eq!(
        (&person["primaryEmail"], &person["emails"]),
        (&json!("ann.new@y.example"), &json!(["ann.new@y.example"]))
    );
    assert_eq!(
        person["identities"]["nodes"],
        json!([{ "value": "+14155550101" }, { "value": "ann.new@y.example" }])
    );
    assert_eq!(
        person["removedIdentities"],
        json!([{ "value": "ann.old@x.example", "rejected": false }])
    );
    let history = person["history"]["nodes"].as_array().expect("items");
    assert_eq!(
        history[0],
        json!({ "__typename": "IdentityEvent", "action": "REMOVED", "identities": [{ "value": "ann.old@x.example" }] })
    );
    let note = json!({ "__typename": "Note", "identity": { "value": "ann.old@x.example", "removedBy": "bea" } });
    assert!(history.contains(&note), "what came through it stays, and says so: {history:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_address_goes_and_everything_follows() {
    let app = App::start().await;
    let agent = app.named("bea", "acme", Role::Agent);
    let one = identify(
        &agent,
        json!({ "email": "ann.old@x.example", "phoneNumber": "+14155550101", "name": "Ann" }),
    )
    .await;
    identify(&agent, json!({ "email": "ann.new@y.example", "phoneNumber": "+14155550101" })).await;
    let customer = id_of(&one["customer"]);
    let note = json!({ "customer": { "identity": email("ann.old@x.example") }, "channel": "INTERNAL", "body": { "note": { "text": "came by mail" } } });
    agent.data(NOTE, json!({ "inputs": [note] })).await;
    assert_eq!(found(&agent, "ann.old").await, std::slice::from_ref(&customer));

    let stale = json!({ "identity": email("ann.old@x.example"), "expectedVersion": 0 });
    assert_eq!(agent.gql(REMOVE, json!({ "input": stale })).await.user_error(), "VERSION_CONFLICT");
    let done =
        remove(&agent, json!({ "identity": email(" Ann.Old@x.example"), "reason": "typo" })).await;
    says_what_went(&done, &customer);
    let gone = &done["identity"];
    assert!(found(&agent, "ann.old").await.is_empty());
    assert_eq!(found(&agent, "ann.new").await, std::slice::from_ref(&customer));
    assert_eq!(contact(&agent, "ann.new@y.example").await["emails"], json!(["ann.new@y.example"]));

    // The key is free: alone it is somebody new, and named with another address it comes back.
    let twice = agent.gql(REMOVE, json!({ "input": { "identityId": gone["id"] } })).await;
    assert_eq!(
        twice.body["data"]["removeIdentity"]["userErrors"],
        json!([{ "code": "NOT_FOUND", "path": ["input", "identityId"] }])
    );
    let back =
        identify(&agent, json!({ "email": "ann.old@x.example", "phoneNumber": "+14155550101" }))
            .await;
    assert_eq!((&back["outcome"], id_of(&back["customer"])), (&json!("LINKED"), customer.clone()));
    let lines = audit(&app.as_admin("acme")).await;
    assert_eq!(
        (&lines[0]["action"], &lines[0]["actor"], &lines[0]["detail"]["reason"]),
        (&json!("REMOVE_IDENTITY"), &json!("bea"), &json!("typo"))
    );
    assert_eq!(lines[0]["detail"]["identity"], gone["id"]);
    assert!(!lines[0].to_string().contains("ann.old"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_address_does_not_come_back_by_itself() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let ann =
        identify(&agent, json!({ "email": "ann@x.example", "phoneNumber": "+14155550101" })).await;
    let ann = id_of(&ann["customer"]);
    let done = remove(&agent, json!({ "identity": { "kind": "PHONE", "value": "(415) 555-0101" }, "customer": { "id": ann }, "reject": true })).await;
    assert_eq!(done["identity"]["rejected"], true);
    let both = json!({ "email": "ann@x.example", "phoneNumber": "+14155550101" });
    for _ in 0..2 {
        let held = identify(&agent, both.clone()).await;
        assert_eq!(
            (&held["outcome"], &held["review"]["rule"]),
            (&json!("HELD"), &json!("KEEP_APART"))
        );
        assert_eq!(id_of(&held["customer"]), ann);
    }
    let reply = agent.rest("/identify", both.clone()).await;
    assert_eq!((reply.status, &reply.body["contact"]["phoneNumbers"]), (200, &json!([])));
    const WHO: &str =
        "query($v: String!) { customer(by: { identity: { kind: PHONE, value: $v } }) { id } }";
    let other = id_of(&agent.data(WHO, json!({ "v": "+14155550101" })).await["customer"]);
    assert_ne!(other, ann);
    // Nor does it come along with another address of its owner.
    identify(&agent, json!({ "email": "bob@x.example", "phoneNumber": "+14155550101" })).await;
    let along = identify(
        &agent,
        json!({ "email": "ann@x.example", "identities": [email("bob@x.example")] }),
    )
    .await;
    assert_eq!(along["outcome"], "HELD");
    // Somebody else may have it, and other addresses of ann are not concerned.
    let free = identify(
        &agent,
        json!({ "email": "ann@x.example", "identities": [email("ann2@x.example")] }),
    )
    .await;
    assert_eq!(free["outcome"], "LINKED");

    let wrong = |input: Value| json!({ "input": input });
    let id = &done["identity"]["id"];
    let mixed = wrong(json!({ "identityId": id, "rejected": false, "shared": true }));
    assert_eq!(agent.gql(UPDATE, mixed).await.user_error(), "INVALID");
    let allowed = agent.data(UPDATE, wrong(json!({ "identityId": id, "rejected": false }))).await;
    assert_eq!(allowed["updateIdentity"]["identity"], json!({ "id": id, "rejected": false }));
    let merged = identify(&agent, both).await;
    assert_eq!(merged["outcome"], "MERGED");
    let there = identify(&agent, json!({ "email": "cy@x.example" })).await;
    const OF: &str =
        "query($id: ID!) { customer(by: { id: $id }) { identities { nodes { id } } } }";
    let cy = agent.data(OF, json!({ "id": there["customer"]["id"] })).await;
    let own = wrong(
        json!({ "identityId": cy["customer"]["identities"]["nodes"][0]["id"], "rejected": true }),
    );
    assert_eq!(agent.gql(UPDATE, own).await.user_error(), "INVALID");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_an_address_is_still_somebody() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let ann = identify(&agent, json!({ "email": "ann@x.example", "name": "Annabel Quill" })).await;
    let (id, number) = (id_of(&ann["customer"]), ann["primaryContactId"].clone());
    let done = remove(&agent, json!({ "identity": email("ann@x.example") })).await;
    let person = &done["customer"];
    assert_eq!(
        (&person["primaryEmail"], &person["emails"], &person["identities"]["nodes"]),
        (&Value::Null, &json!([]), &json!([]))
    );
    assert_eq!(found(&agent, "Annabel").await, std::slice::from_ref(&id));
    const BY: &str =
        "query($by: CustomerRef!) { customer(by: $by) { id name contacts { contactId email } } }";
    for by in [json!({ "id": id }), json!({ "contactId": number })] {
        let data = agent.data(BY, json!({ "by": by })).await;
        assert_eq!(
            data["customer"],
            json!({ "id": id, "name": "Annabel Quill", "contacts": [{ "contactId": number, "email": null }] })
        );
    }
    let note = json!({ "customer": { "id": id }, "channel": "INTERNAL", "body": { "note": { "text": "still here" } } });
    let data = agent.data(NOTE, json!({ "inputs": [note] })).await;
    assert_eq!(data["recordEngagements"]["results"][0]["item"]["customer"]["id"], json!(id));
    let again = identify(&agent, json!({ "email": "ann@x.example" })).await;
    assert_eq!(again["outcome"], "CREATED");
    assert_ne!(id_of(&again["customer"]), id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_another_persons_is_not_taken() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let ann = id_of(&identify(&agent, json!({ "email": "ann@x.example" })).await["customer"]);
    identify(&agent, json!({ "email": "bob@x.example" })).await;
    for (input, code, path) in [
        (json!({}), "INVALID", json!(["input", "identity"])),
        (
            json!({ "identity": email("nobody@x.example") }),
            "NOT_FOUND",
            json!(["input", "identity", "value"]),
        ),
        (
            json!({ "identity": email("no address") }),
            "INVALID",
            json!(["input", "identity", "value"]),
        ),
        (
            json!({ "identity": email("bob@x.example"), "customer": { "id": ann } }),
            "NOT_FOUND",
            json!(["input", "identity", "value"]),
        ),
        (
            json!({ "identity": email("bob@x.example"), "customer": { "identity": email("nobody@x.example") } }),
            "NOT_FOUND",
            json!(["input", "customer", "identity", "value"]),
        ),
        (
            json!({ "identity": email("bob@x.example"), "reason": "two\nlines" }),
            "INVALID",
            json!(["input", "reason"]),
        ),
    ] {
        let reply = agent.gql(REMOVE, json!({ "input": input })).await;
        assert_eq!(
            reply.body["data"]["removeIdentity"]["userErrors"],
            json!([{ "code": code, "path": path }]),
            "{input}: {}",
            reply.body
        );
    }
    let reply = agent.gql(IDENTIFY, json!({ "input": { "email": "bob@x.example" } })).await;
    assert_eq!(reply.body["data"]["identify"]["outcome"], "MATCHED");
}
