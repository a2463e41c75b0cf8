//! Many who watch the same customer: one execution answers all of them.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::live::{cursor, history, items};
use crate::support::fleet::Fleet;
use crate::support::server::{Client, by_email};
use crate::support::subscriber::Subscriber;

const WATCHED: &str = "watched@x.io";
const EVENTS: usize = 100;

async fn record(client: &Client, writer: usize) {
    let query = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate } } }";
    for n in 0..EVENTS / 4 {
        let input = json!({ "customer": by_email(WATCHED), "channel": "EMAIL", "direction": "INBOUND", "sourceId": format!("{writer}-{n}"),
            "body": { "email": { "subject": "s".repeat(n * 30), "text": "t".repeat(15_000) } } });
        client.gql(query, json!({ "inputs": [input] })).await;
    }
}

/// The items of the next events, as many as were recorded.
async fn read(subscriber: &mut Subscriber) -> Vec<String> {
    let mut events = Vec::new();
    while events.len() < EVENTS {
        events.push(subscriber.event().await);
    }
    items(&events).into_iter().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_hear_every_event_once_and_in_the_order_of_the_log() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": WATCHED })).await;
    let mut all = Vec::new();
    let mut start = String::new();
    for n in 0..30 {
        // On every server there is.
        let client = fleet.agent(n % fleet.servers.len(), "acme");
        let mut subscriber = history(&client, WATCHED, None).await;
        start = cursor(subscriber.replay().await.last().expect("CaughtUp"));
        all.push(subscriber);
    }
    // Every third reads only when all has been written, and some leave.
    let mut late: Vec<Subscriber> = all.drain(..10).collect();
    let leaving = all.split_off(15);
    let writers = join_all((0..4).map(|writer| record(&client, writer)));
    let leave = async {
        for mut subscriber in leaving {
            subscriber.event().await;
        }
    };
    let (heard, ..) = tokio::join!(join_all(all.iter_mut().map(read)), writers, leave);
    let mut replay = history(&client, WATCHED, Some(&start)).await;
    let events: Vec<Value> = replay.replay().await;
    let expected: Vec<String> = items(&events).into_iter().map(str::to_owned).collect();
    assert_eq!(expected.len(), EVENTS);
    for heard in heard.into_iter().chain(join_all(late.iter_mut().map(read)).await) {
        assert_eq!(heard, expected);
    }
}

/// Who asks with another value of a variable gets another answer, whatever the variable is called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_place_of_the_stream_may_differ_among_those_who_share() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": WATCHED })).await;
    record(&client, 0).await;
    let page = "query($by: CustomerRef!) { customer(by: $by) { history(first: 2) { pageInfo { endCursor } } } }";
    let page = client.gql(page, json!({ "by": by_email(WATCHED) })).await;
    let second_page = &page["customer"]["history"]["pageInfo"]["endCursor"];
    for (declared, asked, one, other) in [
        ("Boolean!", "summary @include(if: $after)", json!(true), json!(false)),
        (
            "String",
            "customer { history(first: 1, after: $after) { nodes { sourceId } } }",
            json!(null),
            second_page.clone(),
        ),
    ] {
        let query = format!(
            "subscription($customer: CustomerRef!, $after: {declared}) {{ customerHistory(customer: $customer) {{ __typename cursor \
             ... on HistoryItemAdded {{ item {{ id {asked} }} }} }} }}"
        );
        let mut both = Vec::new();
        for after in [&one, &other] {
            let variables = json!({ "customer": by_email(WATCHED), "after": after });
            let mut subscriber = Subscriber::start(&client, &query, variables).await;
            subscriber.replay().await;
            both.push(subscriber);
        }
        record(&client, if declared == "String" { 1 } else { 2 }).await;
        let (first, second) = (both[0].event().await, both[1].event().await);
        assert_eq!(first["item"]["id"], second["item"]["id"]);
        assert_ne!(first["item"], second["item"], "{asked}");
    }
}
