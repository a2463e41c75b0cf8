//! Only the columns that a document asks for travel: what each field of a history item, or of a person that a search finds,
//! needs is among them.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::written_answers::{IDENTIFY, RECORD, VIEWS, asked, one_of_each};

const UPDATE: &str = "mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { id } userErrors { message } } }";

/// The fields of a type that are asked without arguments, with something of what is below them.
async fn fields_of(app: &App, ty: &str) -> Vec<(String, String)> {
    let document = "query ($name: String!) { __type(name: $name) { fields { name type { kind name ofType { kind ofType { ofType { kind } } } } } } }";
    let data = asked(app, document, json!({ "name": ty })).await;
    let fields = data["__type"]["fields"].as_array().expect("fields").iter();
    fields
        .map(|field| {
            let below = match field["name"].as_str().expect("a name") {
                "customer" | "merge" | "identities" => " { id }",
                "identity" => " { id value }",
                "comments" => " { nodes { id text } }",
                "parts" => " { __typename ... on TextPart { text } ... on FilePart { url } }",
                _ => "",
            };
            let name = field["name"].as_str().expect("a name").to_string();
            (name.clone(), format!("{name}{below}"))
        })
        .collect()
}

/// What these items have not.
const WITHOUT: &[&str] = &[
    "Message.channelLabel",
    "Email.channelLabel",
    "PageView.channelLabel",
    "Note.channelLabel",
    "RecordEvent.channelLabel",
    "IdentityEvent.channelLabel",
    "Message.deliveryState",
    "Message.editedAt",
    "Message.editedBy",
    "Call.editedAt",
    "Call.editedBy",
    "Email.editedAt",
    "Email.editedBy",
    "Email.emailState",
    "RecordEvent.editedAt",
    "RecordEvent.editedBy",
    "IdentityEvent.editedAt",
    "IdentityEvent.editedBy",
    "PageView.direction",
    "IdentityEvent.direction",
    "IdentityEvent.sourceId",
    "IdentityEvent.merge",
    "IdentityEvent.mergeId",
];

/// Only the columns that are asked travel: a field that is asked alone answers as with all others.
#[tokio::test]
async fn a_field_alone_has_the_columns_that_it_needs() {
    let app = App::start().await;
    let by = one_of_each(&app).await;
    let changed = json!({ "customer": by, "channel": "WEB", "direction": "INBOUND", "source": "test", "sourceId": "3", "body": { "note": { "text": "changed" } } });
    asked(&app, RECORD, json!({ "inputs": [changed] })).await;
    let call = json!({ "customer": by, "channel": "OTHER", "channelLabel": "Video", "direction": "INBOUND", "source": "test", "sourceId": "c", "body": { "call": { "state": "COMPLETED", "durationSeconds": 9, "recordingUrl": "https://example.com/r.mp3" } } });
    asked(&app, RECORD, json!({ "inputs": [call] })).await;
    let mail = json!({ "customer": by, "channel": "EMAIL", "body": { "email": { "subject": "Hello", "messageId": "m@x" } } });
    asked(&app, RECORD, json!({ "inputs": [mail] })).await;
    let view = json!({ "customer": by, "url": "/cars/8", "title": "Another", "description": "red", "sessionId": "s", "sourceId": "v" });
    asked(&app, VIEWS, json!({ "inputs": [view] })).await;
    for (source, id, mut input) in
        [("test", "3", json!({ "text": "corrected" })), ("api", "v", json!({ "title": "Other" }))]
    {
        input["item"] = json!({ "source": { "source": source, "sourceId": id } });
        let done = asked(&app, UPDATE, json!({ "input": input })).await;
        assert!(done["updateItem"]["item"]["id"].is_string(), "{done}");
    }
    let types = ["Message", "Call", "Email", "PageView", "Note", "RecordEvent", "IdentityEvent"];
    let mut empty = Vec::new();
    for ty in types {
        for (name, field) in fields_of(&app, ty).await {
            let [alone, with_all] = ["", "... on IdentityEvent { action }"].map(|all| {
                format!("query ($by: CustomerRef!) {{ customer(by: $by) {{ history(first: 50) {{ nodes {{ __typename ... on {ty} {{ {field} }} {all} }} }} }} }}")
            });
            let alone = asked(&app, &alone, json!({ "by": by })).await;
            let with_all = asked(&app, &with_all, json!({ "by": by })).await;
            let of_type = |data: &Value| -> Vec<Value> {
                let nodes = data["customer"]["history"]["nodes"].as_array().expect("items");
                let own = nodes.iter().filter(|node| node["__typename"] == ty);
                own.map(|node| node[&name].clone()).collect()
            };
            assert_eq!(of_type(&alone), of_type(&with_all), "{ty}.{name}");
            if of_type(&alone).iter().all(|value| *value == Value::Null || *value == json!([])) {
                empty.push(format!("{ty}.{name}"));
            }
        }
    }
    // Nothing was compared with nothing.
    empty.retain(|field| !WITHOUT.contains(&field.as_str()));
    assert!(empty.is_empty(), "{empty:?}");
}

/// What of a customer is asked by a name alone, and what is below it.
async fn fields_of_customer(app: &App) -> Vec<(String, String)> {
    let document = "{ __type(name: \"Customer\") { fields { name type { kind name ofType { kind name ofType { kind ofType { kind } } } } } } }";
    let data = asked(app, document, json!({})).await;
    let fields = data["__type"]["fields"].as_array().expect("fields").iter();
    fields
        .map(|field| {
            let name = field["name"].as_str().expect("a name");
            let ty = field["type"].to_string();
            let below = if ty.contains("Connection") {
                " { nodes { id } }"
            } else if ty.contains("OBJECT") {
                " { __typename }"
            } else {
                ""
            };
            (name.to_owned(), format!("{name}{below}"))
        })
        .collect()
}

/// A search reads more than cards only where a field needs it: each field alone answers as for the customer itself, and a
/// page that is asked for its cursor goes on where it ended.
#[tokio::test]
async fn a_field_of_a_person_found_is_that_of_the_customer() {
    let app = App::start().await;
    let by = one_of_each(&app).await;
    let mut compared = 0;
    for round in ["no card yet", "a card"] {
        for (name, field) in fields_of_customer(&app).await {
            let found =
                format!("{{ search(query: \"ada\") {{ nodes {{ customer {{ {field} }} }} }} }}");
            let found = asked(&app, &found, json!({})).await;
            let itself = format!("query ($by: CustomerRef!) {{ customer(by: $by) {{ {field} }} }}");
            let itself = asked(&app, &itself, json!({ "by": by })).await;
            let (found, itself) =
                (&found["search"]["nodes"][0]["customer"][&name], &itself["customer"][&name]);
            assert_eq!(found, itself, "{round}: {name}");
            compared += usize::from(!matches!(itself, Value::Null));
        }
    }
    assert!(compared > 30, "{compared} fields were compared with something");
    // What no card holds, of the person of a contact.
    let of_contact = "customer { version contacts { customer { version lastSeenAt } } }";
    let found = format!("{{ search(query: \"ada\") {{ nodes {{ {of_contact} }} }} }}");
    let found = asked(&app, &found, json!({})).await["search"]["nodes"][0]["customer"].clone();
    let inner = found["contacts"][0]["customer"].clone();
    assert!(found["version"].is_i64() && inner["version"] == found["version"], "{found}");
    let alone = "{ search(query: \"ada\") { nodes { customer { contacts { customer { version lastSeenAt } } } } } }";
    let alone = asked(&app, alone, json!({})).await["search"]["nodes"][0]["customer"].clone();
    assert_eq!(alone["contacts"][0]["customer"], inner);
    for n in 0..3 {
        let email = json!({ "email": format!("ada{n}@example.com") });
        asked(&app, IDENTIFY, json!({ "input": email })).await;
    }
    let all = "{ search(query: \"ada\") { nodes { customer { id } } } }";
    let all = asked(&app, all, json!({})).await["search"]["nodes"].clone();
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = "query ($after: String) { search(query: \"ada\", first: 1, after: $after) { nodes { customer { id } } pageInfo { hasNextPage endCursor } } }";
        let page = asked(&app, page, json!({ "after": after })).await["search"].clone();
        paged.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!((json!(paged), paged.len()), (all, 4));
}
