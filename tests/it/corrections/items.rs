//! Items that the staff corrects and deletes, through the API: who may, what is told, and what is refused.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::corrections::{audit, message};
use crate::support::app::{App, Caller};

pub const UPDATE: &str = "mutation($input: UpdateItemInput!) { updateItem(input: $input) {
    item { id kind occurredAt editedAt editedBy ... on Message { text parts { __typename ... on TextPart { text } } deliveryState }
        ... on Email { subject mail: text } ... on Note { note: text } ... on RecordEvent { recordState data record: text }
        ... on PageView { title description url } }
    userErrors { code path }
} }";
pub const DELETE: &str = "mutation($input: DeleteItemInput!) { deleteItem(input: $input) {
    itemId customer { id } userErrors { code path }
} }";
pub const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) {
    results { item { id ... on Message { text deliveryState } ... on RecordEvent { recordState data text } } duplicate
        warnings { path message } userErrors { code message } }
} }";
const VIEWS: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) {
    results { item { id } duplicate userErrors { code } }
} }";

pub fn ann() -> Value {
    json!({ "identity": { "kind": "EMAIL", "value": "ann@x.example" } })
}

pub fn source(id: &str) -> Value {
    json!({ "source": { "source": "crm", "sourceId": id } })
}

/// Records something of ann; the result.
pub async fn record(caller: &Caller<'_>, id: &str, channel: &str, body: Value) -> Value {
    let input = json!({ "customer": ann(), "channel": channel, "direction": "INBOUND", "source": "crm", "sourceId": id, "body": body });
    let data = caller.data(RECORD, json!({ "inputs": [input] })).await;
    data["recordEngagements"]["results"][0].clone()
}

/// What updateItem answers.
pub async fn update(caller: &Caller<'_>, item: &Value, fields: Value) -> Value {
    let mut input = fields;
    input["item"] = item.clone();
    let reply = caller.gql(UPDATE, json!({ "input": input })).await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.body);
    reply.body["data"]["updateItem"].clone()
}

pub async fn found(caller: &Caller<'_>, words: &str) -> usize {
    const SEARCH: &str =
        "query($q: String!) { search(query: $q, scopes: [HISTORY]) { nodes { item { id } } } }";
    let data = caller.data(SEARCH, json!({ "q": words })).await;
    data["search"]["nodes"].as_array().expect("hits").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_has_fields_that_are_corrected_and_no_others() {
    let app = App::start().await;
    let agent = app.named("bea", "acme", Role::Agent);
    let parts = json!([{ "text": { "text": "old words" } }, { "image": { "url": "https://x.example/a.png" } }]);
    record(&agent, "m", "SMS", json!({ "message": { "parts": parts } })).await;
    record(
        &agent,
        "e",
        "EMAIL",
        json!({ "email": { "subject": "old subject", "text": "old words" } }),
    )
    .await;
    record(&agent, "n", "INTERNAL", json!({ "note": { "text": "old words" } })).await;
    let ticket = json!({ "record": { "recordType": "ticket", "recordState": "open", "text": "old words", "data": { "n": 1 } } });
    record(&agent, "r", "WEB", ticket).await;
    record(&agent, "c", "VOICE", json!({ "call": { "state": "COMPLETED" } })).await;
    let view = json!({ "customer": ann(), "url": "/cars/7", "title": "old title", "source": "crm", "sourceId": "p" });
    agent.data(VIEWS, json!({ "inputs": [view] })).await;

    let all = json!({ "text": "new words", "subject": "new subject", "recordState": "closed", "data": { "n": 2 },
        "title": "new title", "description": "seen" });
    for (id, fields) in [
        ("m", vec!["text"]),
        ("e", vec!["text", "subject"]),
        ("n", vec!["text"]),
        ("r", vec!["text", "recordState", "data"]),
        ("c", vec![]),
        ("p", vec!["title", "description"]),
    ] {
        for (name, value) in all.as_object().expect("fields") {
            let done = update(&agent, &source(id), json!({ name: value })).await;
            if fields.contains(&name.as_str()) {
                assert_eq!(done["userErrors"], json!([]), "{id} {name}");
                assert_eq!(done["item"]["editedBy"], "bea");
                assert!(done["item"]["editedAt"].is_string());
            } else {
                let wrong = json!([{ "code": "INVALID", "path": ["input", name] }]);
                assert_eq!(
                    (&done["userErrors"], &done["item"]),
                    (&wrong, &Value::Null),
                    "{id} {name}"
                );
            }
        }
    }
    as_corrected(&agent).await;
    assert_eq!((found(&agent, "old").await, found(&agent, "new").await), (0, 5));
}

/// What the items say afterwards.
async fn as_corrected(agent: &Caller<'_>) {
    let read = async |id: &str| {
        update(agent, &source(id), json!({ "occurredAt": "2026-01-02T03:04:05Z" })).await["item"]
            .clone()
    };
    let item = read("m").await;
    assert_eq!(
        (&item["text"], &item["parts"]),
        (
            &json!("new words"),
            &json!([{ "__typename": "TextPart", "text": "new words" }, { "__typename": "ImagePart" }])
        )
    );
    let item = read("e").await;
    assert_eq!((&item["subject"], &item["mail"]), (&json!("new subject"), &json!("new words")));
    assert_eq!(read("n").await["note"], "new words");
    let item = read("r").await;
    assert_eq!(
        (&item["recordState"], &item["data"], &item["record"]),
        (&json!("closed"), &json!({ "n": 2 }), &json!("new words"))
    );
    let item = read("p").await;
    assert_eq!((&item["title"], &item["description"]), (&json!("new title"), &json!("seen")));
    assert_eq!(read("c").await["occurredAt"], "2026-01-02T03:04:05+00:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_refused_and_changes_nothing() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    record(&agent, "n", "INTERNAL", json!({ "note": { "text": "as it was" } })).await;
    record(&agent, "e", "EMAIL", json!({ "email": { "subject": "only this" } })).await;
    record(&agent, "r", "WEB", json!({ "record": { "recordType": "ticket" } })).await;
    let long = |n: usize| "x".repeat(n);
    for (id, fields, path) in [
        ("n", json!({ "text": null }), "text"),
        ("n", json!({ "text": " \n " }), "text"),
        ("n", json!({ "text": long(20_001) }), "text"),
        ("n", json!({ "occurredAt": "yesterday" }), "occurredAt"),
        ("n", json!({ "occurredAt": "1960-01-01T00:00:00Z" }), "occurredAt"),
        ("n", json!({ "occurredAt": "2960-01-01T00:00:00Z" }), "occurredAt"),
        ("n", json!({ "text": "x", "expectedEditedAt": "now" }), "expectedEditedAt"),
        ("e", json!({ "subject": null }), "subject"),
        ("e", json!({ "subject": long(1_001) }), "subject"),
        ("e", json!({ "subject": "two\nlines" }), "subject"),
        ("r", json!({ "recordState": long(256) }), "recordState"),
        ("r", json!({ "data": { "x": long(33_000) } }), "data"),
    ] {
        let done = update(&agent, &source(id), fields.clone()).await;
        assert_eq!(
            done["userErrors"],
            json!([{ "code": "INVALID", "path": ["input", path] }]),
            "{fields}"
        );
        assert_eq!(done["item"], Value::Null);
    }
    let nothing = update(&agent, &source("n"), json!({})).await;
    assert_eq!(
        nothing["userErrors"],
        json!([{ "code": "INVALID", "path": ["input", "item", "source"] }])
    );
    let none = update(&agent, &source("nothing"), json!({ "text": "x" })).await;
    assert_eq!(
        none["userErrors"],
        json!([{ "code": "NOT_FOUND", "path": ["input", "item", "source"] }])
    );
    let same = update(&agent, &source("n"), json!({ "text": "as it was" })).await;
    assert_eq!(
        (&same["item"]["note"], &same["item"]["editedAt"]),
        (&json!("as it was"), &Value::Null)
    );
    // Who is who is no matter of opinion.
    const IDENTITY: &str = "mutation { identify(input: { email: \"ann@x.example\", phoneNumber: \"+14155550101\" }) {
        customer { history(filter: { kinds: [IDENTITY] }) { nodes { id } } } userErrors { code } } }";
    let data = agent.data(IDENTITY, json!({})).await;
    let event = json!({ "id": data["identify"]["customer"]["history"]["nodes"][0]["id"] });
    let wrong = json!([{ "code": "INVALID", "path": ["input", "item", "id"] }]);
    assert_eq!(
        update(&agent, &event, json!({ "occurredAt": "2026-01-01T00:00:00Z" })).await["userErrors"],
        wrong
    );
    let gone = app.as_admin("acme").gql(DELETE, json!({ "input": { "item": event } })).await;
    assert_eq!(gone.body["data"]["deleteItem"]["userErrors"], wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_corrected_stays_whatever_the_source_says_later() {
    let app = App::start().await;
    let (agent, admin) = (app.as_agent("acme"), app.as_admin("acme"));
    let sent =
        |text: &str, state: &str| json!({ "message": { "text": text, "deliveryState": state } });
    record(&agent, "m", "WHATSAPP", sent("card 4111 1111", "SENT")).await;
    update(&agent, &source("m"), json!({ "text": "card [removed]" })).await;
    for (text, state) in [("card 4111 1111", "DELIVERED"), ("card 4111 2222", "READ")] {
        let again = record(&agent, "m", "WHATSAPP", sent(text, state)).await;
        assert_eq!(again["duplicate"], true);
        assert_eq!(
            (&again["item"]["text"], &again["item"]["deliveryState"]),
            (&json!("card [removed]"), &json!(state))
        );
    }
    let ticket = |state: &str, n: i32| json!({ "record": { "recordType": "ticket", "recordState": state, "text": "words", "data": { "n": n } } });
    record(&agent, "r", "WEB", ticket("open", 1)).await;
    update(&agent, &source("r"), json!({ "recordState": "spam" })).await;
    let again = record(&agent, "r", "WEB", ticket("closed", 2)).await["item"].clone();
    assert_eq!((&again["recordState"], &again["data"]), (&json!("spam"), &json!({ "n": 2 })));
    let lines = audit(&admin).await;
    let told: Vec<(&Value, &Value)> =
        lines.iter().map(|line| (&line["action"], &line["detail"]["fields"])).collect();
    assert_eq!(
        told,
        [
            (&json!("UPDATE_ITEM"), &json!(["recordState"])),
            (&json!("UPDATE_ITEM"), &json!(["text"]))
        ]
    );
    assert!(
        !lines.iter().any(|line| line.to_string().contains("removed")),
        "the audit log holds no words: {lines:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_correct_the_same_item_one_is_told_so() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    message(&agent, "m", "hello").await;
    let mut seen = Value::Null;
    for round in 0..5 {
        let item = source("m");
        let tries = (0..4).map(|n| {
            update(
                &agent,
                &item,
                json!({ "text": format!("{round} {n}"), "expectedEditedAt": seen }),
            )
        });
        let done = futures_util::future::join_all(tries).await;
        let (won, lost): (Vec<_>, Vec<_>) =
            done.iter().partition(|payload| payload["item"].is_object());
        assert_eq!((won.len(), lost.len()), (1, 3), "{done:?}");
        for payload in lost {
            assert_eq!(
                payload["userErrors"],
                json!([{ "code": "VERSION_CONFLICT", "path": ["input", "expectedEditedAt"] }])
            );
        }
        seen = won[0]["item"]["editedAt"].clone();
    }
    let stale = json!({ "input": { "item": source("m"), "expectedEditedAt": null } });
    assert_eq!(app.as_admin("acme").gql(DELETE, stale).await.user_error(), "VERSION_CONFLICT");
}
