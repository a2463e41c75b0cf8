//! Conversations by mail, through whatever door the messages come.

use serde_json::{Value, json};

use crate::support::app::{App, Caller};

const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results {
    item { ... on Email { messageId threadId subject text emailState editedAt } } duplicate userErrors { code message }
} } }";

async fn record(agent: &Caller<'_>, inputs: Value) -> Vec<Value> {
    let done = agent.gql(RECORD, json!({ "inputs": inputs })).await;
    done.body["data"]["recordEngagements"]["results"].as_array().expect("results").clone()
}

fn mail(source: &str, id: &str, references: &[&str]) -> Value {
    json!({
        "customer": { "identity": { "kind": "EMAIL", "value": "ann@acme.example" } },
        "channel": "EMAIL", "direction": "INBOUND", "source": source, "sourceId": id,
        "body": { "email": { "subject": "Hello", "messageId": format!("<{id}>"), "references": references } },
    })
}

async fn thread(agent: &Caller<'_>, input: Value) -> String {
    let done = record(agent, json!([input])).await;
    done[0]["item"]["threadId"].as_str().unwrap_or_else(|| panic!("{done:?}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stands_in_the_thread_of_the_newest_message_that_is_known() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    assert_eq!(thread(&agent, mail("a", "1@x", &[])).await, "1@x");
    assert_eq!(thread(&agent, mail("b", "2@x", &["1@x"])).await, "1@x");
    // Of those to which it answers the last one known decides, not the first.
    assert_eq!(thread(&agent, mail("a", "9@y", &[])).await, "9@y");
    assert_eq!(thread(&agent, mail("a", "3@x", &["9@y", "<2@x>", "lost@x"])).await, "1@x");
    // Nothing is known: the oldest names the thread, and whoever comes later finds it.
    assert_eq!(thread(&agent, mail("a", "5@z", &["4@z"])).await, "4@z");
    assert_eq!(thread(&agent, mail("a", "6@z", &["5@z"])).await, "4@z");
    assert_eq!(thread(&agent, mail("a", "4@z", &[])).await, "4@z");
    // The same subject is no conversation, and another tenant's is none of ours.
    assert_eq!(thread(&agent, mail("a", "7@z", &[])).await, "7@z");
    assert_eq!(thread(&app.as_agent("other"), mail("a", "8@x", &["2@x"])).await, "2@x");
    let both = record(&agent, json!([mail("a", "b1@x", &["2@x"]), mail("a", "b2@x", &["b1@x"])]));
    for result in both.await {
        assert_eq!(result["item"]["threadId"], "1@x");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_may_come_before_the_words_and_stays_when_they_come() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let sent = |email: Value| {
        json!([{
            "customer": { "identity": { "kind": "EMAIL", "value": "ann@acme.example" } }, "channel": "EMAIL",
            "direction": "OUTBOUND", "source": "mail", "sourceId": "s1", "body": { "email": email },
            "occurredAt": "2026-11-20T10:00:00Z",
        }])
    };
    let first = record(&agent, sent(json!({ "state": "DELIVERED" }))).await;
    assert!(first[0]["userErrors"][0].is_null() && first[0]["item"]["text"].is_null(), "{first:?}");
    let told =
        sent(json!({ "subject": "Offer", "text": "7 EUR", "state": "SENT", "messageId": "o@x" }));
    let then = record(&agent, told).await;
    let item = &then[0]["item"];
    assert_eq!((&item["text"], &item["emailState"]), (&json!("7 EUR"), &json!("DELIVERED")));
    assert!(item["editedAt"].is_null() && item["messageId"] == "o@x", "{item}");
    // What comes in has words, and so has what has no state.
    let nothing = json!([{
        "customer": { "identity": { "kind": "PHONE", "value": "+14155550101" } }, "channel": "SMS",
        "direction": "INBOUND", "body": { "message": { "deliveryState": "DELIVERED" } },
    }]);
    assert_eq!(record(&agent, nothing).await[0]["userErrors"][0]["code"], "INVALID");
    let nothing = sent(json!({}));
    let mut nothing = nothing.clone();
    nothing[0]["sourceId"] = "s2".into();
    assert_eq!(record(&agent, nothing).await[0]["userErrors"][0]["code"], "INVALID");
}
