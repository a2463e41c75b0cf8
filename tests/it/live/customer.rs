//! The stream of one customer: replay, changes, merges, foreign cursors.

use rapport::domain::identity::merge::MergeRequest;
use rapport::ids::CustomerId;
use serde_json::json;

use crate::live::{cursor, history, items, kinds, live_cursor};
use crate::support::fleet::{Fleet, scope_of};
use crate::support::server::{Client, by_email};
use crate::support::subscriber::{End, FEED, HISTORY, Subscriber};

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
async fn an_edited_message_is_told_with_its_new_words() {
    let fleet = Fleet::start().await;
    let client = fleet.agent(0, "acme");
    client.identify(json!({ "email": "ed@x.io" })).await;
    let mut subscriber = history(&fleet.agent(1, "acme"), "ed@x.io", None).await;
    subscriber.replay().await;
    let message = |text: &str, at: &str| {
        json!({ "customer": by_email("ed@x.io"), "channel": "WHATSAPP", "direction": "INBOUND", "source": "wa", "sourceId": "m-1",
            "occurredAt": at, "body": { "message": { "text": text } } })
    };
    client.record(message("see you at 9", "2026-01-01T08:00:00Z")).await;
    assert_eq!(subscriber.event().await["__typename"], "HistoryItemAdded");
    client.record(message("see you at 10", "2026-01-01T08:05:00Z")).await;
    let event = subscriber.event().await;
    assert_eq!(event["__typename"], "HistoryItemUpdated");
    assert_eq!(event["item"]["text"], "see you at 10");
    assert_eq!(event["item"]["editedAt"], "2026-01-01T08:05:00+00:00");
    let query = "query($by: CustomerRef!) { customer(by: $by) { history(first: 1) { nodes { summary occurredAt ... on Message { text editedAt } } } } }";
    let data = client.gql(query, json!({ "by": by_email("ed@x.io") })).await;
    assert_eq!(
        data["customer"]["history"]["nodes"],
        json!([{ "summary": "see you at 10", "text": "see you at 10", "occurredAt": "2026-01-01T08:00:00+00:00",
            "editedAt": "2026-01-01T08:05:00+00:00" }])
    );
}

/// The customer of an email, as the domain names it.
async fn home(client: &Client, email: &str) -> CustomerId {
    let query = "query($by: CustomerRef!) { customer(by: $by) { contacts { contactId } } }";
    let data = client.gql(query, json!({ "by": by_email(email) })).await;
    CustomerId(data["customer"]["contacts"][0]["contactId"].as_i64().expect("a number"))
}

/// Both sides are told, and that it happened is itself an item of the history.
async fn relinked(old: &mut Subscriber, young: &mut Subscriber) {
    for subscriber in [old, young] {
        assert_eq!(subscriber.event().await["__typename"], "CustomerRelinked");
        assert_eq!(subscriber.event().await["__typename"], "HistoryItemAdded");
    }
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
    let customers = vec![home(&client, "old@x.io").await, home(&client, "young@x.io").await];
    let merged = rapport
        .merge_customers(&scope, MergeRequest { customers, ..MergeRequest::default() }, false)
        .await
        .expect("merged");
    relinked(&mut old, &mut young).await;
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
    relinked(&mut old, &mut young).await;
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
