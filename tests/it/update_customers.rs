//! `updateCustomers`: one change for many, named or found; and single tags that come and go.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, id_of, identify, strangers};

const UPDATE: &str = "mutation($input: UpdateCustomersInput!) { updateCustomers(input: $input) {
    updated unchanged hasMore endCursor userErrors { code message path customer { id } }
} }";

const ONE: &str = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) {
    customer { version tags stage status } userErrors { code path }
} }";

async fn update(caller: &Caller<'_>, input: Value) -> Value {
    let reply = caller.gql(UPDATE, json!({ "input": input })).await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.body);
    reply.body["data"]["updateCustomers"].clone()
}

async fn look(caller: &Caller<'_>, id: &str) -> Value {
    const LOOK: &str =
        "query($id: ID!) { customer(by: { id: $id }) { version tags stage status } }";
    caller.data(LOOK, json!({ "id": id })).await["customer"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_are_named_are_changed_and_a_wrong_one_costs_nobody() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let people = strangers(&agent, &["a", "b", "c", "d"]).await;
    agent.data(MERGE, json!({ "input": { "customerIds": people[..2] } })).await;
    let before = look(&agent, &people[0]).await["version"].clone();
    let email = |name: &str| json!({ "identity": { "kind": "EMAIL", "value": format!("{name}@x.example") } });
    let customers = json!([
        { "id": people[0] }, email("b"), email("nobody"), { "id": people[2] }, { "contactId": 7 },
        email("no address"), { "id": people[2] },
    ]);
    let input = json!({ "customers": customers, "stage": "LEAD", "status": "INACTIVE", "addTags": ["vip", " new "] });
    let told = update(&agent, input.clone()).await;
    assert_eq!((&told["updated"], &told["unchanged"]), (&json!(2), &json!(2)), "{told}");
    let errors: Vec<(&str, Value)> = told["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| (error["code"].as_str().expect("a code"), error["path"].clone()))
        .collect();
    let path = |n: &str, names: &[&str]| {
        let mut path = vec!["input", "customers", n];
        path.extend(names);
        json!(path)
    };
    assert_eq!(
        errors,
        [
            ("NOT_FOUND", path("2", &["identity", "value"])),
            ("NOT_FOUND", path("4", &["contactId"])),
            ("INVALID", path("5", &["identity", "value"])),
        ]
    );
    let after = look(&agent, &people[1]).await;
    assert_eq!(after["version"].as_i64(), before.as_i64().map(|version| version + 1));
    assert_eq!(after["tags"], json!(["new", "vip"]));
    assert_eq!((&after["stage"], &after["status"]), (&json!("LEAD"), &json!("INACTIVE")));
    assert_eq!(look(&agent, &people[3]).await["stage"], "VISITOR");
    // The same again says nothing new: no version, no entry of the audit log.
    let again = update(&agent, input).await;
    assert_eq!(again["updated"], 0, "{again}");
    assert_eq!(look(&agent, &people[1]).await, after);
    let log =
        admin.data("{ auditLog { nodes { action customer { id } detail } } }", json!({})).await;
    let entries: Vec<&Value> = log["auditLog"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|entry| entry["action"] == "UPDATE_CUSTOMER")
        .collect();
    assert_eq!(entries.len(), 2, "{log}");
}

/// A filter is worked off in bounded calls, and who does not fit it any more after the change costs nobody a turn.
#[tokio::test(flavor = "multi_thread")]
async fn those_that_a_filter_finds_are_changed_call_by_call() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let inputs: Vec<Value> =
        (0..25).map(|n| json!({ "email": format!("p{n}@x.example") })).collect();
    const MANY: &str = "mutation($inputs: [IdentifyInput!]!) { identifyMany(inputs: $inputs) { results { customer { id } userErrors { code } } } }";
    let made = agent.data(MANY, json!({ "inputs": inputs })).await;
    let ids: Vec<String> = made["identifyMany"]["results"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|result| id_of(&result["customer"]))
        .collect();
    let some: Vec<Value> = ids[..15].iter().map(|id| json!({ "id": id })).collect();
    update(&agent, json!({ "customers": some, "stage": "LEAD" })).await;

    let filter = json!({ "stages": ["LEAD"] });
    let mut input =
        json!({ "filter": filter, "first": 4, "stage": "CUSTOMER", "addTags": ["won"] });
    let (mut updated, mut calls) = (0, 0);
    loop {
        let told = update(&agent, input.clone()).await;
        updated += told["updated"].as_i64().expect("a number");
        calls += 1;
        if told["hasMore"] == false {
            break;
        }
        input["after"] = told["endCursor"].clone();
        identify(&agent, json!({ "email": format!("late{calls}@x.example") })).await;
    }
    assert_eq!((updated, calls), (15, 4));
    let won = agent
        .data("{ customers(filter: { tags: [\"won\"], stages: [CUSTOMER] }) { totalCount { count } } }", json!({}))
        .await;
    assert_eq!(won["customers"]["totalCount"]["count"], 15);
    // A cursor is of its filter.
    input["filter"] = json!({ "stages": ["VISITOR"] });
    let told = update(&agent, input).await;
    assert_eq!(told["userErrors"][0]["path"], json!(["input", "after"]), "{told}");
    let none = update(&agent, json!({ "filter": { "tags": ["no such"] }, "stage": "LEAD" })).await;
    assert_eq!((&none["updated"], &none["hasMore"]), (&json!(0), &json!(false)));
}

/// Whoever adds or takes away a single tag does not read first: what others add at the same time stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn single_tags_that_come_at_once_all_stay() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a"]).await;
    let start = json!({ "customerId": people[0], "tags": ["old", "stays"] });
    agent.data(ONE, json!({ "input": start })).await;
    let one = |n: usize| {
        let customer = json!({ "identity": { "kind": "EMAIL", "value": "a@x.example" } });
        let input = match n {
            0 => json!({ "customer": customer, "removeTags": ["old"] }),
            n => json!({ "customer": customer, "addTags": [format!("t{n:02}")] }),
        };
        let agent = &agent;
        async move {
            if n.is_multiple_of(2) {
                agent.data(ONE, json!({ "input": input })).await;
            } else {
                let input =
                    json!({ "customers": [input["customer"]], "addTags": input["addTags"] });
                let told = update(agent, input).await;
                assert_eq!(told["updated"], 1, "{told}");
            }
        }
    };
    futures_util::future::join_all((0..20).map(one)).await;
    let mut tags: Vec<String> =
        serde_json::from_value(look(&agent, &people[0]).await["tags"].clone()).expect("texts");
    tags.sort();
    let mut wanted: Vec<String> = (1..20).map(|n| format!("t{n:02}")).collect();
    wanted.insert(0, "stays".into());
    assert_eq!(tags, wanted);
    let many: Vec<String> = (0..40).map(|n| format!("more{n}")).collect();
    let reply =
        agent.gql(ONE, json!({ "input": { "customerId": people[0], "addTags": many } })).await;
    assert_eq!(reply.user_error(), "LIMIT_EXCEEDED");
    let told = update(&agent, json!({ "filter": {}, "addTags": many })).await;
    assert_eq!(told["userErrors"][0]["code"], "LIMIT_EXCEEDED", "{told}");
    assert_eq!(told["userErrors"][0]["customer"]["id"], people[0], "{told}");
    assert_eq!(told["userErrors"][0]["path"], json!(["input", "addTags"]), "{told}");
}
