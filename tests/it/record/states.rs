//! States of calls, messages and records: they go on, and never back.

use rapport::domain::history::page::PageRequest;
use rapport::domain::history::record::{CallUpdate, ItemRef, NewBody, NewItem, NewPart, Ref};
use rapport::domain::model::item::Part;
use rapport::entity::kinds::{CallState, Channel, DeliveryState, Direction};
use rapport::error::{Error, UserErrorCode};
use rapport::ids::Micros;

use crate::record::{call, history, item, line, one, text};
use crate::support::stand::{Stand, email};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_source_id_twice_is_one_item_whose_state_never_goes_back() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let calls = |state| {
        item(
            line("+14155552671"),
            Channel::Voice,
            Some(Direction::Inbound),
            Some("call-1"),
            call(state),
        )
    };
    let rings = one(&stand, &scope, calls(CallState::Ringing)).await.expect("rings");
    assert!(!rings.duplicate);
    let over = one(&stand, &scope, calls(CallState::Completed)).await.expect("ends");
    assert!(over.duplicate && over.item.id == rings.item.id);
    let late = one(&stand, &scope, calls(CallState::Ringing)).await.expect("late");
    let state = late.item.engagement().and_then(|call| call.state).and_then(CallState::from_number);
    assert_eq!(state, Some(CallState::Completed), "a finished call does not ring again");
    // Twice in one mutation is one item as well.
    let inputs = [CallState::Ringing, CallState::InProgress, CallState::Completed]
        .map(|state| item(line("+14155552672"), Channel::Voice, None, Some("call-2"), call(state)));
    let results = stand.rapport.record(&scope, &inputs).await.expect("records");
    let ids: Vec<_> = results.iter().map(|result| result.as_ref().expect("good").item.id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    let customer = results[0].as_ref().expect("good").customer.expect("a person");
    let items = history(&stand, &scope, customer).await;
    assert_eq!(items.len(), 1);
    assert_eq!(
        items[0].engagement().and_then(|call| call.state),
        Some(CallState::Completed as i16)
    );
    let wrong = one(
        &stand,
        &scope,
        item(line("+14155552671"), Channel::Sms, None, Some("call-1"), text("not a call")),
    )
    .await;
    assert_eq!(wrong.expect_err("another kind").code, UserErrorCode::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_records_later_states_update_the_same_item() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let ticket = |state: &str, at: i64| {
        let body = NewBody::Record {
            record_type: "Ticket".into(),
            record_id: Some("T-1".into()),
            record_state: Some(state.into()),
            text: None,
            data: None,
        };
        NewItem {
            occurred_at: Some(Micros(at)),
            ..item(
                Some(Ref::Identity(email("a@b.example"))),
                Channel::Internal,
                None,
                Some("T-1"),
                body,
            )
        }
    };
    let first = one(&stand, &scope, ticket("open", 2_000_000)).await.expect("opens");
    let closed = one(&stand, &scope, ticket("closed", 3_000_000)).await.expect("closes");
    assert_eq!(closed.item.id, first.item.id);
    one(&stand, &scope, ticket("assigned", 2_500_000)).await.expect("late");
    let items = history(&stand, &scope, first.customer.expect("a person")).await;
    assert_eq!(items.len(), 1);
    assert_eq!(
        items[0].engagement().and_then(|ticket| ticket.data.record_state.clone()).as_deref(),
        Some("closed")
    );
    assert_eq!(items[0].occurred_at, Micros(2_000_000), "it stands where it began");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_moves_on_and_never_back() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let rings = one(
        &stand,
        &scope,
        item(
            line("+14155552671"),
            Channel::Voice,
            Some(Direction::Inbound),
            Some("c"),
            call(CallState::Ringing),
        ),
    )
    .await
    .expect("rings");
    let update = |state, duration| CallUpdate {
        call: ItemRef::Id(rings.item.id),
        state,
        duration,
        recording_url: None,
        occurred_at: None,
    };
    stand.rapport.update_call(&scope, &update(CallState::InProgress, None)).await.expect("taken");
    let over = stand
        .rapport
        .update_call(&scope, &update(CallState::Completed, Some(61)))
        .await
        .expect("over");
    assert_eq!(over.item.engagement().and_then(|call| call.duration), Some(61));
    let back = stand
        .rapport
        .update_call(&scope, &update(CallState::Ringing, None))
        .await
        .expect_err("back");
    assert!(matches!(back, Error::User(error) if error.code == UserErrorCode::IllegalTransition));
    let by_source = CallUpdate {
        call: ItemRef::Source { source: "pbx".into(), source_id: "nope".into() },
        ..update(CallState::Completed, None)
    };
    assert!(
        matches!(stand.rapport.update_call(&scope, &by_source).await, Err(Error::User(error)) if error.code == UserErrorCode::NotFound)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_number_is_a_call_of_nobody() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let withheld = one(
        &stand,
        &scope,
        item(None, Channel::Voice, Some(Direction::Inbound), Some("w"), call(CallState::Ringing)),
    )
    .await
    .expect("rings");
    assert_eq!(withheld.customer, None);
    let latest = stand
        .rapport
        .latest(scope.tenant, &PageRequest { limit: 10, ..PageRequest::default() })
        .await
        .expect("reads");
    assert_eq!(latest.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_kept_in_order_and_a_delivery_goes_on() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let parts = vec![
        NewPart::Text { text: "look".into() },
        NewPart::Image { url: "https://cdn.example/a.png".into(), alt: Some("a car".into()) },
        NewPart::File {
            url: "https://cdn.example/b.pdf".into(),
            name: Some("offer.pdf".into()),
            content_type: Some("application/pdf".into()),
        },
    ];
    let body = |state| NewBody::Message { text: None, parts: parts.clone(), state: Some(state) };
    let sent = one(
        &stand,
        &scope,
        item(
            line("+14155552671"),
            Channel::Whatsapp,
            Some(Direction::Outbound),
            Some("m"),
            body(DeliveryState::Sent),
        ),
    )
    .await
    .expect("sends");
    let kept = &sent.item.engagement().expect("a message").data.parts;
    assert!(matches!(kept.as_slice(), [Part::Text { .. }, Part::Image { .. }, Part::File { .. }]));
    let read = one(
        &stand,
        &scope,
        item(
            line("+14155552671"),
            Channel::Whatsapp,
            Some(Direction::Outbound),
            Some("m"),
            body(DeliveryState::Read),
        ),
    )
    .await
    .expect("is read");
    assert_eq!(
        read.item.engagement().and_then(|message| message.state),
        Some(DeliveryState::Read as i16)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_one_agent_missed_and_another_took_was_taken() {
    let not_taken = [CallState::Missed, CallState::Declined, CallState::Failed];
    let talk = |state: CallState, duration| NewBody::Call { state, duration, recording_url: None };
    for (n, missed) in not_taken.into_iter().enumerate() {
        for in_order in [true, false] {
            let stand = Stand::new().await;
            let scope = stand.scope("acme").await;
            let mut bodies = vec![talk(missed, Some(20)), talk(CallState::Completed, Some(180))];
            if !in_order {
                bodies.reverse();
            }
            let inputs: Vec<NewItem> = bodies
                .into_iter()
                .map(|body| item(line("+14155552671"), Channel::Voice, None, Some("c"), body))
                .collect();
            // One by one, and in one mutation.
            let last = if n == 0 {
                let mut results = stand.rapport.record(&scope, &inputs).await.expect("records");
                results.pop().expect("two results").expect("good")
            } else {
                one(&stand, &scope, inputs[0].clone()).await.expect("first");
                one(&stand, &scope, inputs[1].clone()).await.expect("second")
            };
            let call = last.item.engagement().expect("a call");
            assert_eq!(
                (call.state, call.duration),
                (Some(CallState::Completed as i16), Some(180)),
                "{missed:?}, in order: {in_order}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_missed_call_says_so_and_a_taken_one_is_not_missed_afterwards() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let missed =
        item(line("+14155552671"), Channel::Voice, None, Some("c"), call(CallState::Missed));
    let missed = one(&stand, &scope, missed).await.expect("missed");
    let update = |state, duration| CallUpdate {
        call: ItemRef::Id(missed.item.id),
        state,
        duration,
        recording_url: None,
        occurred_at: None,
    };
    let taken = stand
        .rapport
        .update_call(&scope, &update(CallState::Completed, Some(180)))
        .await
        .expect("taken");
    assert_eq!(taken.item.engagement().and_then(|call| call.duration), Some(180));
    let back = stand.rapport.update_call(&scope, &update(CallState::Missed, None)).await;
    assert!(
        matches!(back, Err(Error::User(error)) if error.code == UserErrorCode::IllegalTransition)
    );
}
