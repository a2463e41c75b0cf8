//! Variables of mutations: whoever asks for one gets its value, also where another field asks for it too.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::written_answers::asked;

/// Whether each of the inputs that the field `name` recorded was there before.
fn duplicates(data: &Value, name: &str) -> Vec<bool> {
    let results = data[name]["results"].as_array().expect("results");
    results.iter().map(|result| result["duplicate"].as_bool().expect("a truth value")).collect()
}

fn message(id: &str) -> Value {
    let who = json!({ "identity": { "kind": "PHONE", "value": "+14155550100" } });
    json!({ "customer": who, "channel": "SMS", "direction": "INBOUND", "source": "sms", "sourceId": id, "body": { "message": { "text": id } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_is_there_for_each_field_that_asks_for_it() {
    let app = App::start().await;
    let fields = "{ results { duplicate userErrors { message } } }";
    let once = format!(
        "mutation ($inputs: [EngagementInput!]!) {{ a: recordEngagements(inputs: $inputs) {fields} }}"
    );
    let data = asked(&app, &once, json!({ "inputs": [message("1"), message("2")] })).await;
    assert_eq!(duplicates(&data, "a"), [false, false]);
    let twice = format!(
        "mutation ($inputs: [EngagementInput!]!) {{ a: recordEngagements(inputs: $inputs) {fields} b: recordEngagements(inputs: $inputs) {fields} }}"
    );
    let data = asked(&app, &twice, json!({ "inputs": [message("2"), message("3")] })).await;
    assert_eq!(duplicates(&data, "a"), [true, false]);
    assert_eq!(duplicates(&data, "b"), [true, true]);
    let within = format!(
        "mutation ($one: EngagementInput!, $all: [EngagementInput!]!) {{ a: recordEngagements(inputs: [$one, $one]) {fields} b: recordEngagements(inputs: $all) {fields} c: recordEngagements(inputs: [$one]) {fields} }}"
    );
    let data =
        asked(&app, &within, json!({ "one": message("4"), "all": [message("4"), message("5")] }))
            .await;
    assert_eq!(duplicates(&data, "a"), [false, true]);
    assert_eq!(duplicates(&data, "b"), [true, false]);
    assert_eq!(duplicates(&data, "c"), [true]);
    let defaulted = format!(
        "mutation ($inputs: [EngagementInput!]! = []) {{ a: recordEngagements(inputs: $inputs) {fields} }}"
    );
    assert_eq!(duplicates(&asked(&app, &defaulted, json!({})).await, "a"), [false; 0]);
}
