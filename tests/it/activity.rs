//! How much happened on each day: what counts, where days begin, and for whom.

use rapport::domain::history::activity::LastDays;
use rapport::domain::history::record::{NewBody, NewItem, Ref};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{Channel, Direction};
use rapport::ids::{CustomerId, Micros};
use serde_json::{Value, json};

use crate::support::app::{App, Caller};
use crate::support::identity::{MERGE, UNDO, id_of, strangers};
use crate::support::stand::{Stand, email, note};

const HOUR: i64 = 3_600_000_000;
const ACTIVITY: &str = "query($id: ID!, $days: Int! = 371, $east: Int! = 0) { customer(by: { id: $id }) { stats { total }
    activity(days: $days, offsetMinutes: $east) { day count channels { channel count } } } }";
const RECORD: &str = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { userErrors { code message } } } }";
const VIEWS: &str = "mutation($inputs: [PageViewInput!]!) { recordPageViews(inputs: $inputs) { results { userErrors { code message } } } }";

/// A page that somebody looked at.
fn view(address: &str, at: Micros) -> NewItem {
    let body = NewBody::PageView {
        url: format!("/cars/{}", at.0),
        title: None,
        category: None,
        object_id: None,
        session_id: None,
        description: None,
    };
    let direction = Some(Direction::Inbound);
    let who = Some(Ref::Identity(email(address)));
    let (channel, occurred_at) = (Channel::Web, Some(at));
    NewItem {
        channel_label: None,
        who,
        channel,
        direction,
        occurred_at,
        source: None,
        source_id: None,
        body,
        files: Vec::new(),
    }
}

/// Day (since 1970) and count of each day.
async fn told(
    stand: &Stand,
    scope: &Scope,
    home: CustomerId,
    days: u16,
    minutes_east: i16,
) -> Vec<(i64, i64)> {
    let last = LastDays { days, minutes_east };
    let found = stand.rapport.activity(scope.tenant, &[vec![home]], last).await.expect("reads");
    found[0].iter().map(|day| (day.day, day.channels.values().sum())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_stands_on_the_day_that_the_viewers_clock_shows() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    // 2026-03-10T01:30Z, the day 20522.
    let today = 20_522;
    let midnight = today * 24 * HOUR;
    stand.rapport.clock.set(Micros(midnight + HOUR + HOUR / 2));
    let ann = stand.identify(&scope, &[email("ann@x.org")]).await.expect("ann").customer;
    let at = |n: i64| Micros(midnight + n);
    let day = 24 * HOUR;
    stand
        .rapport
        .record(
            &scope,
            &[
                note("ann@x.org", at(0), "at midnight"),
                note("ann@x.org", at(-1), "a microsecond before"),
                view("ann@x.org", at(-1)),
                view("ann@x.org", at(-3 * HOUR)),
                note("ann@x.org", at(day - 1), "later today, by a clock that is ahead"),
                note("ann@x.org", at(day), "tomorrow"),
                note("ann@x.org", at(-370 * day), "on the first of 371 days"),
                note("ann@x.org", at(-370 * day - 1), "before it"),
            ],
        )
        .await
        .expect("recorded");
    let first = today - 370;
    for (days, minutes_east, expected) in [
        (1, 0, vec![(today, 2)]),
        (2, 0, vec![(today - 1, 3), (today, 2)]),
        (371, 0, vec![(first, 1), (today - 1, 3), (today, 2)]),
        // New York has not seen midnight.
        (1, -300, vec![(today - 1, 4)]),
        (2, -300, vec![(today - 1, 4)]),
        // At +02:00 the day began two hours before: the one at -3 h is of yesterday.
        (1, 120, vec![(today, 3)]),
        (2, 120, vec![(today - 1, 1), (today, 3)]),
        (1, 840, vec![(today, 4)]),
        (1, -840, vec![(today - 1, 4)]),
    ] {
        let told = told(&stand, &scope, ann, days, minutes_east).await;
        assert_eq!(told, expected, "{days} days at {minutes_east}");
    }
    let other = stand.scope("globex").await;
    assert_eq!(told(&stand, &other, ann, 371, 0).await, [], "another tenant's");
}

async fn activity(caller: &Caller<'_>, id: &str) -> Value {
    caller.data(ACTIVITY, json!({ "id": id })).await["customer"].clone()
}

/// All days together.
fn sum(customer: &Value) -> i64 {
    let days = customer["activity"].as_array().expect("days");
    for day in days {
        let channels = day["channels"].as_array().expect("channels");
        let by_channel: i64 = channels.iter().filter_map(|one| one["count"].as_i64()).sum();
        assert_eq!(day["count"], by_channel, "{day}");
    }
    let names: Vec<&str> = days.iter().filter_map(|day| day["day"].as_str()).collect();
    assert!(names.is_sorted(), "oldest first: {names:?}");
    days.iter().filter_map(|day| day["count"].as_i64()).sum()
}

/// One of every kind, some days ago.
async fn happen(agent: &Caller<'_>, name: &str) {
    let ago = |days: i64| {
        (chrono::Utc::now() - chrono::Duration::days(days)).format("%Y-%m-%dT12:00:00Z").to_string()
    };
    let who = json!({ "identity": { "kind": "EMAIL", "value": format!("{name}@x.example") } });
    let item = |channel: &str, days: i64, body: Value| json!({ "customer": who, "channel": channel, "direction": "INBOUND", "occurredAt": ago(days), "body": body });
    let inputs = json!([
        item("SMS", 3, json!({ "message": { "text": "hello" } })),
        item("WHATSAPP", 3, json!({ "message": { "text": "hello" } })),
        item("VOICE", 40, json!({ "call": { "state": "MISSED" } })),
        item("EMAIL", 3, json!({ "email": { "subject": "hello" } })),
        item("INTERNAL", 100, json!({ "note": { "text": "a note" } })),
        item("FIELD", 100, json!({ "record": { "recordType": "visit", "recordId": "1" } })),
    ]);
    agent.data(RECORD, json!({ "inputs": inputs })).await;
    let views = [3, 3, 40].map(
        |days| json!({ "customer": who, "url": "https://x.example/a", "occurredAt": ago(days) }),
    );
    agent.data(VIEWS, json!({ "inputs": views })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_add_up_to_the_counts_of_the_customer_whoever_was_merged_into_it() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let people = strangers(&agent, &["ann", "bob"]).await;
    happen(&agent, "ann").await;
    let ann = activity(&agent, &people[0]).await;
    assert_eq!((sum(&ann), &ann["stats"]["total"]), (9, &json!(9)));
    let days = ann["activity"].as_array().expect("days");
    assert_eq!(days.len(), 3, "days without an item are left out: {ann}");
    let channels = &days[2]["channels"];
    let one = |channel: &str, count: i64| json!({ "channel": channel, "count": count });
    let expected = json!([one("WEB", 2), one("SMS", 1), one("WHATSAPP", 1), one("EMAIL", 1)]);
    assert_eq!(*channels, expected);
    let day = (chrono::Utc::now() - chrono::Duration::days(3)).format("%Y-%m-%d").to_string();
    let other = (chrono::Utc::now() - chrono::Duration::days(4)).format("%Y-%m-%d").to_string();
    assert!(days[2]["day"] == day || days[2]["day"] == other, "{ann}");

    // A merge is an item of its own, on both sides of the count.
    happen(&agent, "bob").await;
    let merged = agent.data(MERGE, json!({ "input": { "customerIds": people } })).await;
    let both = activity(&agent, &people[1]).await;
    assert!(sum(&both) >= 18, "{both}");
    assert_eq!(json!(sum(&both)), both["stats"]["total"]);
    agent.data(UNDO, json!({ "id": id_of(&merged["mergeCustomers"]["merges"][0]) })).await;
    for id in &people {
        let alone = activity(&agent, id).await;
        assert_eq!(json!(sum(&alone)), alone["stats"]["total"], "{alone}");
        assert!(sum(&alone) < sum(&both));
    }
    // Of a list each has its own.
    let list = agent
        .data("{ customers { nodes { stats { total } activity(days: 371) { day count channels { count } } } } }", json!({}))
        .await;
    for customer in list["customers"]["nodes"].as_array().expect("nodes") {
        assert_eq!(json!(sum(customer)), customer["stats"]["total"], "{list}");
    }
    let nobody = strangers(&agent, &["cem"]).await;
    assert_eq!(activity(&agent, &nobody[0]).await["activity"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_offsets_out_of_bounds_are_refused() {
    let app = App::start().await;
    let agent = app.as_agent("acme");
    let id = &strangers(&agent, &["ann"]).await[0];
    for (days, east) in [(0, 0), (-5, 0), (372, 0), (40_000, 0), (7, 841), (7, -841)] {
        let reply = agent.gql(ACTIVITY, json!({ "id": id, "days": days, "east": east })).await;
        assert_eq!(reply.code(), Some("INVALID_ARGUMENT"), "{days} {east}: {}", reply.body);
        assert_eq!(reply.body["errors"][0]["path"], json!(["customer", "activity"]));
    }
    for (days, east) in [(json!("7"), json!(0)), (json!(1.5), json!(0)), (json!(7), json!(null))] {
        let reply = agent.gql(ACTIVITY, json!({ "id": id, "days": days, "east": east })).await;
        assert_eq!(reply.code(), Some("GRAPHQL_VALIDATION_FAILED"), "{}", reply.body);
    }
    for (days, east) in [(1, 840), (371, -840)] {
        agent.data(ACTIVITY, json!({ "id": id, "days": days, "east": east })).await;
    }
    // A day is a row of what a document costs.
    let cost = async |days: i64| {
        let document = "query($days: Int!) { rateLimit { cost } customers(first: 2) { nodes { activity(days: $days) { day } } } }";
        agent.data(document, json!({ "days": days })).await["rateLimit"]["cost"].as_i64()
    };
    assert_eq!(cost(300).await.zip(cost(100).await).map(|(more, less)| more - less), Some(400));
}
