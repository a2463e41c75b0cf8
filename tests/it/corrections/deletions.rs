//! Customers that are deleted, who may come back, and erased ones, who may not.

use serde_json::{Value, json};

use crate::corrections::{audit, message};
use crate::support::app::{App, Caller};
use crate::support::identity::{IDENTIFY, id_of, identify};

const DELETE: &str = "mutation($input: DeleteCustomerInput!) { deleteCustomer(input: $input) {
    receipt { customerId customerIds dryRun rows { table count } } userErrors { code path customer { id } }
} }";
const ERASE: &str =
    "mutation($id: ID!, $reason: String) { eraseCustomer(customerId: $id, reason: $reason) {
    receipt { customerId } userErrors { code path }
} }";
const EVENT: &str = "subscription($id: ID!) { customerHistory(customer: { id: $id }) { __typename ... on HistoryReset { reason } } }";

fn ann() -> Value {
    json!({ "identity": { "kind": "EMAIL", "value": "ann@x.example" } })
}

/// An input that names Ann, with these fields.
fn input(more: &Value) -> Value {
    let mut input = json!({ "customer": ann() });
    input.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    json!({ "input": input })
}

async fn what_cannot_be_deleted_is_told(admin: &Caller<'_>) {
    for (more, code, path) in [
        (json!({ "expectedVersion": 0 }), "VERSION_CONFLICT", Value::Null),
        (json!({ "reason": "x".repeat(501) }), "INVALID", json!(["input", "reason"])),
        (
            json!({ "customer": { "identity": { "kind": "EMAIL", "value": "bob@x.example" } } }),
            "NOT_FOUND",
            json!(["input", "customer", "identity", "value"]),
        ),
    ] {
        let reply = admin.gql(DELETE, input(&more)).await;
        let payload = &reply.body["data"]["deleteCustomer"];
        assert_eq!(
            (&payload["userErrors"][0]["code"], &payload["receipt"]),
            (&json!(code), &Value::Null),
            "{payload}"
        );
        if path != Value::Null {
            assert_eq!(payload["userErrors"][0]["path"], path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_customer_goes_and_the_addresses_may_come_back() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let one =
        identify(&agent, json!({ "email": "ann@x.example", "phoneNumber": "+14155550101" })).await;
    let id = id_of(&one["customer"]);
    message(&agent, "m1", "hello").await;
    what_cannot_be_deleted_is_told(&admin).await;
    let rehearsed =
        admin.data(DELETE, input(&json!({ "dryRun": true }))).await["deleteCustomer"]["receipt"]
            .clone();
    assert_eq!((&rehearsed["dryRun"], &rehearsed["customerId"]), (&json!(true), &json!(id)));
    let mut events = app.as_viewer("acme").listen(EVENT, json!({ "id": id })).await;
    assert_eq!(
        events.next().await.expect("a word")["data"]["customerHistory"]["__typename"],
        "CaughtUp"
    );

    let done = admin.data(DELETE, input(&json!({ "reason": "a test account" }))).await["deleteCustomer"]["receipt"].clone();
    assert_eq!((&done["customerIds"], &done["rows"]), (&json!([id]), &rehearsed["rows"]));
    assert_eq!(
        events.next().await.expect("an event")["data"]["customerHistory"]["__typename"],
        "HistoryReset"
    );
    const PERSON: &str = "query($id: ID!) { customer(by: { id: $id }) { id } }";
    assert_eq!(agent.data(PERSON, json!({ "id": id })).await["customer"], Value::Null);
    assert_eq!(admin.gql(DELETE, input(&json!({}))).await.user_error(), "NOT_FOUND");

    let back =
        identify(&agent, json!({ "email": "ann@x.example", "phoneNumber": "+14155550101" })).await;
    assert_eq!(back["outcome"], "CREATED");
    assert_ne!(id_of(&back["customer"]), id);
    let again = message(&agent, "m1", "hello").await;
    assert_eq!((&again["duplicate"], again["item"].is_object()), (&json!(false), true));
    let line = audit(&admin).await[0].clone();
    assert_eq!(
        (&line["action"], &line["detail"]["reason"]),
        (&json!("DELETE"), &json!("a test account"))
    );
    assert_eq!(line["detail"]["homes"], json!([id]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_does_not_come_back_and_the_reason_is_kept() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let id = id_of(&identify(&agent, json!({ "email": "ann@x.example" })).await["customer"]);
    let long = json!({ "id": id, "reason": "x".repeat(501) });
    let reply = admin.gql(ERASE, long).await;
    assert_eq!(
        reply.body["data"]["eraseCustomer"]["userErrors"],
        json!([{ "code": "INVALID", "path": ["reason"] }])
    );
    admin.data(ERASE, json!({ "id": id, "reason": "request 4711" })).await;
    let line = audit(&admin).await[0].clone();
    assert_eq!(
        (&line["action"], &line["detail"]["reason"]),
        (&json!("ERASE"), &json!("request 4711"))
    );
    let reply = agent.gql(IDENTIFY, json!({ "input": { "email": "ann@x.example" } })).await;
    assert_eq!(reply.user_error(), "BLOCKED");
}

/// An address that was taken off may be another person's: it is not banned with this one, and nothing of it is left.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_off_is_forgotten_with_the_person_and_not_banned() {
    const REMOVE: &str = "mutation($input: RemoveIdentityInput!) { removeIdentity(input: $input) { identity { id } userErrors { code } } }";
    const EXPORT: &str = "query($id: ID!) { exportCustomer(customerId: $id) }";
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let one =
        identify(&agent, json!({ "email": "ann@x.example", "phoneNumber": "+14155550101" })).await;
    let id = id_of(&one["customer"]);
    let phone = json!({ "kind": "PHONE", "value": "+14155550101" });
    let removed =
        agent.data(REMOVE, json!({ "input": { "identity": phone, "reject": true } })).await;
    let document = admin.data(EXPORT, json!({ "id": id })).await["exportCustomer"].clone();
    let told = &document["removedIdentities"][0];
    assert_eq!(
        (&told["value"], &told["kind"], &told["rejected"]),
        (&json!("+14155550101"), &json!("PHONE"), &json!(true))
    );
    assert_eq!(told["id"], removed["removeIdentity"]["identity"]["id"]);
    admin.data(ERASE, json!({ "id": id })).await;
    let free = identify(&agent, json!({ "phoneNumber": "+14155550101" })).await;
    assert_eq!(free["outcome"], "CREATED");
    const NODE: &str = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(agent.data(NODE, json!({ "id": told["id"] })).await["node"], Value::Null);
}
