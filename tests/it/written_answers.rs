//! Answers as they are written: every field, asked once and twice, merged and in the order of the document.

use serde_json::{Value, json};

use crate::support::app::App;

pub const IDENTIFY: &str = "mutation ($input: IdentifyInput!) { identify(input: $input) { customer { id } userErrors { message } } }";
pub const RECORD: &str = "mutation ($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate item { id } userErrors { message } } } }";
pub const VIEWS: &str = "mutation ($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { item { id } userErrors { message } } } }";

/// Leaves, and objects below.
struct Fields(&'static [&'static str], Vec<(&'static str, Fields)>);

impl Fields {
    /// As a selection set, each field `times` times.
    fn told(&self, times: usize) -> String {
        let below =
            self.1.iter().map(|(name, fields)| format!("{name} {{ {} }}", fields.told(times)));
        let all: Vec<String> = self.0.iter().map(ToString::to_string).chain(below).collect();
        vec![all.join(" "); times].join(" ")
    }
}

fn item() -> Fields {
    let shared = &[
        "__typename",
        "id",
        "kind",
        "occurredAt",
        "recordedAt",
        "channel",
        "direction",
        "source",
        "sourceId",
        "summary",
        "... on Message { text deliveryState parts { __typename ... on TextPart { text } ... on ImagePart { url alt } ... on FilePart { url name contentType } } }",
        "... on Call { callState durationSeconds recordingUrl }",
        "... on Email { subject text emailState parts { ... on TextPart { __typename text } } }",
        "... on PageView { url title category objectId sessionId description }",
        "... on Note { text }",
        "... on RecordEvent { recordType recordId recordState text data }",
        "... on IdentityEvent { action mergeId }",
    ];
    let identity = Fields(&["id", "kind", "value", "rawValue", "namespace"], Vec::new());
    let comment = Fields(&["id", "text", "author", "createdAt"], Vec::new());
    Fields(
        shared,
        vec![
            ("identity", identity),
            ("comments(first: 1)", Fields(&[], vec![("nodes", comment), page_info()])),
        ],
    )
}

fn page_info() -> (&'static str, Fields) {
    (
        "pageInfo",
        Fields(&["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"], Vec::new()),
    )
}

fn contact() -> Fields {
    Fields(
        &[
            "id",
            "contactId",
            "email",
            "phoneNumber",
            "linkedId",
            "linkPrecedence",
            "createdAt",
            "updatedAt",
            "deletedAt",
        ],
        Vec::new(),
    )
}

fn customer() -> Fields {
    let kinds = Fields(&["kind", "recordType", "count", "lastAt"], Vec::new());
    let viewed = Fields(&["__typename", "id", "url", "summary"], item().1);
    let identity = Fields(
        &["id", "kind", "value", "verification", "shared", "firstSeenAt", "lastSeenAt"],
        Vec::new(),
    );
    Fields(
        &[
            "__typename",
            "id",
            "version",
            "name",
            "status",
            "stage",
            "tags",
            "traits",
            "createdAt",
            "updatedAt",
            "lastSeenAt",
            "primaryEmail",
            "primaryPhone",
            "emails",
            "phoneNumbers",
        ],
        vec![
            ("contacts", contact()),
            (
                "stats",
                Fields(&["total", "lastInboundAt", "lastOutboundAt"], vec![("byKind", kinds)]),
            ),
            ("identities", Fields(&[], vec![("nodes", identity)])),
            (
                "history(first: 20)",
                Fields(
                    &["liveCursor"],
                    vec![
                        ("edges", Fields(&["cursor"], vec![("node", item())])),
                        ("nodes", item()),
                        page_info(),
                    ],
                ),
            ),
            ("pageViews", Fields(&[], vec![("nodes", viewed)])),
        ],
    )
}

/// The data of a document that must succeed.
pub async fn asked(app: &App, document: &str, variables: Value) -> Value {
    let answer = app.as_agent("acme").gql(document, variables).await.body;
    assert_eq!(answer["errors"], Value::Null, "{document}");
    answer["data"].clone()
}

/// A customer with two contacts, an item of each kind, and comments; by what it is asked for.
pub async fn one_of_each(app: &App) -> Value {
    let by = json!({ "identity": { "kind": "EMAIL", "value": "ada@example.com" } });
    let input = json!({ "email": "ada@example.com", "phoneNumber": "+14155550100", "name": "Ada Lovelace", "traits": { "b": [1, null], "a": "x" } });
    asked(app, IDENTIFY, json!({ "input": input })).await;
    asked(
        app,
        IDENTIFY,
        json!({ "input": { "email": "second@example.com", "phoneNumber": "+14155550100" } }),
    )
    .await;
    let bodies = [
        json!({ "message": { "text": "hello \"you\"", "parts": [
            { "text": { "text": "more" } },
            { "image": { "url": "https://example.com/a.png", "alt": "a" } },
            { "file": { "url": "https://example.com/b.pdf", "name": "b", "contentType": "application/pdf" } },
        ] } }),
        json!({ "call": { "state": "COMPLETED", "durationSeconds": 30 } }),
        json!({ "email": { "subject": "a subject", "text": "a text" } }),
        json!({ "note": { "text": "a note" } }),
        json!({ "record": { "recordType": "ticket", "recordId": "7", "recordState": "open", "text": "it says", "data": { "z": 1, "a": { "y": [] } } } }),
    ];
    let inputs: Vec<Value> = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| json!({ "customer": by, "channel": "WEB", "direction": "INBOUND", "source": "test", "sourceId": n.to_string(), "body": body }))
        .collect();
    let recorded = asked(app, RECORD, json!({ "inputs": inputs })).await;
    assert!(
        recorded["recordEngagements"]["results"]
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["item"]["id"].is_string()))
    );
    for (n, result) in
        recorded["recordEngagements"]["results"].as_array().expect("results").iter().enumerate()
    {
        for text in ["first", "second"].iter().take(n) {
            let document = "mutation ($item: ID!, $text: String!) { addComment(input: { itemId: $item, text: $text }) { comment { id } userErrors { message } } }";
            asked(app, document, json!({ "item": result["item"]["id"], "text": text })).await;
        }
    }
    asked(
        app,
        VIEWS,
        json!({ "inputs": [{ "customer": by, "url": "/cars/7", "title": "A car" }] }),
    )
    .await;
    by
}

#[tokio::test]
async fn what_is_written_at_once_is_what_the_resolvers_answer() {
    let app = App::start().await;
    let by = one_of_each(&app).await;

    let document = |times| {
        format!(
            "query ($by: CustomerRef!) {{ customer(by: $by) {{ {} }} }}",
            customer().told(times)
        )
    };
    let once = asked(&app, &document(1), json!({ "by": by })).await;
    assert_eq!(once, asked(&app, &document(2), json!({ "by": by })).await);
    let items = once["customer"]["history"]["nodes"].as_array().expect("items");
    let kinds: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|item| item["__typename"].as_str()).collect();
    assert_eq!(kinds.len(), 7, "every kind of item: {kinds:?}");

    let document = |times| {
        format!(
            "{{ customers(first: 2) {{ nodes {{ {} }} }} search(query: \"ada\", first: 2) {{ nodes {{ {} }} }} }}",
            customer().told(times),
            hit().told(times)
        )
    };
    let once = asked(&app, &document(1), json!({})).await;
    assert_eq!(once, asked(&app, &document(2), json!({})).await);
    assert_eq!(once["search"]["nodes"][0]["customer"]["name"], "Ada Lovelace");
}

fn hit() -> Fields {
    let marks =
        Fields(&["field", "fragment"], vec![("ranges", Fields(&["start", "end"], Vec::new()))]);
    Fields(&["score"], vec![("customer", customer()), ("matches", marks), ("item", item())])
}

#[tokio::test]
async fn a_field_that_may_not_be_read_is_refused_as_ever() {
    let app = App::start().await;
    let by = json!({ "identity": { "kind": "EMAIL", "value": "ada@example.com" } });
    let input = json!({ "customer": by, "channel": "INTERNAL", "source": "test", "sourceId": "1", "body": { "note": { "text": "a secret" } } });
    let document = RECORD.replace("item { id }", "item { id kind ... on Note { text } }");
    let answer = app
        .caller("acme", rapport::auth::Role::Ingest)
        .gql(&document, json!({ "inputs": [input] }))
        .await
        .body;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    assert_eq!(
        answer["errors"][0]["path"],
        json!(["recordEngagements", "results", 0, "item", "text"]),
        "{answer}"
    );
    assert!(!answer.to_string().contains("a secret"));
}

#[tokio::test]
async fn what_is_asked_several_times_is_answered_once_and_in_order() {
    let app = App::start().await;
    let by = json!({ "identity": { "kind": "EMAIL", "value": "ada@example.com" } });
    let input = json!({ "email": "ada@example.com", "phoneNumber": "+14155550100", "name": "Ada" });
    // Objects below one key of a payload, which the executor merges.
    let document = "mutation ($input: IdentifyInput!) { identify(input: $input) {
        customer { name contacts { email } } customer { status contacts { phoneNumber email } } outcome } }";
    let merged = r#"{"data":{"identify":{"customer":{"name":"Ada","contacts":[{"email":"ada@example.com","phoneNumber":"+14155550100"}],"status":"ACTIVE"},"outcome":"CREATED"}}}"#;
    assert_eq!(app.as_agent("acme").text(document, json!({ "input": input })).await, merged);
    let note = json!({ "customer": by, "channel": "INTERNAL", "source": "test", "sourceId": "1", "body": { "note": { "text": "a note" } } });
    asked(&app, RECORD, json!({ "inputs": [note] })).await;

    let fragments = "fragment Head on Customer { name status } fragment Item on HistoryItem { kind source } fragment Note on Note { text kind }";
    // Leaves only: the first place counts.
    let leaves = format!(
        "query ($by: CustomerRef!) {{ customer(by: $by) {{ status ...Head tags again: name ...Head
            history(first: 1) {{ nodes {{ source ...Item ...Note ... on Call {{ state: callState }} channel ...Item }} }} }} }} {fragments}"
    );
    let item = r#"{"source":"test","kind":"NOTE","text":"a note","channel":"INTERNAL"}"#;
    let expected = format!(
        r#"{{"data":{{"customer":{{"status":"ACTIVE","name":"Ada","tags":[],"again":"Ada","history":{{"nodes":[{item}]}}}}}}}}"#
    );
    assert_eq!(app.as_agent("acme").text(&leaves, json!({ "by": by })).await, expected);
    // Objects too.
    let objects = format!(
        "query ($by: CustomerRef!) {{ customer(by: $by) {{ status ...Head tags again: name
            history(first: 1) {{ nodes {{ source }} }} ... on Customer {{ history(first: 1) {{ nodes {{ ...Item ...Note channel }} }} }} }} }} {fragments}"
    );
    assert_eq!(app.as_agent("acme").text(&objects, json!({ "by": by })).await, expected);
    let root = "query ($by: CustomerRef!) { customer(by: $by) { stats { total } } customer(by: $by) { name stats { lastInboundAt } } }";
    let expected =
        r#"{"data":{"customer":{"stats":{"total":1,"lastInboundAt":null},"name":"Ada"}}}"#;
    assert_eq!(app.as_agent("acme").text(root, json!({ "by": by })).await, expected);
    // Answered in the order of completion by the executor, told in the order of the document.
    let beside = "query ($by: CustomerRef!) { customer(by: $by) { keptApart { id } merges { nodes { id } } name identities { totalCount { precision count } nodes { value } } } }";
    let identities = r#"{"totalCount":{"precision":"EXACT","count":2},"nodes":[{"value":"ada@example.com"},{"value":"+14155550100"}]}"#;
    let expected = format!(
        r#"{{"data":{{"customer":{{"keptApart":[],"merges":{{"nodes":[]}},"name":"Ada","identities":{identities}}}}}}}"#
    );
    assert_eq!(app.as_agent("acme").text(beside, json!({ "by": by })).await, expected);
}
