//! What a company names itself: stages, a channel beside those of the product, types of records.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, UNDO, id_of, strangers};

const SETTINGS: &str =
    "mutation($stages: [StageInput!]) { updateTenantSettings(input: { stages: $stages }) {
    settings { stages { name stage } } userErrors { code path }
} }";

const UPDATE: &str = "mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) {
    customer { stage stageName version } userErrors { code message path }
} }";

async fn named(app: &App, stages: Value) -> Value {
    let reply = app.as_admin("acme").gql(SETTINGS, json!({ "stages": stages })).await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.body);
    reply.body["data"]["updateTenantSettings"].clone()
}

/// Stage and the company's own name of it.
async fn stage(caller: &Caller<'_>, id: &str) -> (Value, Value) {
    const LOOK: &str = "query($id: ID!) { customer(by: { id: $id }) { stage stageName } }";
    let found = caller.data(LOOK, json!({ "id": id })).await["customer"].clone();
    (found["stage"].clone(), found["stageName"].clone())
}

async fn set(caller: &Caller<'_>, id: &str, change: Value) -> Value {
    let mut input = change;
    input["customerId"] = json!(id);
    let reply = caller.gql(UPDATE, json!({ "input": input })).await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.body);
    reply.body["data"]["updateCustomer"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_of_the_company_belongs_to_one_of_the_three() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b"]).await;
    let nothing = set(&agent, &people[0], json!({ "stageName": "Prüfung" })).await;
    assert_eq!(nothing["userErrors"][0]["path"], json!(["input", "stageName"]), "{nothing}");
    let own = json!([{ "name": "Prüfung", "stage": "LEAD" }, { "name": "Stammkunde", "stage": "CUSTOMER" }]);
    let told = named(&app, own.clone()).await;
    assert_eq!(told["settings"]["stages"], own, "{told}");

    let (lead, review) = (json!("LEAD"), json!("Prüfung"));
    let done = set(&agent, &people[0], json!({ "stageName": " prüfung " })).await;
    assert_eq!((&done["customer"]["stage"], &done["customer"]["stageName"]), (&lead, &review));
    // The same again, and the stage to which it belongs, say nothing new.
    let version = done["customer"]["version"].clone();
    for same in [json!({ "stageName": "PRÜFUNG" }), json!({ "stage": "LEAD" })] {
        let done = set(&agent, &people[0], same).await;
        assert_eq!(done["customer"]["version"], version, "{done}");
        assert_eq!(done["customer"]["stageName"], review);
    }
    let wrong =
        set(&agent, &people[0], json!({ "stageName": "Prüfung", "stage": "CUSTOMER" })).await;
    assert_eq!(wrong["userErrors"][0]["path"], json!(["input", "stageName"]), "{wrong}");
    set(&agent, &people[0], json!({ "stage": "CUSTOMER" })).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("CUSTOMER"), Value::Null));
    set(&agent, &people[0], json!({ "stageName": "Stammkunde" })).await;
    set(&agent, &people[0], json!({ "stageName": null })).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("CUSTOMER"), Value::Null));

    // Another tenant has stages of its own, or none.
    let other = app.as_agent("globex");
    let theirs = strangers(&other, &["a"]).await;
    let refused = set(&other, &theirs[0], json!({ "stageName": "Prüfung" })).await;
    assert_eq!(refused["userErrors"][0]["code"], "INVALID");
}

/// A new name shows at once and moves nobody; who was on a stage that is gone stays where it belonged.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_in_use_is_renamed_and_taken_away() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b"]).await;
    named(&app, json!([{ "name": "A", "stage": "LEAD" }, { "name": "B", "stage": "CUSTOMER" }]))
        .await;
    set(&agent, &people[0], json!({ "stageName": "A" })).await;
    const MANY: &str = "mutation($input: UpdateCustomersInput!) { updateCustomers(input: $input) { updated userErrors { code path } } }";
    let many = json!({ "customers": [{ "id": people[1] }], "stageName": "b" });
    assert_eq!(agent.data(MANY, json!({ "input": many })).await["updateCustomers"]["updated"], 1);

    let renamed = json!([{ "name": "B", "stage": "CUSTOMER" }, { "name": "Neu", "stage": "LEAD", "formerName": "a" }]);
    named(&app, renamed).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("LEAD"), json!("Neu")));
    let list = agent.data("{ customers { nodes { stageName } } }", json!({})).await;
    let mut names: Vec<String> = list["customers"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| node["stageName"].to_string())
        .collect();
    names.sort();
    assert_eq!(names, ["\"B\"", "\"Neu\""]);

    named(&app, json!([{ "name": "B", "stage": "CUSTOMER" }])).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("LEAD"), Value::Null));
    named(&app, json!([{ "name": "B", "stage": "CUSTOMER" }, { "name": "Neu", "stage": "LEAD" }]))
        .await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("LEAD"), Value::Null));
    let wrong = [
        (json!([{ "name": "B", "stage": "LEAD" }]), json!(["input", "stages", "0", "stage"])),
        (
            json!([{ "name": "B", "stage": "CUSTOMER" }, { "name": "b", "stage": "CUSTOMER" }]),
            json!(["input", "stages", "1", "name"]),
        ),
        (
            json!([{ "name": "X", "stage": "LEAD", "formerName": "Y" }]),
            json!(["input", "stages", "0", "formerName"]),
        ),
    ];
    for (stages, path) in wrong {
        assert_eq!(named(&app, stages).await["userErrors"][0]["path"], path);
    }
    assert_eq!(stage(&agent, &people[1]).await, (json!("CUSTOMER"), json!("B")));
}

/// Who is on one of these stages: the list and its count, and what the counts say, are the same.
async fn on_stages(caller: &Caller<'_>, names: &[&str]) -> Vec<String> {
    const LIST: &str = "query($f: CustomerFilter) { customers(filter: $f, orderBy: CREATED_DESC) {
        nodes { id } totalCount { count } } customerCounts(filter: $f) { total } }";
    let found = caller.data(LIST, json!({ "f": { "stageNames": names } })).await;
    let nodes = found["customers"]["nodes"].as_array().expect("a list");
    for count in [&found["customers"]["totalCount"]["count"], &found["customerCounts"]["total"]] {
        assert_eq!(*count, json!(nodes.len()), "{found}");
    }
    let mut ids: Vec<String> = nodes.iter().map(id_of).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_stages_of_the_company() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b", "c"]).await;
    named(
        &app,
        json!([{ "name": "Cold", "stage": "LEAD" }, { "name": "Gold", "stage": "CUSTOMER" }]),
    )
    .await;
    set(&agent, &people[0], json!({ "stageName": "Cold" })).await;
    set(&agent, &people[1], json!({ "stageName": "Gold" })).await;
    set(&agent, &people[2], json!({ "stage": "LEAD" })).await;
    let sorted = |which: &[usize]| {
        let mut ids: Vec<String> = which.iter().map(|n| people[*n].clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(on_stages(&agent, &["COLD"]).await, sorted(&[0]));
    assert_eq!(on_stages(&agent, &["cold", "gold", "nothing"]).await, sorted(&[0, 1]));
    assert_eq!(on_stages(&agent, &["nothing"]).await, Vec::<String>::new());
    // A person of two is found by what is shown, and is found once.
    let both = json!({ "input": { "customerIds": [people[0], people[1]] } });
    let merged = agent.data(MERGE, both).await;
    assert_eq!(on_stages(&agent, &["Cold", "Gold"]).await, sorted(&[0]));
    assert_eq!(on_stages(&agent, &["Cold"]).await, Vec::<String>::new());
    let id = id_of(&merged["mergeCustomers"]["merges"][0]);
    agent.data(UNDO, json!({ "id": id, "keepApart": false })).await;
    assert_eq!(on_stages(&agent, &["Cold"]).await, sorted(&[0]));
    // A stage that is gone finds nobody, and another tenant's names are its own.
    named(&app, json!([{ "name": "Gold", "stage": "CUSTOMER" }])).await;
    assert_eq!(on_stages(&agent, &["Cold"]).await, Vec::<String>::new());
    assert_eq!(on_stages(&app.as_agent("globex"), &["Gold"]).await, Vec::<String>::new());
}

/// A person of two is as far as the further one, with its name; an undo gives each its own back.
#[tokio::test(flavor = "multi_thread")]
async fn a_merge_takes_the_furthest_stage_with_its_name() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["a", "b", "c"]).await;
    named(&app, json!([{ "name": "Cold", "stage": "LEAD" }, { "name": "Warm", "stage": "LEAD" }, { "name": "Gold", "stage": "CUSTOMER" }])).await;
    set(&agent, &people[0], json!({ "stageName": "Cold" })).await;
    set(&agent, &people[1], json!({ "stageName": "Gold" })).await;
    set(&agent, &people[2], json!({ "stageName": "Warm" })).await;
    let merge = |n: usize| json!({ "input": { "customerIds": [people[0], people[n]] } });
    let merged = agent.data(MERGE, merge(1)).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("CUSTOMER"), json!("Gold")));
    let id = id_of(&merged["mergeCustomers"]["merges"][0]);
    agent.data(UNDO, json!({ "id": id, "keepApart": false })).await;
    assert_eq!(stage(&agent, &people[0]).await, (json!("LEAD"), json!("Cold")));
    assert_eq!(stage(&agent, &people[1]).await, (json!("CUSTOMER"), json!("Gold")));
    agent.data(MERGE, merge(2)).await;
    assert_eq!(stage(&agent, &people[2]).await, (json!("LEAD"), json!("Cold")));
    // What the staff says of the person stands, whatever the homes said before.
    set(&agent, &people[0], json!({ "stageName": "Warm" })).await;
    assert_eq!(stage(&agent, &people[2]).await, (json!("LEAD"), json!("Warm")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_of_the_company_has_a_label() {
    const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { channel channelLabel } userErrors { code path } } } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let item = |channel: &str, label: Option<&str>| {
        json!({
            "customer": { "identity": { "kind": "EMAIL", "value": "a@x.example" } }, "channel": channel,
            "channelLabel": label, "body": { "note": { "text": "hello" } },
        })
    };
    let inputs = json!([
        item("OTHER", Some("  Live  Chat ")),
        item("OTHER", None),
        item("OTHER", Some(" ")),
        item("SMS", Some("Fax")),
        item("OTHER", Some(&"x".repeat(41))),
        item("SMS", None),
    ]);
    let reply = agent.gql(RECORD, json!({ "inputs": inputs })).await;
    let results =
        reply.body["data"]["recordEngagements"]["results"].as_array().expect("results").clone();
    assert_eq!(
        results[0]["item"],
        json!({ "channel": "OTHER", "channelLabel": "Live Chat" }),
        "{}",
        reply.body
    );
    for n in [1, 2, 3, 4] {
        let error =
            json!([{ "code": "INVALID", "path": ["inputs", n.to_string(), "channelLabel"] }]);
        assert_eq!(results[n]["userErrors"], error, "{n}");
    }
    assert_eq!(results[5]["item"], json!({ "channel": "SMS", "channelLabel": null }));
    const PAGE: &str = "{ customer(by: { identity: { kind: EMAIL, value: \"a@x.example\" } }) { history(filter: { channels: [OTHER] }) { nodes { channelLabel } } } }";
    let page = agent.data(PAGE, json!({})).await;
    assert_eq!(page["customer"]["history"]["nodes"], json!([{ "channelLabel": "Live Chat" }]));
    const VIEW: &str = "mutation { recordPageViews(inputs: [{ url: \"/x\", channel: OTHER, customer: { identity: { kind: EMAIL, value: \"a@x.example\" } } }]) { results { userErrors { path } } } }";
    let reply = agent.gql(VIEW, json!({})).await;
    let error = &reply.body["data"]["recordPageViews"]["results"][0]["userErrors"][0];
    assert_eq!(error["path"], json!(["inputs", "0", "channel"]), "{}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn types_of_records_are_what_the_company_calls_them() {
    const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { item { ... on RecordEvent { recordType } } userErrors { code path } } } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let item = |name: &str| {
        json!({
            "customer": { "identity": { "kind": "EMAIL", "value": "a@x.example" } }, "channel": "FIELD",
            "body": { "record": { "recordType": name } },
        })
    };
    let inputs = json!([
        item("Service-Vertrag"),
        item("PRÜFUNG  2026"),
        item("prüfung 2026"),
        item("注文: neu"),
        item(" "),
        item(&"ü".repeat(41)),
        item("a\u{7}b"),
    ]);
    let reply = agent.gql(RECORD, json!({ "inputs": inputs })).await;
    let results =
        reply.body["data"]["recordEngagements"]["results"].as_array().expect("results").clone();
    let kept: Vec<&str> =
        results.iter().filter_map(|result| result["item"]["recordType"].as_str()).collect();
    assert_eq!(
        kept,
        ["service-vertrag", "prüfung 2026", "prüfung 2026", "注文: neu"],
        "{}",
        reply.body
    );
    for n in [4, 5, 6] {
        let path = json!(["inputs", n.to_string(), "body", "record", "recordType"]);
        assert_eq!(results[n]["userErrors"], json!([{ "code": "INVALID", "path": path }]), "{n}");
    }
    const PAGE: &str = "{ customer(by: { identity: { kind: EMAIL, value: \"a@x.example\" } }) { history(filter: { recordTypes: [\"Prüfung 2026\"] }) { nodes { id } } stats { byKind { recordType count } } } }";
    let page = agent.data(PAGE, json!({})).await;
    assert_eq!(page["customer"]["history"]["nodes"].as_array().map(Vec::len), Some(2), "{page}");
    let counts = page["customer"]["stats"]["byKind"].to_string();
    assert!(counts.contains("注文: neu") && counts.contains("\"count\":2"), "{counts}");
}
