//! What each input is answered, alone and beside others.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::identify_many::{MANY, check, many};
use crate::support::app::App;
use crate::support::identity::{IDENTIFY, id_of, identify};

#[tokio::test(flavor = "multi_thread")]
async fn each_input_is_answered_in_its_place() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let known = identify(&agent, json!({ "email": "known@x.example" })).await;
    let inputs = json!([
        { "email": "a@x.example", "name": "Ann" },
        { "email": "no address" },
        { "email": "known@x.example" },
        {},
        { "email": "known@x.example", "phoneNumber": "+14155550101" },
        { "email": "b@x.example", "phoneNumber": "call me", "traits": { "city": "Ulm" } },
        { "email": "c@x.example", "traits": 7 },
        { "email": "d@x.example", "occurredAt": "1960-01-01T00:00:00Z" },
    ]);
    let results = many(&agent, inputs).await;
    let outcomes: Vec<&Value> = results.iter().map(|result| &result["outcome"]).collect();
    let null = Value::Null;
    let wanted: [&str; 8] = ["CREATED", "", "MATCHED", "", "LINKED", "CREATED", "", ""];
    for (n, wanted) in wanted.iter().enumerate() {
        assert_eq!(outcomes[n].as_str().unwrap_or_default(), *wanted, "{n}: {}", results[n]);
    }
    assert_eq!(results[0]["customer"]["name"], "Ann");
    assert_eq!(results[2]["customer"]["id"], known["customer"]["id"]);
    assert_eq!(results[2]["phoneNumbers"], json!([]), "the later input came later");
    assert_eq!(results[4]["customer"]["id"], known["customer"]["id"]);
    assert_eq!(results[4]["phoneNumbers"], json!(["+14155550101"]));
    assert_eq!(results[5]["ignored"], json!([{ "path": ["phoneNumber"], "value": "call me" }]));
    let paths = [(1, json!(["inputs", "1", "email"])), (3, json!(["inputs", "3"]))];
    let more = [(6, json!(["inputs", "6", "traits"])), (7, json!(["inputs", "7", "occurredAt"]))];
    for (n, path) in paths.into_iter().chain(more) {
        let error = &results[n]["userErrors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID"), &path), "{n}");
        assert_eq!(results[n]["customer"], null);
    }
    let people = agent.data("{ customers { totalCount { count } } }", json!({})).await;
    assert_eq!(people["customers"]["totalCount"]["count"], 3, "{people}");
}

/// Rows that name each other are one person, in the order in which they stand.
#[tokio::test(flavor = "multi_thread")]
async fn a_later_input_sees_an_earlier_one() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let inputs = json!([
        { "email": "a@x.example", "name": "Ann" },
        { "phoneNumber": "+14155550102" },
        { "email": "A@x.example", "phoneNumber": "+14155550103", "name": "Ann B." },
        { "email": "other@x.example" },
        { "email": "a@x.example", "phoneNumber": "+1 415 555 0102" },
        { "email": "a@x.example" },
    ]);
    let results = many(&agent, inputs).await;
    let outcomes: Vec<&str> =
        results.iter().filter_map(|result| result["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["CREATED", "CREATED", "LINKED", "CREATED", "MERGED", "MATCHED"]);
    assert_eq!(results[0]["phoneNumbers"], json!([]));
    assert_eq!(results[2]["phoneNumbers"], json!(["+14155550103"]));
    assert_eq!(results[2]["customer"]["id"], results[0]["customer"]["id"]);
    let all = json!(["+14155550103", "+14155550102"]);
    let mut numbers: Vec<&Value> =
        results[4]["phoneNumbers"].as_array().expect("a list").iter().collect();
    numbers.sort_by_key(ToString::to_string);
    assert_eq!(numbers.len(), all.as_array().expect("a list").len(), "{}", results[4]);
    assert_eq!(results[5]["phoneNumbers"], results[4]["phoneNumbers"]);
    assert_eq!(results[5]["customer"]["name"], "Ann B.");
    assert_ne!(results[3]["customer"]["id"], results[0]["customer"]["id"]);
    check(&app, "acme").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_of_many_changes_nothing_and_tells_what_would_come() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    identify(&agent, json!({ "email": "known@x.example" })).await;
    let input = |email: &str, phone: Option<&str>, dry: bool| json!({ "email": email, "phoneNumber": phone, "dryRun": dry });
    let inputs = json!([
        input("a@x.example", None, true),
        input("a@x.example", Some("+14155550101"), true),
        input("known@x.example", None, true),
        input("known@x.example", Some("+14155550101"), true),
        input("b@x.example", None, false),
    ]);
    let results = many(&agent, inputs).await;
    let outcomes: Vec<&str> =
        results.iter().map(|result| result["outcome"].as_str().unwrap_or("-")).collect();
    assert_eq!(outcomes, ["CREATED", "LINKED", "MATCHED", "MERGED", "-"], "{results:?}");
    assert_eq!(results[4]["userErrors"][0]["path"], json!(["inputs", "4", "dryRun"]));
    let people = agent.data("{ customers { nodes { emails version } } }", json!({})).await;
    let nodes = people["customers"]["nodes"].as_array().expect("a list");
    assert_eq!(nodes.len(), 1, "{people}");
    assert_eq!(nodes[0]["emails"], json!(["known@x.example"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_roles_and_keys_are_those_of_other_mutations() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    assert_eq!(many(&agent, json!([])).await, Vec::<Value>::new());
    let inputs = |count: usize| -> Value {
        (0..count).map(|n| json!({ "email": format!("p{n}@x.example") })).collect()
    };
    let reply = agent.gql(MANY, json!({ "inputs": inputs(1_001) })).await;
    assert_eq!(reply.code(), Some("INVALID_ARGUMENT"), "{}", reply.body);

    // Who may send and not read is told its own values only.
    identify(&agent, json!({ "email": "ada@x.example", "phoneNumber": "+14155550101" })).await;
    const INGEST: &str = "mutation($inputs: [IdentifyInput!]!) { identifyMany(inputs: $inputs) { results { outcome emails phoneNumbers userErrors { code } } } }";
    let ingest = app.caller("acme", Role::Ingest);
    let both = json!([
        { "email": "ada@x.example" },
        { "phoneNumber": "(415) 555-0101", "identities": [{ "kind": "EMAIL", "value": "new@x.example" }] },
    ]);
    let told = ingest.data(INGEST, json!({ "inputs": both })).await;
    let results = &told["identifyMany"]["results"];
    assert_eq!(results[0]["phoneNumbers"], json!([]), "{told}");
    assert_eq!(results[1]["emails"], json!(["new@x.example"]), "{told}");
    let refused = app.as_viewer("acme").gql(INGEST, json!({ "inputs": inputs(1) })).await;
    assert_eq!(refused.code(), Some("FORBIDDEN"));

    // Another tenant's people are nobody's.
    let theirs = many(&app.as_agent("globex"), json!([{ "email": "ada@x.example" }])).await;
    assert_eq!(theirs[0]["outcome"], "CREATED");
}

/// Erased people stay erased, guards hold back, marked addresses join nobody: beside others as alone.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_held_costs_its_neighbours_nothing() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let gone = identify(&agent, json!({ "email": "gone@x.example" })).await;
    let erase = "mutation($id: ID!) { eraseCustomer(customerId: $id) { userErrors { code } } }";
    admin.data(erase, json!({ "id": id_of(&gone["customer"]) })).await;
    let login = |email: &str, id: &str| json!({ "email": email, "identities": [{ "kind": "USER_ID", "value": id }] });
    identify(&agent, login("u1@x.example", "1")).await;
    identify(&agent, login("u2@x.example", "2")).await;
    let desk =
        identify(&agent, json!({ "email": "desk@x.example", "phoneNumber": "+14155550100" })).await;
    let share = "mutation { updateIdentity(input: { identity: { kind: PHONE, value: \"+14155550100\" }, shared: true }) { userErrors { code } } }";
    agent.data(share, json!({})).await;

    let two = json!({ "email": "u1@x.example", "identities": [{ "kind": "EMAIL", "value": "u2@x.example" }] });
    let inputs = json!([
        { "email": "gone@x.example", "phoneNumber": "+14155550177" },
        two,
        { "email": "e1@x.example", "phoneNumber": "+14155550100" },
        { "email": "e2@x.example", "phoneNumber": "+14155550100" },
        { "phoneNumber": "+14155550100" },
        { "phoneNumber": "+14155550177" },
    ]);
    let results = many(&agent, inputs).await;
    assert_eq!(results[0]["userErrors"][0]["code"], "BLOCKED", "{}", results[0]);
    assert_eq!(results[0]["userErrors"][0]["path"], json!(["inputs", "0"]));
    assert_eq!(
        (&results[1]["outcome"], &results[1]["review"]["rule"]),
        (&json!("HELD"), &json!("STRONG_IDENTITY"))
    );
    for n in [2, 3, 5] {
        assert_eq!(results[n]["outcome"], "CREATED", "{n}: {}", results[n]);
    }
    assert_eq!(results[4]["customer"]["id"], desk["customer"]["id"]);
    // The same one by one is the same again.
    let again = agent
        .data(
            IDENTIFY,
            json!({ "input": { "email": "e1@x.example", "phoneNumber": "+14155550100" } }),
        )
        .await;
    assert_eq!(again["identify"]["customer"]["id"], results[2]["customer"]["id"]);
    assert_eq!(again["identify"]["outcome"], "MATCHED");
    check(&app, "acme").await;
}
