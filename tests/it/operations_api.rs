//! What admins do, and what every caller is told, through the API.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{IDENTIFY, MERGE, UNDO, id_of, identify, person, strangers};

const ERASE: &str =
    "mutation($id: ID!, $dryRun: Boolean!, $version: Int) { eraseCustomer(customerId: $id, dryRun: $dryRun, expectedVersion: $version) {
    receipt { customerId customerIds rows { table count } dryRun } userErrors { code message path }
} }";

const SETTINGS: &str = "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) {
    settings { version region historyDays guards { maxContacts strongKinds readmitVerified } blocked { kind match value reason } pageRules { ignore rules { pattern category } } }
    userErrors { code message path }
} }";

/// Neither by id, nor by words, nor in a list.
async fn unseen(agent: &Caller<'_>, people: &[String]) {
    for id in people {
        let gone = agent
            .data(
                "query($id: ID!) { customer(by: { id: $id }) { id } node(id: $id) { id } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(gone, json!({ "customer": null, "node": null }));
    }
    let found = agent
        .data(
            "{ search(query: \"a@x.example\") { nodes { score } } customers { nodes { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(found, json!({ "search": { "nodes": [] }, "customers": { "nodes": [] } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_gone_and_stays_away() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b"]).await;
    let merge = agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let merge = id_of(&merge["mergeCustomers"]["merges"][0]);
    let export = admin
        .data("query($id: ID!) { exportCustomer(customerId: $id) }", json!({ "id": people[1] }))
        .await;
    let text = export["exportCustomer"].to_string();
    assert!(text.contains("a@x.example") && text.contains("b@x.example"), "{text}");

    let rehearsed = admin.data(ERASE, json!({ "id": people[1], "dryRun": true })).await["eraseCustomer"]["receipt"].clone();
    assert_eq!((&rehearsed["dryRun"], &rehearsed["customerIds"]), (&json!(true), &json!(people)));
    let version = person(&agent, &people[0]).await["version"].clone();
    assert_eq!(
        admin
            .gql(ERASE, json!({ "id": people[0], "dryRun": false, "version": 0 }))
            .await
            .user_error(),
        "VERSION_CONFLICT"
    );
    let receipt = admin
        .data(ERASE, json!({ "id": people[0], "dryRun": false, "version": version }))
        .await["eraseCustomer"]["receipt"]
        .clone();
    assert_eq!((&receipt["dryRun"], &receipt["rows"]), (&json!(false), &rehearsed["rows"]));

    unseen(&agent, &people).await;
    assert_eq!(
        agent.gql(IDENTIFY, json!({ "input": { "email": "a@x.example" } })).await.user_error(),
        "BLOCKED"
    );
    assert_eq!(agent.gql(UNDO, json!({ "id": merge })).await.user_error(), "CONFLICT");
    assert_eq!(
        admin.gql(ERASE, json!({ "id": people[0], "dryRun": false })).await.user_error(),
        "NOT_FOUND"
    );

    let log = admin
        .data(
            "query($id: ID!) { auditLog(customerId: $id) { nodes { action actor customerId customer { id } requestId } } }",
            json!({ "id": people[0] }),
        )
        .await;
    let entries = log["auditLog"]["nodes"].as_array().expect("entries");
    let actions: Vec<&Value> = entries.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, [&json!("ERASE"), &json!("EXPORT"), &json!("MERGE")]);
    assert_eq!(
        (&entries[0]["actor"], &entries[0]["customerId"], &entries[0]["customer"]),
        (&json!("admin"), &json!(people[0]), &Value::Null)
    );
    assert!(
        entries.iter().all(|entry| entry["requestId"].as_str().is_some_and(|id| !id.is_empty()))
    );
}

/// Settings that are refused, and the path that is told.
fn wrong_settings() -> [(Value, Value); 5] {
    [
        (json!({ "region": "XX" }), json!(["input", "region"])),
        (
            json!({ "region": "FR", "guards": { "maxContacts": -1 } }),
            json!(["input", "guards", "maxContacts"]),
        ),
        (json!({ "historyDays": 0 }), json!(["input", "historyDays"])),
        (
            json!({ "blocked": [{ "match": "PATTERN", "value": "(", "reason": "x" }] }),
            json!(["input", "blocked", "0", "value"]),
        ),
        (
            json!({ "pageRules": { "rules": [{ "pattern": "cars" }] } }),
            json!(["input", "pageRules", "rules", "0", "pattern"]),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_as_a_whole_or_not_at_all() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let input = json!({ "input": {
        "region": "de", "historyDays": 30, "guards": { "maxContacts": 5, "strongKinds": ["USER_ID", "DEVICE", "USER_ID"] },
        "blocked": [{ "kind": "EMAIL", "match": "EXACT", "value": "shop@x.example", "reason": "our own" }],
        "pageRules": { "ignore": ["/api"], "rules": [{ "pattern": "/cars/:object", "category": "car" }] }
    } });
    let settings = admin.data(SETTINGS, input).await["updateTenantSettings"]["settings"].clone();
    assert_eq!(
        (&settings["region"], &settings["historyDays"], &settings["guards"]["maxContacts"]),
        (&json!("DE"), &json!(30), &json!(5))
    );
    assert_eq!(settings["guards"]["strongKinds"], json!(["USER_ID", "DEVICE"]));
    assert_eq!(
        settings["blocked"],
        json!([{ "kind": "EMAIL", "match": "EXACT", "value": "shop@x.example", "reason": "our own" }])
    );
    assert_eq!(
        settings["pageRules"],
        json!({ "ignore": ["/api"], "rules": [{ "pattern": "/cars/:object", "category": "car" }] })
    );
    let ignored = identify(
        &app.as_agent("acme"),
        json!({ "email": "shop@x.example", "phoneNumber": "030 123456" }),
    )
    .await;
    assert_eq!(ignored["ignored"], json!([{ "reason": "blocked" }]));

    let version = settings["version"].clone();
    for (wrong, path) in wrong_settings() {
        let reply = admin.gql(SETTINGS, json!({ "input": wrong })).await;
        assert_eq!(reply.user_error(), "INVALID");
        assert_eq!(reply.body["data"]["updateTenantSettings"]["userErrors"][0]["path"], path);
    }
    let stale =
        admin.gql(SETTINGS, json!({ "input": { "region": "FR", "expectedVersion": 0 } })).await;
    assert_eq!(stale.user_error(), "VERSION_CONFLICT");
    let now =
        admin.data("{ tenantSettings { version region } }", json!({})).await["tenantSettings"]
            .clone();
    assert_eq!(now, json!({ "version": version, "region": "DE" }));
    let for_ever = admin
        .data(SETTINGS, json!({ "input": { "historyDays": null, "expectedVersion": version } }))
        .await;
    assert_eq!(for_ever["updateTenantSettings"]["settings"]["historyDays"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_a_document_answers_what_is_then() {
    let app = App::start().await;
    let people = strangers(&app.as_agent("acme"), &["a", "b"]).await;
    const TWICE: &str = "mutation($id: ID!) {
        one: updateCustomer(input: { customerId: $id, name: \"One\" }) { customer { name version } userErrors { code } }
        two: updateCustomer(input: { customerId: $id, name: \"Two\" }) { customer { name version } userErrors { code } }
    }";
    let data = app.as_agent("acme").data(TWICE, json!({ "id": people[0] })).await;
    assert_eq!(
        (&data["one"]["customer"]["name"], &data["two"]["customer"]["name"]),
        (&json!("One"), &json!("Two"))
    );
    assert_ne!(data["one"]["customer"]["version"], data["two"]["customer"]["version"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_tells_what_it_costs() {
    let app = App::start().await;
    let viewer = app.as_viewer("acme");
    const COST: &str =
        "{ rateLimit { cost remaining perSecond burst } customers(first: 100) { nodes { id } } }";
    let first = viewer.data(COST, json!({})).await["rateLimit"].clone();
    let number = |limit: &Value, name: &str| limit[name].as_i64().expect("a number");
    assert!(number(&first, "cost") >= 100, "{first}");
    assert!(
        number(&first, "remaining") <= number(&first, "burst") - number(&first, "cost"),
        "{first}"
    );
    assert!(number(&first, "perSecond") > 0);
    let ingest = app
        .caller("acme", rapport::auth::Role::Ingest)
        .data("{ rateLimit { remaining burst } }", json!({}))
        .await;
    assert!(
        number(&ingest["rateLimit"], "remaining") > number(&first, "remaining"),
        "each token has its own: {ingest}"
    );
}
