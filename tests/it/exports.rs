//! What is handed out of a person speaks of things as the API does, and the audit log says that it was handed out.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, UNDO, id_of, identify, strangers};

const EXPORT: &str = "query($id: ID!) { exportCustomer(customerId: $id) }";
const AUDIT: &str =
    "query($id: ID) { auditLog(customerId: $id) { nodes { action actor customerId detail } } }";

/// Every number and every text of a document, with the keys that lead to it.
fn leaves(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                leaves(&format!("{path}.{key}"), value, found);
            }
        }
        Value::Array(list) => {
            for value in list {
                leaves(path, value, found);
            }
        }
        other => found.push((path.to_string(), other.clone())),
    }
}

/// The strings under a key of each row of a part.
fn texts(document: &Value, part: &str, key: &str) -> Vec<String> {
    let rows = document[part].as_array().unwrap_or_else(|| panic!("{part}"));
    rows.iter().filter_map(|row| row[key].as_str().map(str::to_string)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_names_things_by_the_ids_of_the_api() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b"]).await;
    let merge = agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let merge = id_of(&merge["mergeCustomers"]["merges"][0]);
    agent.data(UNDO, json!({ "id": merge, "keepApart": false })).await;
    let merge = agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let merge = id_of(&merge["mergeCustomers"]["merges"][0]);
    identify(&agent, json!({ "email": "a@x.example", "phoneNumber": "+14155550100" })).await;
    let record = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { message } } } }";
    let note = json!({ "inputs": [{ "customer": { "id": people[0] }, "channel": "INTERNAL", "body": { "note": { "text": "a note" } } }] });
    let item = id_of(&agent.data(record, note).await["recordEngagements"]["results"][0]["item"]);
    let comment = "mutation($id: ID!) { addComment(input: { itemId: $id, text: \"a comment\" }) { comment { id } userErrors { message } } }";
    let comment = id_of(&agent.data(comment, json!({ "id": item })).await["addComment"]["comment"]);

    let document = admin.data(EXPORT, json!({ "id": people[1] })).await["exportCustomer"].clone();
    assert_eq!(document["customer"], json!(people[0]));
    assert_eq!(document["homes"], json!(people));
    let (mut customers, mut sorted) = (texts(&document, "customers", "id"), people.clone());
    customers.sort();
    sorted.sort();
    assert_eq!(customers, sorted);
    assert!(texts(&document, "merges", "id").contains(&merge));
    assert!(texts(&document, "engagements", "id").contains(&item));
    assert_eq!(texts(&document, "comments", "id"), [comment.as_str()]);
    assert_eq!(texts(&document, "comments", "item"), [item.as_str()]);
    no_numbers(&document);
    known_to_the_api(&agent, &document, &people[0]).await;
    leads_to_rows(&document, &people);
}

/// Nothing in the document is a number of the store.
fn no_numbers(document: &Value) {
    let mut found = Vec::new();
    leaves("", document, &mut found);
    for (path, value) in &found {
        assert!(value.as_i64().is_none_or(|number| number < 1_000), "{path} is {value}");
    }
}

/// Each id is one that the API answers to; merged customers as the survivor.
async fn known_to_the_api(agent: &Caller<'_>, document: &Value, survivor: &str) {
    let nodes = [
        ("contacts", "Contact"),
        ("identities", "Identity"),
        ("customers", "Customer"),
        ("merges", "Merge"),
    ];
    for (part, kind) in nodes {
        for id in texts(document, part, "id") {
            let known = if part == "customers" { survivor } else { &id };
            let node = "query($id: ID!) { node(id: $id) { __typename id } }";
            let node = agent.data(node, json!({ "id": id })).await;
            assert_eq!(node["node"], json!({ "__typename": kind, "id": known }), "{part}");
        }
    }
}

/// What refers to a thing leads to its row of the document.
fn leads_to_rows(document: &Value, people: &[String]) {
    let contacts = texts(document, "contacts", "id");
    let identities = texts(document, "identities", "id");
    for (part, key, known) in [
        ("identities", "contact", &contacts[..]),
        ("contacts", "linkedId", &contacts),
        ("contacts", "home", people),
        ("contacts", "customer", people),
        ("evidence", "a", &identities),
        ("evidence", "b", &identities),
        ("merges", "a", people),
        ("merges", "b", people),
        ("engagements", "home", people),
        ("audit", "customer", people),
    ] {
        let references = texts(document, part, key);
        assert!(!references.is_empty(), "{part}.{key}");
        assert!(references.iter().all(|id| known.contains(id)), "{part}.{key}: {references:?}");
    }
    let mut found = Vec::new();
    leaves("", document, &mut found);
    found.retain(|(path, _)| path.contains(".change.merge") || path.contains(".detail.merge"));
    assert!(found.len() >= 4, "{found:?}");
    let merges = texts(document, "merges", "id");
    assert!(found.iter().all(|(_, id)| merges.iter().any(|merge| id == merge)), "{found:?}");
}

/// Two people in one, of whom the staff said something, with a message that was edited.
async fn of_staff_and_edited(agent: &Caller<'_>) -> Vec<String> {
    let mut people = Vec::new();
    for name in ["Ann", "Bea"] {
        let address = format!("{name}@x.example");
        let traits = json!({ "plan": name, "at": 7, "trait_times": { "plan": 7 } });
        let input = json!({ "email": address, "name": name, "traits": traits });
        people.push(id_of(&identify(agent, input).await["customer"]));
    }
    agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let update = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { message } } }";
    let input = json!({ "customerId": people[0], "name": "Ms Staff", "stage": "CUSTOMER", "tags": ["vip"] });
    let updated = agent.data(update, json!({ "input": input })).await;
    assert_eq!(updated["updateCustomer"]["userErrors"], json!([]));
    identify(agent, json!({ "email": "ann@x.example", "name": "Anna" })).await;
    let record = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { id } userErrors { message } } } }";
    for text in ["before", "after"] {
        let message = json!({ "customer": { "id": people[0] }, "channel": "SMS", "source": "sms", "sourceId": "1", "body": { "message": { "text": text } } });
        agent.data(record, json!({ "inputs": [message] })).await;
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn times_and_ids_inside_of_json_are_told_as_those_of_columns() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = of_staff_and_edited(&agent).await;
    let document = admin.data(EXPORT, json!({ "id": people[0] })).await["exportCustomer"].clone();
    no_numbers(&document);
    let mut found = Vec::new();
    leaves("", &document, &mut found);
    let told = |end: &str| -> Vec<&Value> {
        let told: Vec<&Value> =
            found.iter().filter(|(path, _)| path.ends_with(end)).map(|(_, value)| value).collect();
        assert!(!told.is_empty(), "{end}");
        told
    };
    for end in [
        ".customers.nameAt",
        ".customers.traitTimes.plan",
        ".customers.called.at",
        ".customers.own.name_at",
        ".customers.own.called.at",
        ".customers.own.trait_times.plan",
        ".engagements.data.edits.at",
        ".engagements.data.edits.said_at",
    ] {
        let times = told(end);
        let is_time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).is_ok();
        let texts = times.iter().filter(|value| !value.is_null()).map(|value| value.as_str());
        let texts: Vec<Option<&str>> = texts.collect();
        assert!(!texts.is_empty(), "{end}: {times:?}");
        assert!(texts.iter().all(|text| text.is_some_and(is_time)), "{end}: {times:?}");
    }
    for end in [".own.stage_over", ".own.tags_over", ".data.change.other"] {
        let ids = told(end);
        assert!(ids.iter().all(|id| people.iter().any(|known| **id == *known)), "{end}: {ids:?}");
    }
    // What a sender calls the same is the sender's.
    assert!(told(".traits.at").iter().all(|value| **value == json!(7)));
    assert!(told(".traits.trait_times.plan").iter().all(|value| **value == json!(7)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_export_is_in_the_audit_log_however_it_is_asked_for() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b"]).await;
    let id = json!({ "id": people[0] });
    let exports = async || -> Vec<Value> {
        let log = admin.data(AUDIT, id.clone()).await;
        let nodes = log["auditLog"]["nodes"].as_array().expect("entries").clone();
        nodes.into_iter().filter(|entry| entry["action"] == "EXPORT").collect()
    };
    assert_eq!(exports().await.len(), 0);
    let document = admin.data(EXPORT, id.clone()).await["exportCustomer"].clone();
    assert_eq!(document["audit"][0]["action"], "EXPORT", "an export knows of itself");
    assert_eq!(exports().await.len(), 1);
    assert!(admin.get(EXPORT, &id).await.data()["exportCustomer"].is_object());
    assert_eq!(exports().await.len(), 2, "by GET");
    let twice =
        "query($id: ID!) { a: exportCustomer(customerId: $id) b: exportCustomer(customerId: $id) }";
    admin.data(twice, id.clone()).await;
    let told = exports().await;
    assert_eq!(told.len(), 4, "each of two in one document");
    let expected = json!({ "action": "EXPORT", "actor": "admin", "customerId": people[0], "detail": { "homes": [people[0]] } });
    assert!(told.iter().all(|entry| *entry == expected), "{told:?}");

    // Who may not, and who is not there, leaves no entry.
    assert_eq!(agent.gql(EXPORT, id.clone()).await.code(), Some("FORBIDDEN"));
    let theirs = app.as_admin("globex");
    assert!(theirs.gql(EXPORT, id.clone()).await.body["errors"].is_array());
    assert_eq!(exports().await.len(), 4);
    let log = theirs.data(AUDIT, json!({})).await;
    assert_eq!(log["auditLog"]["nodes"], json!([]));
}
