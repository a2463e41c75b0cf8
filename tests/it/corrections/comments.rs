//! Comments: on an item by its id or by its source's own, edited, and taken away.

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::corrections::{audit, message};
use crate::support::app::{App, Caller};

const ADD: &str = "mutation($input: AddCommentInput!) { addComment(input: $input) {
    comment { id text } item { id } userErrors { code path }
} }";

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_named_by_its_id_or_by_its_source() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let item = message(&agent, "m1", "hello").await["item"]["id"].clone();
    let source = |id: &str| json!({ "source": { "source": "crm", "sourceId": id } });
    for named in [
        json!({ "itemId": item }),
        json!({ "item": { "id": item } }),
        json!({ "item": source("m1") }),
    ] {
        let mut input = named;
        input["text"] = "seen".into();
        let done = agent.data(ADD, json!({ "input": input })).await;
        assert_eq!(done["addComment"]["item"]["id"], item, "{done}");
    }
    for (named, code, path) in [
        (json!({}), "INVALID", json!(["input", "item"])),
        (json!({ "itemId": item, "item": { "id": item } }), "INVALID", json!(["input", "item"])),
        (json!({ "item": source("m2") }), "NOT_FOUND", json!(["input", "item", "source"])),
        (
            json!({ "item": { "source": { "source": "", "sourceId": "" } } }),
            "NOT_FOUND",
            json!(["input", "item", "source"]),
        ),
    ] {
        let mut input = named;
        input["text"] = "seen".into();
        let reply = agent.gql(ADD, json!({ "input": input })).await;
        let errors = &reply.body["data"]["addComment"]["userErrors"];
        assert_eq!(*errors, json!([{ "code": code, "path": path }]), "{input}");
        assert_eq!(reply.body["data"]["addComment"]["comment"], Value::Null);
    }
}

/// A page view and a message may have the same id of the same source.
#[tokio::test(flavor = "multi_thread")]
async fn a_source_id_that_names_two_items_names_none() {
    const VIEWS: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) {
        results { item { id } userErrors { code } }
    } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    message(&agent, "m1", "hello").await;
    let view = json!({
        "customer": { "identity": { "kind": "EMAIL", "value": "ann@x.example" } },
        "url": "/cars", "source": "crm", "sourceId": "m1",
    });
    agent.data(VIEWS, json!({ "inputs": [view] })).await;
    let item = json!({ "source": { "source": "crm", "sourceId": "m1" } });
    let reply = agent.gql(ADD, json!({ "input": { "item": item, "text": "seen" } })).await;
    assert_eq!(reply.user_error(), "CONFLICT");
}

const UPDATE: &str = "mutation($input: UpdateCommentInput!) { updateComment(input: $input) {
    comment { id text author editedAt editedBy } item { id } userErrors { code path }
} }";
const DELETE: &str = "mutation($input: DeleteCommentInput!) { deleteComment(input: $input) {
    commentId item { id comments { nodes { id } totalCount { count } } } userErrors { code path }
} }";

/// A comment of this caller on a new message; the item and the comment.
async fn commented(caller: &Caller<'_>, source_id: &str) -> (Value, Value) {
    let item = message(caller, source_id, "hello").await["item"]["id"].clone();
    let input = json!({ "itemId": item, "text": "first" });
    let done = caller.data(ADD, json!({ "input": input })).await;
    (item, done["addComment"]["comment"]["id"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_edits_and_deletes_what_is_its_own_and_an_admin_anything() {
    let app = App::start().await;
    let (bea, cy) = (app.named("bea", "acme", Role::Agent), app.named("cy", "acme", Role::Agent));
    let admin = app.named("root", "acme", Role::Admin);
    let (item, comment) = commented(&bea, "m1").await;
    let text = |text: &str| json!({ "input": { "commentId": comment, "text": text } });

    let refused = cy.gql(UPDATE, text("mine now")).await;
    assert_eq!(refused.code(), Some("FORBIDDEN"), "{}", refused.body);
    let gone = json!({ "input": { "commentId": comment } });
    assert_eq!(cy.gql(DELETE, gone.clone()).await.code(), Some("FORBIDDEN"));

    let done = bea.data(UPDATE, text("second")).await["updateComment"].clone();
    assert_eq!((&done["comment"]["text"], &done["item"]["id"]), (&json!("second"), &item));
    assert_eq!(done["comment"]["editedBy"], "bea");
    let same = bea.data(UPDATE, text("second")).await["updateComment"]["comment"].clone();
    assert_eq!(same, done["comment"], "the same text is no edit");
    let done = admin.data(UPDATE, text("third")).await["updateComment"]["comment"].clone();
    assert_eq!((&done["author"], &done["editedBy"]), (&json!("bea"), &json!("root")));

    let export = "query($by: ID!) { exportCustomer(customerId: $by) }";
    let customer = message(&bea, "m1", "hello").await["item"]["customer"]["id"].clone();
    let document = admin.data(export, json!({ "by": customer })).await["exportCustomer"].clone();
    assert_eq!(document["comments"][0]["editedBy"], "root", "{document}");
    assert!(document["comments"][0]["editedAt"].as_str().is_some_and(|at| at.starts_with("20")));

    let done = bea.data(DELETE, gone.clone()).await["deleteComment"].clone();
    assert_eq!(
        done,
        json!({ "commentId": comment, "userErrors": [],
            "item": { "id": item, "comments": { "nodes": [], "totalCount": { "count": 0 } } } })
    );
    for (document, variables) in [(DELETE, gone), (UPDATE, text("again"))] {
        let reply = bea.gql(document, variables).await;
        let payload = reply.body["data"].as_object().and_then(|data| data.values().next());
        let errors = payload.expect("a payload")["userErrors"].clone();
        assert_eq!(errors, json!([{ "code": "NOT_FOUND", "path": ["input", "commentId"] }]));
    }
    let lines = audit(&admin).await;
    let actions: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line["action"].as_str().expect("text"), line["actor"].as_str().expect("text")))
        .collect();
    assert_eq!(
        actions,
        [
            ("DELETE_COMMENT", "bea"),
            ("EXPORT", "root"),
            ("UPDATE_COMMENT", "root"),
            ("UPDATE_COMMENT", "bea"),
        ]
    );
    assert_eq!(lines[0]["detail"], json!({ "comment": comment, "item": item, "author": "bea" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_are_told_of_each_change_of_a_comment() {
    const LIVE: &str =
        "subscription($by: CustomerRef!) { customerHistory(customer: $by) { __typename
        ... on HistoryItemUpdated { item { id comments { nodes { text } } } }
    } }";
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let (item, comment) = commented(&agent, "m1").await;
    let by = json!({ "identity": { "kind": "EMAIL", "value": "ann@x.example" } });
    let mut events = app.as_viewer("acme").listen(LIVE, json!({ "by": by })).await;
    let first = events.next().await.expect("a word");
    assert_eq!(first["data"]["customerHistory"]["__typename"], "CaughtUp");
    let told = |texts: Value| json!({ "__typename": "HistoryItemUpdated", "item": { "id": item, "comments": { "nodes": texts } } });
    agent.data(UPDATE, json!({ "input": { "commentId": comment, "text": "second" } })).await;
    let event = events.next().await.expect("an event");
    assert_eq!(event["data"]["customerHistory"], told(json!([{ "text": "second" }])));
    agent.data(DELETE, json!({ "input": { "commentId": comment } })).await;
    let event = events.next().await.expect("an event");
    assert_eq!(event["data"]["customerHistory"], told(json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_edit_the_same_comment_one_is_told_so() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let (_, comment) = commented(&agent, "m1").await;
    let edit = |text: String, seen: &Value| json!({ "input": { "commentId": comment, "text": text, "expectedEditedAt": seen } });
    let mut seen = Value::Null;
    for round in 0..5 {
        let tries = (0..4).map(|n| agent.gql(UPDATE, edit(format!("{round}-{n}"), &seen)));
        let replies = futures_util::future::join_all(tries).await;
        let (done, refused): (Vec<_>, Vec<_>) = replies
            .iter()
            .map(|reply| &reply.body["data"]["updateComment"])
            .partition(|payload| payload["comment"].is_object());
        assert_eq!((done.len(), refused.len()), (1, 3), "{replies:?}");
        for payload in refused {
            let conflict =
                json!([{ "code": "VERSION_CONFLICT", "path": ["input", "expectedEditedAt"] }]);
            assert_eq!(payload["userErrors"], conflict);
        }
        seen = done[0]["comment"]["editedAt"].clone();
    }
    let never = agent.gql(UPDATE, edit("late".into(), &Value::Null)).await;
    assert_eq!(never.user_error(), "VERSION_CONFLICT");
    let no_time = agent.gql(UPDATE, edit("late".into(), &json!("yesterday"))).await;
    assert_eq!(no_time.user_error(), "INVALID");
    for text in [String::new(), "  ".into(), "x".repeat(5_001)] {
        let bad = json!({ "input": { "commentId": comment, "text": text } });
        assert_eq!(agent.gql(UPDATE, bad).await.user_error(), "INVALID");
    }
    // Whoever edits while it is deleted is told that it is not there, or was first.
    let (edited, deleted) = tokio::join!(
        agent.gql(UPDATE, json!({ "input": { "commentId": comment, "text": "still here" } })),
        agent.gql(DELETE, json!({ "input": { "commentId": comment } })),
    );
    assert!(deleted.body["data"]["deleteComment"]["commentId"].is_string(), "{}", deleted.body);
    let errors = &edited.body["data"]["updateComment"]["userErrors"];
    assert!(*errors == json!([]) || errors[0]["code"] == "NOT_FOUND", "{}", edited.body);
}
