//! A (source, sourceId) is one event of one person: another person's is refused, and nothing of it is kept.

use rapport::domain::history::record::{ItemRef, NewBody, NewItem, Recorded, Ref};
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction, HistoryKind};
use rapport::error::{UserError, UserErrorCode};

use crate::record::{call, history, item, one, text};
use crate::support::stand::{Stand, email};

/// An event with the id 1 of the default source.
fn first_of(address: Option<&str>, body: NewBody) -> NewItem {
    NewItem {
        source: None,
        ..item(
            address.map(|address| Ref::Identity(email(address))),
            Channel::Voice,
            Some(Direction::Inbound),
            Some("1"),
            body,
        )
    }
}

fn talk(seconds: i64) -> NewBody {
    NewBody::Call { state: CallState::Completed, duration: Some(seconds), recording_url: None }
}

fn view(url: &str) -> NewBody {
    NewBody::PageView {
        url: url.into(),
        title: None,
        category: None,
        object_id: None,
        session_id: None,
        description: None,
    }
}

fn ticket(state: &str) -> NewBody {
    NewBody::Record {
        record_type: "ticket".into(),
        record_id: None,
        record_state: Some(state.into()),
        text: None,
        data: None,
    }
}

/// A body for Alice and one for Bob, of each kind.
fn bodies() -> Vec<(NewBody, NewBody)> {
    vec![
        (call(CallState::Ringing), talk(60)),
        (text("of Alice"), text("of Bob")),
        (NewBody::Note { text: "of Alice".into() }, NewBody::Note { text: "of Bob".into() }),
        (ticket("open"), ticket("closed")),
        (view("/alice"), view("/bob")),
    ]
}

fn conflict(result: &Result<Recorded, UserError>) {
    let error = result.as_ref().expect_err("another person's");
    assert_eq!((error.code, error.path.join(".").as_str()), (UserErrorCode::Conflict, "sourceId"));
}

async fn people(stand: &Stand, scope: &Scope) -> i64 {
    let text = format!("SELECT COUNT(*) FROM customer WHERE tenant = {}", scope.tenant);
    stand.count(&text).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_person_has_is_a_conflict_that_changes_nothing() {
    for (of_alice, of_bob) in bodies() {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let alice = one(&stand, &scope, first_of(Some("alice@x.org"), of_alice.clone())).await;
        let alice = alice.expect("records").customer.expect("a person");
        let before = history(&stand, &scope, alice).await;
        // Bob is unknown, and stays it.
        conflict(&one(&stand, &scope, first_of(Some("bob@x.org"), of_bob.clone())).await);
        assert_eq!(people(&stand, &scope).await, 1, "{of_bob:?}");
        let bob = stand.identify(&scope, &[email("bob@x.org")]).await.expect("Bob").customer;
        conflict(&one(&stand, &scope, first_of(Some("bob@x.org"), of_bob.clone())).await);
        assert_eq!(history(&stand, &scope, alice).await, before, "{of_bob:?}");
        assert!(history(&stand, &scope, bob).await.is_empty(), "{of_bob:?}");
        // As one person they are the same: it is a repeat.
        stand.merge(&scope, &[alice, bob]).await;
        let again = one(&stand, &scope, first_of(Some("bob@x.org"), of_bob)).await.expect("again");
        assert!(again.duplicate && again.item.id == before[0].id);
        stand.check(&scope).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_one_batch_the_first_has_it() {
    for known in [false, true] {
        for (of_alice, of_bob) in bodies() {
            let stand = Stand::new().await;
            let scope = stand.scope("acme").await;
            if known {
                stand.strangers(&scope, "ab").await;
            }
            let inputs = [
                first_of(Some("a@x.org"), of_alice.clone()),
                first_of(Some("b@x.org"), of_bob.clone()),
                NewItem {
                    source_id: Some("2".into()),
                    ..first_of(Some("c@x.org"), of_bob.clone())
                },
                first_of(Some("a@x.org"), of_alice.clone()),
            ];
            let results = stand.rapport.record(&scope, &inputs).await.expect("records");
            conflict(&results[1]);
            assert!(results[0].as_ref().is_ok_and(|first| !first.duplicate));
            assert!(results[2].as_ref().is_ok_and(|other| !other.duplicate));
            assert!(results[3].as_ref().is_ok_and(|again| again.duplicate));
            assert_eq!(people(&stand, &scope).await, if known { 3 } else { 2 });
            let alice = results[0].as_ref().expect("good").customer.expect("a person");
            assert_eq!(history(&stand, &scope, alice).await.len(), 1);
            stand.check(&scope).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_one_of_many_has_it_and_the_others_are_told() {
    for (of_one, _) in bodies() {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let writers: Vec<_> = (0..12)
            .map(|n| {
                let (rapport, scope) = (stand.rapport.clone(), scope.clone());
                // Three people, four deliveries each.
                let address = format!("p{}@x.org", n % 3);
                let input = first_of(Some(&address), of_one.clone());
                tokio::spawn(async move {
                    rapport.record(&scope, &[input]).await.expect("records").remove(0)
                })
            })
            .collect();
        let (mut taken, mut refused) = (Vec::new(), 0);
        for writer in writers {
            match writer.await.expect("the writer ends well") {
                Ok(recorded) => taken.push(recorded),
                Err(error) => {
                    assert_eq!(error.code, UserErrorCode::Conflict);
                    refused += 1;
                }
            }
        }
        assert_eq!((taken.len(), refused), (4, 8));
        let owner = taken[0].customer.expect("a person");
        assert!(taken.iter().all(|recorded| recorded.customer == Some(owner)));
        assert_eq!(taken.iter().filter(|recorded| !recorded.duplicate).count(), 1);
        assert_eq!(people(&stand, &scope).await, 1, "nobody begins for what is refused");
        assert_eq!(history(&stand, &scope, owner).await.len(), 1);
        stand.check(&scope).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withheld_call_is_whose_a_later_delivery_says() {
    for one_batch in [false, true] {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let inputs = [
            first_of(None, call(CallState::Ringing)),
            first_of(Some("alice@x.org"), talk(90)),
            // Who names nobody says nothing against it, and another person is another person.
            first_of(None, talk(90)),
            first_of(Some("bob@x.org"), talk(5)),
        ];
        let mut results = Vec::new();
        if one_batch {
            results = stand.rapport.record(&scope, &inputs).await.expect("records");
        } else {
            for input in inputs {
                results.push(one(&stand, &scope, input).await);
                if results.len() == 1 {
                    let item = &results[0].as_ref().expect("rings").item;
                    stand
                        .rapport
                        .add_comment(&scope, &ItemRef::Id(item.id), "who?")
                        .await
                        .expect("comments");
                }
            }
        }
        conflict(&results[3]);
        let [first, named, again] = [0, 1, 2].map(|n| results[n].as_ref().expect("good").clone());
        assert!(!first.duplicate && named.duplicate && again.duplicate);
        let alice = named.customer.expect("a person");
        assert_eq!(again.customer, Some(alice));
        let items = history(&stand, &scope, alice).await;
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].id, items[0].kind), (first.item.id, HistoryKind::Call));
        assert!(items[0].identity.is_some());
        assert_eq!(items[0].engagement().and_then(|call| call.duration), Some(90));
        let comments = format!(
            "SELECT COUNT(*) FROM comment WHERE tenant = {} AND home = {alice}",
            scope.tenant
        );
        assert_eq!(stand.count(&comments).await, i64::from(!one_batch));
        assert_eq!(people(&stand, &scope).await, 1);
        stand.check(&scope).await;
    }
}
