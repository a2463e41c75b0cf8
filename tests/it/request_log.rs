//! The lines of requests in the log of the real binary: what ran, for whom, what it took, and nothing of a person.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::support::app::SECRET_KEY;
use crate::support::counting::Counter;
use crate::support::fleet::redis_url;
use crate::support::server::{Server, by_email, http, token};
use crate::support::stand::{EmptyStore, postgres_url};

const SETTINGS: [(&str, &str); 3] =
    [("RAPPORT_LOG", "info"), ("RAPPORT_LOG_FORMAT", "json"), ("RAPPORT_SECRET_KEY", SECRET_KEY)];

const CREATE: &str = "mutation($input: CreateSourceInput!) { createSource(input: $input) { source { id writeKey } } }";
const IDENTIFY: &str =
    "mutation Meet($input: IdentifyInput!) { identify(input: $input) { primaryContactId } }";
const PAGE: &str = "query Page($customer: CustomerRef!) { customer(by: $customer) { name history(first: 5) { nodes { id } } } }";
const NOTE: &str = "mutation Note($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { userErrors { code } } } }";

/// Asks under an id; the line of it.
async fn asked(server: &Server, id: &str, query: &str, variables: Value) -> (Value, Value) {
    let request = http().post(format!("{}/graphql", server.address));
    let answer: Value = request
        .bearer_auth(token(Role::Agent, "acme"))
        .header("x-request-id", id)
        .json(&json!({ "query": query, "variables": variables }))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    (answer, server.log_line(|line| line["id"] == id && line["message"] == "answered").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_tells_what_ran_and_how_many_statements_it_took() {
    let store = EmptyStore::new().await;
    let (counter, url) = if postgres_url().is_some() {
        let (counter, url) = Counter::before(&store.url).await;
        (Some(counter), url)
    } else {
        (None, store.url.clone())
    };
    let server = Server::start_with(&url, redis_url().as_deref(), &SETTINGS).await;
    let note = |text: &str| {
        json!({ "inputs": [{ "customer": by_email("ada@person.example"), "channel": "INTERNAL",
            "sourceId": text, "body": { "note": { "text": text } } }] })
    };
    let who = json!({ "customer": by_email("ada@person.example") });
    let meet = json!({ "input": { "email": "ada@person.example", "name": "Ada Person" } });
    // What is read once a process is read by the first.
    asked(&server, "first-of-all", IDENTIFY, meet.clone()).await;
    asked(&server, "second-of-all", PAGE, who.clone()).await;
    for (n, (operation, kind, query, variables)) in [
        ("Meet", "mutation", IDENTIFY, json!({ "input": { "email": "eve@person.example" } })),
        ("Note", "mutation", NOTE, note("hello there")),
        ("Page", "query", PAGE, who),
    ]
    .into_iter()
    .enumerate()
    {
        // Background work asks the store as well, now and then: between its turns the figures are the same.
        for again in 0..50 {
            if let Some(counter) = &counter {
                counter.take();
            }
            let id = format!("request-{n}-{again}");
            let (answer, line) = asked(&server, &id, query, variables.clone()).await;
            assert!(answer.get("errors").is_none(), "{answer}");
            let told = (&line["operation"], &line["kind"], &line["tenant"], &line["role"]);
            let expected = (&json!(operation), &json!(kind), &json!("acme"), &json!("agent"));
            assert_eq!(told, expected, "{line}");
            assert!(line["milliseconds"].is_f64() && line["status"] == 200, "{line}");
            let statements = line["statements"].as_u64().expect("a number");
            let Some(counter) = &counter else {
                assert!(statements > 0, "{line}");
                break;
            };
            // Whoever sends on what was written reads the log at once, and may be there before the answer.
            let mut arrived = counter.take().statements;
            arrived.retain(|sql| !sql.contains("FROM change c"));
            if arrived.len() as u64 == statements && statements > 0 {
                break;
            }
            assert!(again < 49, "{line}: {arrived:#?}");
        }
    }
    let (answer, line) = asked(&server, "request-bad", NOTE, note("")).await;
    let code = &answer["data"]["recordEngagements"]["results"][0]["userErrors"][0]["code"];
    assert_eq!((&line["errors"], &line["level"]), (code, &json!("INFO")), "{line}");
    let all = json!(server.log_lines()).to_string();
    for personal in ["person.example", "Ada Person", "hello there", "primaryContactId", "tester"] {
        assert!(!all.contains(personal), "{personal}: {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_told_with_its_source_and_what_became_of_it() {
    let store = EmptyStore::new().await;
    let server = Server::start_with(&store.url, redis_url().as_deref(), &SETTINGS).await;
    let admin = server.client(Role::Admin, "acme");
    let made = admin.gql(CREATE, json!({ "input": { "kind": "SEGMENT", "name": "shop" } })).await;
    let source = &made["createSource"]["source"];
    let batch = json!({ "writeKey": source["writeKey"], "batch": [
        { "type": "identify", "userId": "u-1", "traits": { "email": "ada@person.example" }, "messageId": "1" },
        { "type": "track", "userId": "u-1", "event": "Ordered by Ada", "messageId": "2" },
        { "type": "track", "userId": "u-1", "event": "Ordered by Ada", "messageId": "2" },
        { "type": "track", "userId": "u-1", "messageId": "3" },
    ] });
    for (key, id, status) in [(true, "delivery-1", 200), (false, "delivery-2", 401)] {
        let mut batch = batch.clone();
        if !key {
            batch["writeKey"] = json!("A".repeat(32));
        }
        let request = http().post(format!("{}/v1/batch", server.address)).json(&batch);
        let answer = request.header("x-request-id", id).send().await.expect("answers");
        assert_eq!(answer.status(), status);
        let line = server.log_line(|line| line["id"] == id).await;
        assert_eq!((&line["route"], &line["status"]), (&json!("/v1/{call}"), &json!(status)));
        if key {
            assert_eq!((&line["source"], &line["source_id"]), (&json!("segment"), &source["id"]));
            let counts = ["received", "recorded", "duplicates", "rejected", "unknown"]
                .map(|name| line[name].as_i64().expect("a number"));
            assert_eq!(counts, [4, 2, 1, 1, 0], "{line}");
            assert_eq!(line["errors"], "INVALID", "{line}");
            assert!(line["statements"].as_u64() > Some(0), "{line}");
        } else {
            assert_eq!(line["errors"], "UNAUTHENTICATED", "{line}");
        }
    }
    let all = json!(server.log_lines()).to_string();
    assert!(!all.contains("person.example") && !all.contains("Ordered by"), "{all}");
}
