//! How streams end and go on: slow readers, resumption, tokens that expire, servers that stop.

use std::time::Duration;

use rapport::auth::Role;
use serde_json::{Value, json};

use crate::live::{cursor, history, items};
use crate::support::fleet::Fleet;
use crate::support::server::{LONG, by_email, http, short_token};
use crate::support::subscriber::{End, HISTORY, Subscriber};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_costs_bounded_memory_and_loses_nothing() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    for email in ["slow@x.io", "nobody-listens@x.io"] {
        client.identify(json!({ "email": email })).await;
    }
    let mut slow = history(&client, "slow@x.io", None).await;
    let start = cursor(slow.replay().await.last().expect("CaughtUp"));
    let long = "x".repeat(15_000);
    let record = async |email: &str, n: usize| {
        let input = |m: usize| {
            json!({ "customer": by_email(email), "channel": "EMAIL", "direction": "INBOUND", "sourceId": format!("{n}-{m}"),
                "body": { "email": { "subject": long[..900], "text": long } } })
        };
        let inputs: Vec<Value> = (0..100).map(input).collect();
        let query = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate } } }";
        client.gql(query, json!({ "inputs": inputs })).await;
    };
    // What the store keeps in memory is there before it is measured.
    for n in 16..64 {
        record("nobody-listens@x.io", n).await;
    }
    record("slow@x.io", 0).await;
    let before = fleet.servers[0].memory();
    for n in 1..16 {
        record("slow@x.io", n).await;
    }
    let grown = fleet.servers[0].memory().saturating_sub(before);
    println!("slow reader: memory grew by {} KiB over 1,500 events of 16 KB", grown / 1024);
    // Less than these events take, were they kept.
    assert!(grown < 22 << 20, "memory grew by {grown} bytes");
    // It reads again, or comes back: everything is there, once and in order.
    let (mut seen, mut last) = (Vec::new(), start);
    while seen.len() < 1_600 {
        match tokio::time::timeout(LONG, slow.next()).await.expect("goes on") {
            Ok(event) => {
                last = cursor(&event);
                seen.extend(event["item"]["sourceId"].as_str().map(str::to_owned));
            }
            Err(_) => slow = history(&client, "slow@x.io", Some(&last)).await,
        }
    }
    let expected: Vec<String> =
        (0..16).flat_map(|n| (0..100).map(move |m| format!("{n}-{m}"))).collect();
    assert_eq!(seen, expected);
}

/// One event of a stream: its id and its data.
async fn sse(response: &mut reqwest::Response, buffer: &mut String) -> (Option<String>, Value) {
    loop {
        if let Some((event, rest)) =
            buffer.split_once("\n\n").map(|(event, rest)| (event.to_owned(), rest.to_owned()))
        {
            *buffer = rest;
            let field = |name: &str| {
                event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)
            };
            if let Some(data) = field("data: ") {
                return (field("id: "), serde_json::from_str(&data).expect("JSON"));
            }
            continue;
        }
        let chunk = tokio::time::timeout(LONG, response.chunk())
            .await
            .expect("in time")
            .expect("reads")
            .expect("the stream goes on");
        buffer.push_str(std::str::from_utf8(&chunk).expect("text"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_stream_resumes_by_its_last_event_id_whether_or_not_the_cursor_was_selected() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": "ada@x.io" })).await;
    let open = async |last: Option<&str>| {
        let query = "subscription($c: CustomerRef!) { customerHistory(customer: $c) { __typename ... on HistoryItemAdded { item { sourceId } } } }";
        let body = json!({ "query": query, "variables": { "c": by_email("ada@x.io") } });
        let mut request = http()
            .post(format!("{}/graphql", client.address))
            .bearer_auth(&client.token)
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.json(&body).send().await.expect("opens");
        assert_eq!(response.status(), 200);
        response
    };
    let (mut stream, mut buffer) = (open(None).await, String::new());
    let (_, first) = sse(&mut stream, &mut buffer).await;
    assert_eq!(first["data"]["customerHistory"]["__typename"], "CaughtUp");
    client.note(by_email("ada@x.io"), "one").await;
    let (id, event) = sse(&mut stream, &mut buffer).await;
    assert_eq!(event["data"]["customerHistory"]["item"]["sourceId"], "one");
    drop(stream);
    client.note(by_email("ada@x.io"), "two").await;
    let (mut stream, mut buffer) = (open(Some(&id.expect("an id"))).await, String::new());
    for expected in [json!("two"), Value::Null] {
        let (id, event) = sse(&mut stream, &mut buffer).await;
        assert!(id.is_some());
        assert_eq!(event["data"]["customerHistory"]["item"]["sourceId"], expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expires_closes_its_socket() {
    let fleet = Fleet::start().await;
    let mut client = fleet.agent(0, "acme");
    client.identify(json!({ "email": "ada@x.io" })).await;
    client.token = short_token(Role::Viewer, "acme", Duration::from_secs(3));
    let mut subscriber = history(&client, "ada@x.io", None).await;
    subscriber.replay().await;
    let begun = std::time::Instant::now();
    assert_eq!(subscriber.end().await, End::Closed(4403));
    assert!(begun.elapsed() < Duration::from_secs(3 + 5), "closed after {:?}", begun.elapsed());
    // And it opens no other: clocks differ a little, so that it may be let in first.
    let late =
        match Subscriber::try_start(&client, HISTORY, &json!({ "customer": by_email("ada@x.io") }))
            .await
        {
            Ok(mut subscriber) => loop {
                if let Err(end) = subscriber.next().await {
                    break end;
                }
            },
            Err(end) => end,
        };
    assert_eq!(late, End::Closed(4403));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_server_says_so_closes_every_socket_and_ends_well() {
    let mut fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": "ada@x.io" })).await;
    let mut subscribers = Vec::new();
    for _ in 0..20 {
        let mut subscriber = history(&client, "ada@x.io", None).await;
        subscriber.replay().await;
        subscribers.push(subscriber);
    }
    let last = client.note(by_email("ada@x.io"), "before").await;
    let mut after = String::new();
    for subscriber in &mut subscribers {
        let event = subscriber.event().await;
        assert_eq!(event["item"]["id"], last.as_str());
        after = cursor(&event);
    }
    // Requests in flight are finished.
    let writer = client.clone();
    let writing = tokio::spawn(async move {
        let query = "mutation($c: CustomerRef!) { recordEngagements(inputs: [{ customer: $c, channel: INTERNAL, sourceId: \"during\", body: { note: { text: \"n\" } } }]) { results { duplicate } } }";
        let body = json!({ "query": query, "variables": { "c": by_email("ada@x.io") } });
        http()
            .post(format!("{}/graphql", writer.address))
            .bearer_auth(&writer.token)
            .json(&body)
            .send()
            .await
            .map(|answer| answer.status().as_u16())
    });
    fleet.servers[0].term();
    for subscriber in &mut subscribers {
        let mut end = subscriber.next().await;
        while end.is_ok() {
            end = subscriber.next().await;
        }
        assert_eq!(end.expect_err("the end"), End::Closed(1001));
    }
    // It may have ended already; while it has not, it says no.
    if let Ok(ready) = http().get(format!("{}/readyz", client.address)).send().await {
        assert_eq!(ready.status(), 503);
    }
    let (status, took) = fleet.servers[0].ended(Duration::from_secs(10)).await;
    println!("stopped in {took:?}");
    assert!(status.success(), "{status}");
    // Done, or refused because it came too late; never broken off.
    let answered = writing.await.expect("no panic").expect("an answer");
    assert!(matches!(answered, 200 | 503), "{answered}");

    // Elsewhere clients go on without loss.
    let server =
        crate::support::server::Server::start(&fleet.store.url, fleet.redis.as_deref()).await;
    let elsewhere = server.client(Role::Agent, "acme");
    let mut subscriber = history(&elsewhere, "ada@x.io", Some(&after)).await;
    let replay = subscriber.replay().await;
    assert_eq!(items(&replay).contains(&"during"), answered == 200, "{replay:?}");
}
