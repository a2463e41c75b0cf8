//! An edit is an update with its time: the words of the latest delivery stand, in whatever order they come.

use rapport::domain::history::record::{NewBody, NewItem, NewPart, Ref};
use rapport::domain::model::item::{Item, Part};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{Channel, DeliveryState, EmailState};
use rapport::ids::Micros;

use crate::record::{history, item, one};
use crate::support::stand::{Stand, email};

const MINUTE: i64 = 60_000_000;

/// A delivery: its words, and the minute that it tells.
type Delivery<'a> = (&'a str, Option<i64>);

fn body(kind: usize, words: &str) -> NewBody {
    match kind {
        0 => NewBody::Message {
            text: Some(words.into()),
            parts: Vec::new(),
            state: Some(DeliveryState::Sent),
        },
        1 => NewBody::Message {
            text: None,
            parts: vec![NewPart::Text { text: words.into() }],
            state: None,
        },
        2 => NewBody::Email {
            subject: Some(words.into()),
            text: Some("the same".into()),
            parts: Vec::new(),
            state: Some(EmailState::Sent),
            message_id: None,
            references: Vec::new(),
        },
        3 => NewBody::Note { text: words.into() },
        _ => NewBody::Record {
            record_type: "ticket".into(),
            record_id: None,
            record_state: None,
            text: Some(words.into()),
            data: None,
        },
    }
}

fn words(item: &Item) -> String {
    let content = item.engagement().expect("an engagement");
    let subject = content.data.subject.clone();
    subject
        .or_else(|| content.text.clone())
        .or_else(|| match content.data.parts.first() {
            Some(Part::Text { text }) => Some(text.clone()),
            _ => None,
        })
        .expect("words")
}

fn edited_at(item: &Item) -> Option<Micros> {
    item.engagement().and_then(|content| content.data.edits.as_ref()).map(|edits| edits.at)
}

/// Records a delivery of the item with this id.
async fn deliver(
    stand: &Stand,
    scope: &Scope,
    (id, kind): (&str, usize),
    (text, minute): Delivery<'_>,
) -> Item {
    let input = NewItem {
        occurred_at: minute.map(|minute| Micros(1_700_000_000_000_000 + minute * MINUTE)),
        ..item(
            Some(Ref::Identity(email("ada@x.org"))),
            Channel::Whatsapp,
            None,
            Some(id),
            body(kind, text),
        )
    };
    let recorded = one(stand, scope, input).await.expect("records");
    (*recorded.item).clone()
}

/// Checks the item after these deliveries, of each kind that has words.
async fn after(
    (stand, scope): (&Stand, &Scope),
    kinds: std::ops::Range<usize>,
    deliveries: &[Delivery<'_>],
    expected: &str,
) {
    for kind in kinds {
        let id = format!("{kind}{deliveries:?}");
        let first = deliver(stand, scope, (&id, kind), deliveries[0]).await;
        for delivery in &deliveries[1..] {
            deliver(stand, scope, (&id, kind), *delivery).await;
        }
        let items = history(stand, scope, first.home).await;
        let mut items = items.iter().filter(|item| item.source_id.as_deref() == Some(&id));
        let (item, others) = (items.next().expect("the item"), items.count());
        assert_eq!((words(item).as_str(), item.id, others), (expected, first.id, 0), "{id}");
        assert_eq!(item.occurred_at, first.occurred_at, "it stands where it happened");
        let edited = expected != deliveries[0].0 || deliveries.len() > 3;
        assert_eq!(edited_at(item).is_some(), edited, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_the_latest_delivery_stand() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let store = (&stand, &scope);
    // Each delivery tells its time: they may come in any order.
    after(store, 0..5, &[("old", Some(1)), ("new", Some(2))], "new").await;
    after(store, 0..5, &[("new", Some(2)), ("old", Some(1))], "new").await;
    after(store, 0..4, &[("one", Some(1)), ("three", Some(3)), ("two", Some(2))], "three").await;
    after(
        store,
        0..4,
        &[("one", Some(1)), ("two", Some(2)), ("x", Some(2)), ("one", Some(9))],
        "one",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_time_of_its_own_a_delivery_is_of_when_it_arrives() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let store = (&stand, &scope);
    // No time at all, or that of the message with each edit.
    for time in [None, Some(1)] {
        after(store, 0..4, &[("old", time), ("new", time)], "new").await;
        after(store, 0..4, &[("one", time), ("two", time), ("three", time)], "three").await;
        // What was delivered before and comes once more changes nothing.
        after(store, 0..4, &[("old", time), ("new", time), ("old", time)], "new").await;
        after(store, 0..4, &[("same", time), ("same", time)], "same").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_found_by_its_new_words_and_knows_its_time() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let first = deliver(&stand, &scope, ("m", 0), ("the yellow submarine", Some(1))).await;
    assert_eq!(edited_at(&first), None);
    let edited = deliver(&stand, &scope, ("m", 0), ("the green submarine", Some(5))).await;
    assert_eq!(edited_at(&edited), Some(Micros(1_700_000_000_000_000 + 5 * MINUTE)));
    for (text, found) in [("green", 1), ("yellow", 0)] {
        let hits = stand.rapport.search_history(scope.tenant, text, 10, None).await.expect("reads");
        assert_eq!(hits.len(), found, "{text}");
    }
    // A state without words says nothing of them, and a picture that lies elsewhere now is no edit.
    let read = NewBody::Message { text: None, parts: Vec::new(), state: Some(DeliveryState::Read) };
    let input =
        item(Some(Ref::Identity(email("ada@x.org"))), Channel::Whatsapp, None, Some("m"), read);
    assert!(one(&stand, &scope, input).await.is_err(), "a message has a text or parts");
    let picture = |signature: &str| NewBody::Message {
        text: None,
        parts: vec![NewPart::Image {
            url: format!("https://cdn.example/a.png?s={signature}"),
            alt: Some("a car".into()),
        }],
        state: None,
    };
    for signature in ["1", "2"] {
        let input = NewItem {
            source_id: Some("picture".into()),
            ..item(
                Some(Ref::Identity(email("ada@x.org"))),
                Channel::Whatsapp,
                None,
                None,
                picture(signature),
            )
        };
        let recorded = one(&stand, &scope, input).await.expect("records");
        assert_eq!(edited_at(&recorded.item), None);
    }
}
