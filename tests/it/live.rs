//! The live history, as a client of the real binary sees it.

use std::time::Duration;

use rapport::auth::Role;
use rapport::domain::merges::MergeRequest;
use serde_json::{Value, json};

use crate::fleet::{Fleet, scope_of};
use crate::server::{Client, LONG, by_email, http, short_token};
use crate::subscriber::{CALLS, End, FEED, HISTORY, Subscriber};

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["__typename"].as_str().expect("a type")).collect()
}

fn items(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["item"]["sourceId"].as_str()).collect()
}

fn cursor(event: &Value) -> String {
    event["cursor"].as_str().expect("a cursor").to_owned()
}

async fn live_cursor(client: &Client, email: &str) -> String {
    let query =
        "query($by: CustomerRef!) { customer(by: $by) { history(first: 1) { liveCursor } } }";
    let data = client.gql(query, json!({ "by": by_email(email) })).await;
    data["customer"]["history"]["liveCursor"].as_str().expect("a cursor").to_owned()
}

async fn history(client: &Client, email: &str, after: Option<&str>) -> Subscriber {
    Subscriber::start(client, HISTORY, json!({ "customer": by_email(email), "after": after })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_comes_once_and_in_order_then_caught_up_then_live() {
    let fleet = Fleet::start().await;
    let (one, two) = (fleet.agent(0, "acme"), fleet.agent(1, "acme"));
    one.identify(json!({ "email": "ada@x.io" })).await;
    let start = live_cursor(&one, "ada@x.io").await;
    for n in 0..20 {
        one.note(by_email("ada@x.io"), &format!("note-{n}")).await;
    }
    let mut subscriber = history(&two, "ada@x.io", Some(&start)).await;
    let replay = subscriber.replay().await;
    let expected: Vec<String> = (0..20).map(|n| format!("note-{n}")).collect();
    assert_eq!(items(&replay), expected);
    assert_eq!(replay.len(), 21);

    // What happened long ago and arrives only now is told now.
    let late = json!({ "customer": by_email("ada@x.io"), "channel": "SMS", "direction": "INBOUND", "occurredAt": "2020-01-01T00:00:00Z",
        "sourceId": "late", "body": { "message": { "text": "from the past" } } });
    one.record(late).await;
    let event = subscriber.event().await;
    assert_eq!(
        (items(std::slice::from_ref(&event)), &event["item"]["occurredAt"]),
        (vec!["late"], &json!("2020-01-01T00:00:00+00:00"))
    );

    // From the cursor of any event on.
    let mut middle = history(&one, "ada@x.io", Some(&cursor(&replay[9]))).await;
    let expected: Vec<String> =
        (10..20).map(|n| format!("note-{n}")).chain(["late".into()]).collect();
    assert_eq!(items(&middle.replay().await), expected);

    // Without a cursor it starts now.
    let mut now = history(&two, "ada@x.io", None).await;
    assert_eq!(kinds(&now.replay().await), ["CaughtUp"]);
    two.note(by_email("ada@x.io"), "now").await;
    for subscriber in [&mut subscriber, &mut middle, &mut now] {
        assert_eq!(items(&[subscriber.event().await]), ["now"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_changes_is_told_again() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "phoneNumber": "+14155550100", "email": "cy@x.io" })).await;
    let mut subscriber = history(&fleet.agent(1, "acme"), "cy@x.io", None).await;
    subscriber.replay().await;
    let call = |state: &str| {
        json!({ "customer": by_email("cy@x.io"), "channel": "VOICE", "direction": "INBOUND", "source": "pbx", "sourceId": "call-1",
            "body": { "call": { "state": state } } })
    };
    let id = client.record(call("RINGING")).await;
    assert_eq!(subscriber.event().await["__typename"], "HistoryItemAdded");
    for state in ["IN_PROGRESS", "COMPLETED"] {
        client.record(call(state)).await;
        let event = subscriber.event().await;
        assert_eq!(
            (&event["__typename"], &event["item"]["callState"]),
            (&json!("HistoryItemUpdated"), &json!(state))
        );
    }
    let comment = "mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }";
    let data = client.gql(comment, json!({ "input": { "itemId": id, "text": "well done" } })).await;
    assert!(data["addComment"]["comment"]["id"].is_string(), "{data}");
    let event = subscriber.event().await;
    assert_eq!(
        (&event["__typename"], &event["item"]["id"]),
        (&json!("HistoryItemUpdated"), &json!(id))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_and_its_undo_are_told_to_both_sides_and_the_stream_goes_on() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    let other = fleet.agent(1, "acme");
    for email in ["old@x.io", "young@x.io"] {
        client.identify(json!({ "email": email })).await;
    }
    let (old_before, young_before) =
        (live_cursor(&client, "old@x.io").await, live_cursor(&client, "young@x.io").await);
    client.note(by_email("old@x.io"), "old-1").await;
    client.note(by_email("young@x.io"), "young-1").await;
    let mut old = history(&client, "old@x.io", Some(&old_before)).await;
    let mut young = history(&other, "young@x.io", Some(&young_before)).await;
    assert_eq!(items(&old.replay().await), ["old-1"]);
    assert_eq!(items(&young.replay().await), ["young-1"]);

    let rapport = fleet.domain().await;
    let scope = scope_of(&rapport, "acme").await;
    let find = async |email: &str| {
        let by = json!({ "by": by_email(email) });
        client
            .gql("query($by: CustomerRef!) { customer(by: $by) { contacts { contactId } } }", by)
            .await["customer"]["contacts"][0]["contactId"]
            .as_i64()
            .expect("a number")
    };
    let customers = vec![
        rapport::ids::CustomerId(find("old@x.io").await),
        rapport::ids::CustomerId(find("young@x.io").await),
    ];
    let merged = rapport
        .merge_customers(&scope, MergeRequest { customers, ..MergeRequest::default() }, false)
        .await
        .expect("merged");
    for subscriber in [&mut old, &mut young] {
        assert_eq!(subscriber.event().await["__typename"], "CustomerRelinked");
        // The merge itself is an item of the survivor's history.
        assert_eq!(subscriber.event().await["__typename"], "HistoryItemAdded");
    }
    client.note(by_email("young@x.io"), "both-1").await;
    other.note(by_email("old@x.io"), "both-2").await;
    for subscriber in [&mut old, &mut young] {
        assert_eq!(
            items(&[subscriber.event().await, subscriber.event().await]),
            ["both-1", "both-2"]
        );
    }

    // Cursors from before the merge stay valid, for the one id as for the other.
    for (email, before, expected) in [
        ("old@x.io", &old_before, ["old-1", "both-1", "both-2"]),
        ("young@x.io", &young_before, ["young-1", "both-1", "both-2"]),
        ("old@x.io", &young_before, ["young-1", "both-1", "both-2"]),
        ("young@x.io", &old_before, ["old-1", "both-1", "both-2"]),
    ] {
        let mut again = history(&other, email, Some(before)).await;
        assert_eq!(items(&again.replay().await), expected, "{email}");
    }
    // By the id that a client holds now.
    let both = cursor(&{
        let mut again = history(&client, "old@x.io", Some(&young_before)).await;
        again.replay().await.last().expect("CaughtUp").clone()
    });

    rapport.undo_merge(&scope, merged.merges[0], false, None).await.expect("undone");
    for subscriber in [&mut old, &mut young] {
        assert_eq!(subscriber.event().await["__typename"], "CustomerRelinked");
        assert_eq!(subscriber.event().await["__typename"], "HistoryItemAdded");
    }
    client.note(by_email("young@x.io"), "young-2").await;
    other.note(by_email("old@x.io"), "old-2").await;
    assert_eq!(items(&[old.event().await]), ["old-2"]);
    assert_eq!(items(&[young.event().await]), ["young-2"]);
    let mut returned = history(&other, "young@x.io", Some(&young_before)).await;
    assert_eq!(items(&returned.replay().await), ["young-1", "both-1", "both-2", "young-2"]);
    let mut stayed = history(&other, "old@x.io", Some(&both)).await;
    assert_eq!(items(&stayed.replay().await), ["old-2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_of_somebody_else_is_a_clear_error() {
    let fleet = Fleet::start().await;
    let (client, foreign) = (fleet.agent(0, "acme"), fleet.agent(0, "rival"));
    for client in [&client, &foreign] {
        client.identify(json!({ "email": "ada@x.io" })).await;
        client.identify(json!({ "email": "bob@x.io" })).await;
    }
    let own = live_cursor(&client, "ada@x.io").await;
    let mut forged = own.clone().into_bytes();
    let last = forged.len() - 1;
    forged[last] = if forged[last] == b'A' { b'Q' } else { b'A' };
    let forged = String::from_utf8(forged).expect("ASCII");
    let cases = [
        ("never part", live_cursor(&client, "bob@x.io").await),
        ("another tenant's", live_cursor(&foreign, "ada@x.io").await),
        ("forged", forged),
        ("no cursor", "hello".into()),
    ];
    for (what, after) in cases {
        for (query, variables) in [
            (HISTORY, json!({ "customer": by_email("ada@x.io"), "after": after })),
            (FEED, json!({ "after": after })),
        ] {
            let End::Refused(errors) =
                Subscriber::start(&client, query, variables).await.end().await
            else {
                panic!("{what}: not refused")
            };
            assert_eq!(errors[0]["extensions"]["code"], "INVALID_CURSOR", "{what}: {errors}");
        }
    }
    let mut subscriber = history(&client, "ada@x.io", Some(&own)).await;
    assert_eq!(kinds(&subscriber.replay().await), ["CaughtUp"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_readers_of_the_feed_agree_on_its_order() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    let data = client.gql("{ feed(first: 1) { liveCursor } }", json!({})).await;
    let start = data["feed"]["liveCursor"].clone();
    let mut early =
        Subscriber::start(&fleet.agent(1, "acme"), FEED, json!({ "after": start })).await;
    early.replay().await;
    const WRITERS: usize = 8;
    const NOTES: usize = 15;
    let writers = (0..WRITERS).map(|writer| {
        let client = fleet.agent(writer, "acme");
        async move {
            for n in 0..NOTES {
                client
                    .note(
                        by_email(&format!("w{}@x.io", (writer + n) % 5)),
                        &format!("{writer}-{n}"),
                    )
                    .await;
            }
        }
    });
    futures_util::future::join_all(writers).await;
    let mut read = Vec::new();
    while items(&read).len() < WRITERS * NOTES {
        read.push(early.event().await);
    }
    let mut late =
        Subscriber::start(&fleet.agent(0, "acme"), FEED, json!({ "after": start })).await;
    let replayed = late.replay().await;
    assert_eq!(items(&read), items(&replayed));
    assert_eq!(
        read.iter().map(cursor).collect::<Vec<_>>(),
        replayed[..replayed.len() - 1].iter().map(cursor).collect::<Vec<_>>()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incoming_calls_ring_everywhere_and_their_end_is_told() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "phoneNumber": "+14155550101" })).await;
    let mut agents = Vec::new();
    for n in 0..4 {
        agents.push(Subscriber::start(&fleet.agent(n, "acme"), CALLS, json!({})).await);
    }
    let mut rival = Subscriber::start(&fleet.agent(0, "rival"), CALLS, json!({})).await;
    let call = |customer: Value, id: &str, state: &str| json!({ "customer": customer, "channel": "VOICE", "direction": "INBOUND", "source": "pbx", "sourceId": id, "body": { "call": { "state": state } } });
    let line = json!({ "identity": { "kind": "PHONE", "value": "+14155550101" } });
    // It starts now: until the first ring has come, calls ring anew.
    for (n, agent) in agents.iter_mut().enumerate() {
        let mut ring = 0;
        loop {
            client.record(call(line.clone(), &format!("probe-{n}-{ring}"), "RINGING")).await;
            if tokio::time::timeout(Duration::from_secs(1), agent.next())
                .await
                .is_ok_and(|event| event.is_ok())
            {
                break;
            }
            ring += 1;
            assert!(ring < 30, "no call rings");
        }
    }
    for state in ["RINGING", "IN_PROGRESS", "COMPLETED"] {
        client.record(call(line.clone(), "call", state)).await;
    }
    let id = client.record(call(line, "call", "COMPLETED")).await;
    let withheld = client.record(call(Value::Null, "withheld", "RINGING")).await;
    for agent in &mut agents {
        let mut states = Vec::new();
        loop {
            let event = agent.event().await;
            if event["call"]["id"] == id.as_str() {
                assert_eq!(event["caller"]["value"], "+14155550101");
                states.push(event["call"]["callState"].clone());
            }
            if event["call"]["id"] == withheld.as_str() {
                assert_eq!((&event["caller"], &event["customer"]), (&Value::Null, &Value::Null));
                break;
            }
        }
        // A state that was over before it was read is not told; the end always is.
        assert_eq!(states.last(), Some(&json!("COMPLETED")), "{states:?}");
    }
    fleet.agent(0, "rival").record(call(Value::Null, "own", "RINGING")).await;
    let first = rival.event().await;
    assert_eq!(first["customer"], Value::Null, "another tenant's call: {first}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_costs_bounded_memory_and_loses_nothing() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": "slow@x.io" })).await;
    let mut slow = history(&client, "slow@x.io", None).await;
    let start = cursor(slow.replay().await.last().expect("CaughtUp"));
    let long = "x".repeat(15_000);
    let record = async |n: usize| {
        let input = |m: usize| {
            json!({ "customer": by_email("slow@x.io"), "channel": "EMAIL", "direction": "INBOUND", "sourceId": format!("{n}-{m}"),
                "body": { "email": { "subject": long[..900], "text": long } } })
        };
        let inputs: Vec<Value> = (0..100).map(input).collect();
        let query = "mutation($inputs: [EngagementInput!]!) { recordEngagements(inputs: $inputs) { results { duplicate } } }";
        client.gql(query, json!({ "inputs": inputs })).await;
    };
    record(0).await;
    let before = fleet.servers[0].memory();
    for n in 1..16 {
        record(n).await;
    }
    let grown = fleet.servers[0].memory().saturating_sub(before);
    println!("slow reader: memory grew by {} KiB over 1,500 events of 16 KB", grown / 1024);
    assert!(grown < 64 << 20, "memory grew by {grown} bytes");
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
    let server = crate::server::Server::start(&fleet.store.url, fleet.redis.as_deref()).await;
    let elsewhere = server.client(Role::Agent, "acme");
    let mut subscriber = history(&elsewhere, "ada@x.io", Some(&after)).await;
    let replay = subscriber.replay().await;
    assert_eq!(items(&replay).contains(&"during"), answered == 200, "{replay:?}");
}
