//! Recording: everything once, in its place, and one bad input stops nobody.

use rapport::domain::history::{HistoryFilter, PageRequest};
use rapport::domain::item::{Item, Part};
use rapport::domain::record::{CallRef, CallUpdate, NewBody, NewItem, NewPart, Recorded, Ref};
use rapport::domain::scope::Scope;
use rapport::entity::kinds::{
    CallState, Channel, DeliveryState, Direction, HistoryKind, IdentityKind, Verification,
};
use rapport::error::{Error, UserError, UserErrorCode};
use rapport::ids::{CustomerId, Micros};

use crate::stand::{Stand, email, given, phone};

fn item(
    who: Option<Ref>,
    channel: Channel,
    direction: Option<Direction>,
    id: Option<&str>,
    body: NewBody,
) -> NewItem {
    NewItem {
        who,
        channel,
        direction,
        occurred_at: None,
        source: Some("pbx".into()),
        source_id: id.map(str::to_string),
        body,
    }
}

fn line(number: &str) -> Option<Ref> {
    Some(Ref::Identity(phone(number)))
}

fn call(state: CallState) -> NewBody {
    NewBody::Call { state, duration: None, recording_url: None }
}

fn text(text: &str) -> NewBody {
    NewBody::Message { text: Some(text.into()), parts: Vec::new(), state: None }
}

async fn one(stand: &Stand, scope: &Scope, input: NewItem) -> Result<Recorded, UserError> {
    stand.rapport.record(scope, &[input]).await.expect("records").pop().expect("one result")
}

async fn history(stand: &Stand, scope: &Scope, customer: CustomerId) -> Vec<Item> {
    let found = stand.rapport.customers_by_id(scope.tenant, &[customer]).await.expect("reads");
    let homes = found[&customer].homes.clone();
    let request = PageRequest { limit: 200, ..PageRequest::default() };
    let page =
        stand.rapport.histories(scope.tenant, &[homes], &request).await.expect("reads").remove(0);
    page.items.iter().map(|item| (**item).clone()).collect()
}

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
        item(line("+14155552671"), Channel::Sms, None, None, text("a\0b")),
        item(line("+14155552671"), Channel::Sms, None, None, text("good again")),
    ];
    let results = stand.rapport.record(&scope, &inputs).await.expect("records");
    let good: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, false, false, false, false, false, true]);
    let path = |n: usize| results[n].as_ref().expect_err("bad").path.join(".");
    assert_eq!(path(1), "customer.identity.value");
    assert_eq!(path(3), "body.message.parts.0.url");
    assert_eq!(path(4), "customer");
    assert_eq!(results[5].as_ref().expect_err("bad").code, UserErrorCode::NotFound);
    let customer = results[0].as_ref().expect("good").customer.expect("a person");
    assert_eq!(history(&stand, &scope, customer).await.len(), 2);
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
        call: CallRef::Id(rings.item.id),
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
        call: CallRef::Source { source: "pbx".into(), source_id: "nope".into() },
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
async fn an_item_that_arrives_late_stands_where_it_happened_and_pages_go_both_ways() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let at = |n: i64| NewItem {
        occurred_at: Some(Micros(1_700_000_000_000_000 + n)),
        ..item(
            line("+14155552671"),
            Channel::Sms,
            Some(Direction::Inbound),
            Some(&n.to_string()),
            text(&format!("number {n}")),
        )
    };
    // In no order at all, some at the very same moment, page views among them.
    for n in [5, 1, 9, 3, 7, 3] {
        one(&stand, &scope, NewItem { source_id: None, ..at(n) }).await.expect("records");
    }
    let view = NewBody::PageView {
        url: "https://shop.example/cars/roadster?x=1".into(),
        title: None,
        category: None,
        object_id: None,
        session_id: None,
        description: None,
    };
    let viewed = one(
        &stand,
        &scope,
        NewItem {
            occurred_at: Some(Micros(1_700_000_000_000_006)),
            ..item(line("+14155552671"), Channel::Web, None, None, view)
        },
    )
    .await
    .expect("views");
    assert!(
        matches!(&viewed.item.body, rapport::domain::item::Body::PageView(page) if page.category.as_deref() == Some("cars") && page.object_id.as_deref() == Some("roadster"))
    );
    let customer = viewed.customer.expect("a person");
    let all = history(&stand, &scope, customer).await;
    let order: Vec<i64> =
        all.iter().map(|item| item.occurred_at.0 - 1_700_000_000_000_000).collect();
    assert_eq!(order, [9, 7, 6, 5, 3, 3, 1]);
    // Every cut of the list, forwards and backwards, gives the same list.
    for size in 1..=4 {
        for backwards in [false, true] {
            let mut seen = Vec::new();
            let mut request = PageRequest { limit: size, backwards, ..PageRequest::default() };
            loop {
                let page = stand
                    .rapport
                    .histories(scope.tenant, &[vec![customer]], &request)
                    .await
                    .expect("reads")
                    .remove(0);
                let places: Vec<_> =
                    page.items.iter().map(|item| (item.occurred_at, item.id)).collect();
                if backwards {
                    seen.splice(0..0, places.iter().copied());
                    // Going back means: newer than the newest of this page.
                    request.before = places.first().copied();
                } else {
                    seen.extend(places.iter().copied());
                    request.after = places.last().copied();
                }
                if !page.more {
                    break;
                }
            }
            let whole: Vec<_> = all.iter().map(|item| (item.occurred_at, item.id)).collect();
            assert_eq!(seen, whole, "pages of {size}, backwards: {backwards}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_show_what_they_say_and_nobody_elses() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    for scope in [&scope, &other] {
        for number in ["+14155552671", "+14155552672"] {
            let inputs = [
                item(
                    line(number),
                    Channel::Sms,
                    Some(Direction::Inbound),
                    None,
                    text("The Café opens at noon"),
                ),
                item(
                    line(number),
                    Channel::Whatsapp,
                    Some(Direction::Outbound),
                    None,
                    text("thank you"),
                ),
                item(
                    line(number),
                    Channel::Voice,
                    Some(Direction::Inbound),
                    None,
                    call(CallState::Missed),
                ),
                item(
                    line(number),
                    Channel::Internal,
                    None,
                    None,
                    NewBody::Record {
                        record_type: "order".into(),
                        record_id: None,
                        record_state: None,
                        text: None,
                        data: None,
                    },
                ),
            ];
            assert!(
                stand
                    .rapport
                    .record(scope, &inputs)
                    .await
                    .expect("records")
                    .iter()
                    .all(Result::is_ok)
            );
        }
    }
    let customer = stand
        .rapport
        .customer(scope.tenant, &line("+14155552671").expect("a ref"))
        .await
        .expect("reads")
        .expect("known");
    let count = async |filter: HistoryFilter| {
        let request = PageRequest { filter: filter.clone(), limit: 50, ..PageRequest::default() };
        let page = stand
            .rapport
            .histories(scope.tenant, std::slice::from_ref(&customer.homes), &request)
            .await
            .expect("reads")
            .remove(0);
        assert!(
            page.items.iter().all(|item| item.home == customer.id && filter.admits(item)),
            "{filter:?}"
        );
        page.items.len()
    };
    let none = HistoryFilter::default;
    assert_eq!(count(none()).await, 4);
    assert_eq!(count(HistoryFilter { kinds: vec![HistoryKind::Message], ..none() }).await, 2);
    assert_eq!(count(HistoryFilter { kinds: vec![HistoryKind::PageView], ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { record_types: vec!["order".into()], ..none() }).await, 1);
    assert_eq!(
        count(HistoryFilter { channels: vec![Channel::Voice, Channel::Sms], ..none() }).await,
        2
    );
    assert_eq!(count(HistoryFilter { direction: Some(Direction::Outbound), ..none() }).await, 1);
    assert_eq!(count(HistoryFilter { text: Some("cafe noo".into()), ..none() }).await, 1);
    assert_eq!(count(HistoryFilter { text: Some("\" OR NEAR(".into()), ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { since: Some(Micros(i64::MAX)), ..none() }).await, 0);
    assert_eq!(count(HistoryFilter { until: Some(Micros(i64::MAX)), ..none() }).await, 4);
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
