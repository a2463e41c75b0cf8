//! Events that could not be recorded are kept with their reasons, and taken in once these are mended.

use serde_json::{Value, json};

use crate::sources::{batch, counts, kept, source};
use crate::support::app::{App, Caller};

const REPLAY: &str =
    "mutation($input: ReplaySourceEventsInput!) { replaySourceEvents(input: $input) {
    replayed settled kept userErrors { code path }
} }";

async fn replay(admin: &Caller<'_>, source: &Value) -> Value {
    let input = json!({ "sourceId": source["id"] });
    admin.data(REPLAY, json!({ "input": input })).await["replaySourceEvents"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_event_costs_none_of_its_neighbours_and_is_kept_once() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let track = |n: usize| json!({ "type": "track", "userId": "u", "event": "x", "messageId": format!("m{n}") });
    let events = json!([
        track(1),
        { "type": "track", "userId": "u", "messageId": "nameless" },
        { "type": "video", "userId": "u", "messageId": "strange" },
        "no object",
        { "type": "track", "userId": ["list"], "event": "x", "messageId": "listed" },
        { "type": "track", "event": "x", "messageId": "nobodys" },
        { "type": "track", "userId": "u", "event": "x", "messageId": "huge", "properties": { "x": "y".repeat(40_000) } },
        track(2),
    ]);
    for round in 1..=2 {
        assert_eq!(batch(&admin, &web, events.clone()).await.status, 200);
        let [received, recorded, duplicates, rejected, unknown, refused] =
            counts(&admin, "web").await;
        assert_eq!((received, recorded, duplicates), (8 * round, 2, 2 * (round - 1)));
        assert_eq!((rejected + unknown, refused), (6 * round, 0));
    }
    let events = kept(&admin, &web).await;
    assert_eq!(events.len(), 6, "{events:?}");
    for event in &events {
        assert!(event["errors"][0]["message"].is_string(), "{event}");
        assert_eq!(event["sourceId"], web["id"]);
    }
    let strange = events.iter().find(|event| event["externalId"] == "strange").expect("kept");
    assert_eq!((&strange["outcome"], &strange["type"]), (&json!("UNKNOWN"), &json!("video")));
    let huge = events.iter().find(|event| event["externalId"] == "huge").expect("kept");
    assert_eq!(huge["errors"][0]["code"], "LIMIT_EXCEEDED");
    let nameless = events.iter().find(|event| event["externalId"] == "nameless").expect("kept");
    assert_eq!(nameless["payload"]["userId"], "u");
    let other = app.as_admin("other");
    assert!(kept(&other, &json!({})).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_user_is_the_visitor_that_stands_beside() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let rule = |kind: &str, value: &str| json!({ "kind": kind, "match": "EXACT", "value": value, "reason": "a test" });
    const SETTINGS: &str = "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code } } }";
    let rules = [rule("USER_ID", "robot"), rule("ANONYMOUS_ID", "everybody")];
    admin.data(SETTINGS, json!({ "input": { "blocked": rules } })).await;
    let track = |id: &str, user: &str, anonymous: Value| json!({ "type": "track", "userId": user, "anonymousId": anonymous, "event": id, "messageId": id });
    let events = json!([
        track("beside", "robot", json!("a-1")),
        track("alone", "robot", Value::Null),
        track("both", "robot", json!("everybody")),
        track("person", "u-1", json!("a-2")),
        { "type": "page", "userId": "robot", "anonymousId": "a-1", "messageId": "page", "properties": { "url": "/x" } },
    ]);
    assert_eq!(batch(&admin, &web, events).await.status, 200);
    assert_eq!(counts(&admin, "web").await[..4], [5, 3, 0, 2]);
    let left = kept(&admin, &web).await;
    let mut left: Vec<_> = left.iter().filter_map(|event| event["externalId"].as_str()).collect();
    left.sort_unstable();
    assert_eq!(left, ["alone", "both"]);
    for (kind, value, items) in [("ANONYMOUS_ID", "a-1", 2), ("USER_ID", "u-1", 1)] {
        let query = format!(
            r#"{{ customer(by: {{ identity: {{ kind: {kind}, value: "{value}" }} }}) {{ history {{ nodes {{ sourceId }} }} }} }}"#
        );
        let found = admin.data(&query, json!({})).await;
        let nodes = found["customer"]["history"]["nodes"].as_array().expect("items");
        let own = nodes.iter().filter(|node| !node["sourceId"].is_null()).count();
        assert_eq!(own, items, "{value}: {found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_its_reason_is_mended_an_event_is_taken_in_once() {
    let app = App::start().await;
    let admin = app.as_admin("acme");
    let web = source(&admin, json!({ "kind": "SEGMENT", "name": "web" })).await;
    let blocked = |list: Value| json!({ "input": { "blocked": list } });
    const SETTINGS: &str = "mutation($input: UpdateTenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code } } }";
    let rule = json!({ "kind": "USER_ID", "match": "EXACT", "value": "robot", "reason": "a test" });
    admin.data(SETTINGS, blocked(json!([rule]))).await;
    let event = json!([{ "type": "track", "userId": "robot", "event": "x", "messageId": "m1" }]);
    assert_eq!(batch(&admin, &web, event).await.status, 200);
    assert_eq!(kept(&admin, &web).await.len(), 1);
    let again = replay(&admin, &web).await;
    assert_eq!((&again["replayed"], &again["settled"]), (&json!(1), &json!(0)), "{again}");
    admin.data(SETTINGS, blocked(json!([]))).await;
    let (one, two) = tokio::join!(replay(&admin, &web), replay(&admin, &web));
    let settled = [&one, &two].iter().filter_map(|done| done["settled"].as_i64()).sum::<i64>();
    assert!(settled >= 1, "{one} {two}");
    assert!(kept(&admin, &web).await.is_empty());
    let found = admin
        .data(
            r#"{ customer(by: { identity: { kind: USER_ID, value: "robot" } }) { history { nodes { sourceId occurredAt } } } }"#,
            json!({}),
        )
        .await;
    let items: Vec<&Value> = found["customer"]["history"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter(|item| item["sourceId"] == "m1")
        .collect();
    assert_eq!(items.len(), 1, "{found}");
    let gone = json!({ "input": { "sourceId": web["id"], "eventIds": vec![web["id"].clone()] } });
    let reply = admin.gql(REPLAY, gone).await;
    assert_eq!(reply.user_error(), "NOT_FOUND");
    let error = &reply.body["data"]["replaySourceEvents"]["userErrors"][0];
    assert_eq!(error["path"], json!(["input", "eventIds", "0"]));
}
