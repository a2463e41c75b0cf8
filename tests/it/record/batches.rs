//! Batches: each input once and on its own, whoever else writes.

use rapport::domain::history::record::{NewBody, NewItem, NewPart, Recorded, Ref};
use rapport::domain::model::item::{Body, Item};
use rapport::entity::kinds::{CallState, Channel, Direction, IdentityKind, Verification};
use rapport::error::{Error, UserErrorCode};
use rapport::ids::CustomerId;

use crate::record::{call, history, item, line, text};
use crate::support::stand::{Stand, given, phone};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_an_sms_and_a_whatsapp_message_from_one_number_are_one_person() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let inbound = Some(Direction::Inbound);
    let inputs = [
        item(
            line("+5511987654321"),
            Channel::Voice,
            inbound,
            Some("1"),
            call(CallState::Completed),
        ),
        item(line("+55 (11) 98765-4321"), Channel::Sms, inbound, Some("2"), text("oi")),
        item(
            Some(Ref::Identity(given(IdentityKind::Whatsapp, "551187654321"))),
            Channel::Whatsapp,
            inbound,
            Some("3"),
            text("tudo bem?"),
        ),
    ];
    let results: Vec<Recorded> = stand
        .rapport
        .record(&scope, &inputs)
        .await
        .expect("records")
        .into_iter()
        .map(|r| r.expect("good"))
        .collect();
    let customer = results[0].customer.expect("a person");
    assert!(results.iter().all(|result| result.customer == Some(customer) && !result.duplicate));
    let identity = stand
        .rapport
        .identity_by_key(scope.tenant, &phone("+5511987654321"))
        .await
        .expect("reads")
        .expect("known");
    assert_eq!(identity.verification, Verification::Verified, "an inbound call proves the number");
    let found = stand.rapport.customers_by_id(scope.tenant, &[customer]).await.expect("reads");
    assert_eq!(found[&customer].stats.counts.total(), 3);
    assert!(found[&customer].stats.last_inbound.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_is_read_with_the_name_beside_the_address() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let email = |sender: &str, id: &str| {
        let body = NewBody::Email {
            subject: Some("hello".into()),
            text: None,
            parts: Vec::new(),
            state: None,
            message_id: None,
            references: Vec::new(),
        };
        let who = Some(Ref::Identity(given(IdentityKind::Email, sender)));
        item(who, Channel::Email, Some(Direction::Inbound), Some(id), body)
    };
    let inputs = [
        email("\"Doe, Eve\" <Eve@x.example>", "1"),
        email("mailto:eve@x.example", "2"),
        email("'bob@x.example' <bob@x.example>", "3"),
        email("eve@example..com", "4"),
    ];
    let results = stand.rapport.record(&scope, &inputs).await.expect("records");
    let of = |n: usize| results[n].as_ref().expect("recorded").customer.expect("a person");
    assert_eq!(of(0), of(1));
    assert_eq!(results[3].as_ref().map_err(|error| error.code), Err(UserErrorCode::Invalid));
    let people = stand.rapport.customers_by_id(scope.tenant, &[of(0), of(2)]).await.expect("reads");
    assert_eq!(people[&of(0)].name.as_deref(), Some("Doe, Eve"));
    assert_eq!(people[&of(2)].name, None, "an address is no name");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_input_is_reported_in_its_place_and_the_rest_goes_in() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let http = NewBody::Message {
        text: None,
        parts: vec![NewPart::Image { url: "http://x.example/a.png".into(), alt: None }],
        state: None,
    };
    let inputs = [
        item(line("+14155552671"), Channel::Sms, None, None, text("good")),
        item(line("letters"), Channel::Sms, None, None, text("bad number")),
        item(line("+14155552671"), Channel::Sms, None, None, text("")),
        item(line("+14155552671"), Channel::Whatsapp, None, None, http),
        item(None, Channel::Sms, None, None, text("from nobody")),
        item(Some(Ref::Customer(CustomerId(42))), Channel::Sms, None, None, text("to no one")),
        item(line("+14155552671"), Channel::Sms, None, None, text("mended\0")),
        item(line("+14155552671"), Channel::Sms, None, None, text("good again")),
    ];
    let results = stand.rapport.record(&scope, &inputs).await.expect("records");
    let good: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, false, false, false, false, true, true]);
    let path = |n: usize| results[n].as_ref().expect_err("bad").path.join(".");
    assert_eq!(path(1), "customer.identity.value");
    assert_eq!(path(3), "body.message.parts.0.url");
    assert_eq!(path(4), "customer");
    assert_eq!(results[5].as_ref().expect_err("bad").code, UserErrorCode::NotFound);
    let customer = results[0].as_ref().expect("good").customer.expect("a person");
    assert_eq!(history(&stand, &scope, customer).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_inputs_are_a_clear_error_and_a_thousand_go_in() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let inputs: Vec<NewItem> = (0..1001)
        .map(|n| {
            item(
                line(&format!("+1415555{:04}", n % 40)),
                Channel::Sms,
                None,
                Some(&n.to_string()),
                text("hello"),
            )
        })
        .collect();
    let error = stand.rapport.record(&scope, &inputs).await.expect_err("too many");
    assert!(matches!(error, Error::User(error) if error.code == UserErrorCode::LimitExceeded));
    let results = stand.rapport.record(&scope, &inputs[..1000]).await.expect("a thousand");
    assert!(results.iter().all(|result| result.as_ref().is_ok_and(|recorded| !recorded.duplicate)));
    let again = stand.rapport.record(&scope, &inputs[..1000]).await.expect("again");
    assert!(again.iter().all(|result| result.as_ref().is_ok_and(|recorded| recorded.duplicate)));
    let first = results[0].as_ref().expect("good").customer.expect("a person");
    assert_eq!(history(&stand, &scope, first).await.len(), 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_writers_of_one_customer_lose_nothing_and_count_right() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let writers = (0..16).map(|writer| {
        let (rapport, scope) = (stand.rapport.clone(), scope.clone());
        tokio::spawn(async move {
            for n in 0..10 {
                let id = format!("{writer}-{n}");
                let input = item(
                    line("+14155552671"),
                    Channel::Sms,
                    Some(Direction::Inbound),
                    Some(&id),
                    text("hello"),
                );
                let results =
                    rapport.record(&scope, &[input]).await.expect("no error reaches a caller");
                assert!(results[0].is_ok());
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("the writer ends well");
    }
    let customer = stand
        .rapport
        .customer(scope.tenant, &line("+14155552671").expect("a ref"))
        .await
        .expect("reads")
        .expect("known");
    assert_eq!(customer.stats.counts.total(), 160);
    assert_eq!(history(&stand, &scope, customer.id).await.len(), 160);
    assert_eq!(customer.version, 161, "one position for the creation and one for each item");
}

/// PostgreSQL is told of "nothing" by a text in its lists.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_noncharacters_is_a_text_alone_and_among_others() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let odd = ["\u{FFFF}\u{FFFE}", "\u{FFFF}\u{FFFE}\u{FFFF}\u{FFFE}"];
    let input = |id: &str, what: &str| {
        item(line("+14155550100"), Channel::Sms, Some(Direction::Inbound), Some(id), text(what))
    };
    let mut inputs: Vec<NewItem> = odd.iter().map(|id| input(id, id)).collect();
    inputs.push(NewItem { source_id: None, ..input("", "without an id") });
    for many in [&inputs[..], &inputs[..2], &inputs[..1], &inputs[1..2]] {
        stand.rapport.record(&scope, many).await.expect("records");
    }
    let again = stand.rapport.record(&scope, &inputs[..2]).await.expect("records");
    let again: Vec<Recorded> = again.into_iter().map(|r| r.expect("good")).collect();
    assert!(again.iter().all(|recorded| recorded.duplicate));
    let customer = again[0].customer.expect("whose number it is");
    let text_of = |item: Item| match item.body {
        Body::Engagement(engagement) => engagement.text,
        Body::PageView(_) => None,
    };
    let mut texts: Vec<String> =
        history(&stand, &scope, customer).await.into_iter().filter_map(text_of).collect();
    texts.sort();
    assert_eq!(texts, ["without an id", odd[0], odd[1]]);
}
