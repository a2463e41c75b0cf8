//! A login that a guard keeps away from the address it came with: a newcomer, with all that is new of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rapport::domain::identity::identify::{Given, IdentifyRequest, Outcome};
use rapport::domain::identity::reviews::{Review, ReviewDecision};
use rapport::domain::model::customer::Customer;
use rapport::domain::model::hold_rule::HoldRule;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{IdentityKind, ReviewState};
use rapport::ids::CustomerId;
use serde_json::json;

use crate::support::stand::{Stand, email, given, phone};

/// What a login says of itself beside the phone of the family.
fn login(name: &str, rest: &[Given]) -> IdentifyRequest {
    let id = name.to_lowercase();
    let mut given = vec![given(IdentityKind::UserId, &id), email(&format!("{id}@x.org"))];
    given.extend_from_slice(rest);
    IdentifyRequest {
        given,
        name: Some(name.into()),
        traits: json!({ "of": id }).as_object().cloned(),
        ..IdentifyRequest::default()
    }
}

async fn person(stand: &Stand, scope: &Scope, id: CustomerId) -> Arc<Customer> {
    let mut found = stand.rapport.customers_by_id(scope.tenant, &[id]).await.expect("reads");
    found.remove(&id).expect("a person")
}

async fn open_reviews(stand: &Stand, scope: &Scope) -> Vec<Review> {
    let reviews = stand.rapport.link_reviews(scope.tenant, ReviewState::Open, None, 50).await;
    reviews.expect("reads")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_login_takes_its_own_with_it() {
    let weak = [
        phone("5550100"),
        given(IdentityKind::Device, "tablet"),
        given(IdentityKind::AnonymousId, "cookie"),
    ];
    for (shared, turn) in weak.iter().zip([0, 1, 2]) {
        let stand = Stand::new().await;
        let scope = stand.scope("acme").await;
        let mum = login("Mum", std::slice::from_ref(shared));
        let mum = stand.rapport.identify(&scope, &mum).await.expect("Mum").customer;
        let before = person(&stand, &scope, mum).await;
        // The son comes with more that is new, in any order.
        let own = [given(IdentityKind::Device, "phone"), given(IdentityKind::AnonymousId, "visit")];
        let mut son = login("Son", &[own[0].clone(), shared.clone(), own[1].clone()]);
        son.given.rotate_left(turn);
        let answer = stand.rapport.identify(&scope, &son).await.expect("the son");
        assert_eq!(answer.outcome, Outcome::Held);
        assert_eq!(answer.held.as_ref().map(|held| held.0), Some(HoldRule::StrongIdentity));
        assert_ne!(answer.customer, mum);
        assert_eq!(answer.emails, ["son@x.org"]);
        let found = person(&stand, &scope, answer.customer).await;
        assert_eq!(found.name.as_deref(), Some("Son"));
        assert_eq!(found.traits["of"], "son");
        assert_eq!(person(&stand, &scope, mum).await, before, "nothing of Mum has changed");
        for value in ["son", "son@x.org", "phone", "visit"] {
            assert_eq!(stand.survivor(&scope, value).await, answer.customer, "{value}");
        }
        assert_eq!(stand.survivor(&scope, &shared.value).await, mum);
        stand.check(&scope).await;

        // Again and again, alone and with more: one review for the pair.
        son.given.push(given(IdentityKind::Facebook, "son.on.facebook"));
        for _ in 0..2 {
            let again = stand.rapport.identify(&scope, &son).await.expect("held again");
            assert_eq!((again.customer, again.review), (answer.customer, answer.review));
        }
        assert_eq!(stand.survivor(&scope, "son.on.facebook").await, answer.customer);
        // Also when one of them was found to be somebody older meanwhile.
        let review = &open_reviews(&stand, &scope).await[..];
        assert_eq!(
            review.iter().map(|review| Some(review.id)).collect::<Vec<_>>(),
            [answer.review]
        );
        assert_eq!(review[0].homes, [mum, answer.customer]);
        stand.check(&scope).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_whose_one_side_was_merged_meanwhile_is_still_one_review() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let older = stand.strangers(&scope, "o").await[0];
    let mum = stand.rapport.identify(&scope, &login("Mum", &[phone("5550100")])).await;
    let mum = mum.expect("Mum").customer;
    let son = login("Son", &[phone("5550100")]);
    let held = stand.rapport.identify(&scope, &son).await.expect("held");
    stand.merge(&scope, &[older, mum]).await;
    let again = stand.rapport.identify(&scope, &son).await.expect("held again");
    assert_eq!((again.outcome, again.review), (Outcome::Held, held.review));
    assert_eq!(open_reviews(&stand, &scope).await.len(), 1);
    let done = stand
        .rapport
        .resolve_link_review(&scope, held.review.expect("a review"), ReviewDecision::JoinThem)
        .await
        .expect("joined");
    assert_eq!(done.merged.expect("a merge").customer, older);
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_login_takes_what_is_new_and_a_new_one_those_who_have_none() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let mum = stand.rapport.identify(&scope, &login("Mum", &[phone("5550100")])).await;
    let mum = mum.expect("Mum").customer;
    // The son is known by his login alone; his email is new.
    let known = stand.identify(&scope, &[given(IdentityKind::UserId, "son")]).await;
    let known = known.expect("the son").customer;
    let held = stand.rapport.identify(&scope, &login("Son", &[phone("5550100")])).await;
    let held = held.expect("held");
    assert_eq!((held.outcome, held.customer), (Outcome::Held, known));
    assert_eq!(stand.survivor(&scope, "son@x.org").await, known);
    assert_eq!(person(&stand, &scope, known).await.name.as_deref(), Some("Son"));
    // The daughter was an anonymous visitor until now.
    let visitor = stand.identify(&scope, &[given(IdentityKind::AnonymousId, "visit")]).await;
    let visitor = visitor.expect("a visitor").customer;
    let rest = [given(IdentityKind::AnonymousId, "visit"), phone("5550100")];
    let held = stand.rapport.identify(&scope, &login("Daughter", &rest)).await.expect("held");
    assert_eq!((held.outcome, held.customer), (Outcome::Held, visitor));
    assert_eq!(person(&stand, &scope, visitor).await.name.as_deref(), Some("Daughter"));
    assert_eq!(person(&stand, &scope, mum).await.name.as_deref(), Some("Mum"));
    let pairs: Vec<_> =
        open_reviews(&stand, &scope).await.into_iter().map(|review| review.homes).collect();
    assert_eq!(pairs, [vec![mum, visitor], vec![mum, known]]);
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_new_logins_of_one_phone_at_once_are_one_person_each() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let mum = stand.rapport.identify(&scope, &login("Mum", &[phone("5550100")])).await;
    let mum = mum.expect("Mum").customer;
    let tasks: Vec<_> = (0..12)
        .map(|n| {
            let (rapport, scope) = (stand.rapport.clone(), scope.clone());
            let child = login(&format!("Child{}", n % 3), &[phone("5550100")]);
            tokio::spawn(async move { rapport.identify(&scope, &child).await.expect("held") })
        })
        .collect();
    let mut children = BTreeSet::new();
    for task in tasks {
        children.insert(task.await.expect("ends well").customer);
    }
    assert_eq!(children.len(), 3);
    assert!(!children.contains(&mum));
    assert_eq!(open_reviews(&stand, &scope).await.len(), 3);
    assert_eq!(person(&stand, &scope, mum).await.name.as_deref(), Some("Mum"));
    stand.check(&scope).await;
}
