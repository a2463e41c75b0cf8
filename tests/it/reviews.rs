//! What a guard held back waits for a person, whose word is then kept.

use rapport::domain::identity::identify::Outcome;
use rapport::domain::identity::merge::MergeRequest;
use rapport::domain::identity::reviews::ReviewDecision;
use rapport::domain::model::hold_rule::HoldRule;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{IdentityKind, ReviewState};
use rapport::error::{Error, UserErrorCode};
use rapport::ids::{CustomerId, ReviewId};

use crate::support::people::refused;
use crate::support::stand::{Stand, email, given, phone};

/// Two accounts that one phone would join.
async fn held(stand: &Stand, scope: &Scope) -> (CustomerId, CustomerId, ReviewId) {
    let one = stand
        .identify(scope, &[email("a@x.org"), given(IdentityKind::UserId, "u1")])
        .await
        .expect("one")
        .customer;
    let two = stand
        .identify(scope, &[phone("5550100"), given(IdentityKind::UserId, "u2")])
        .await
        .expect("two")
        .customer;
    let answer = stand.identify(scope, &[email("a@x.org"), phone("5550100")]).await.expect("held");
    assert_eq!(answer.outcome, Outcome::Held);
    (one, two, answer.review.expect("a review"))
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_them_merges_and_closes_the_review() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let (one, two, review) = held(&stand, &scope).await;
    let done = stand
        .rapport
        .resolve_link_review(&scope, review, ReviewDecision::JoinThem)
        .await
        .expect("joined");
    assert_eq!(
        (done.review.state, done.review.decided_by.as_deref()),
        (ReviewState::Joined, Some("tester"))
    );
    let merged = done.merged.expect("a merge");
    assert_eq!((merged.customer, merged.homes.as_slice()), (one, [two].as_slice()));
    stand.check(&scope).await;
    assert!(
        stand
            .rapport
            .link_reviews(scope.tenant, ReviewState::Open, None, 10)
            .await
            .expect("reads")
            .is_empty()
    );
    match stand.rapport.resolve_link_review(&scope, review, ReviewDecision::KeepApart).await {
        Err(Error::User(error)) => assert_eq!(error.code, UserErrorCode::Conflict),
        other => panic!("decided twice: {other:?}"),
    }
    let stranger = stand.scope("globex").await;
    match stand.rapport.resolve_link_review(&stranger, review, ReviewDecision::JoinThem).await {
        Err(Error::User(error)) => assert_eq!(error.code, UserErrorCode::NotFound),
        other => panic!("another company's review: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeping_them_apart_is_a_rule_from_then_on_which_a_later_review_may_lift() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let (one, two, review) = held(&stand, &scope).await;
    let done = stand
        .rapport
        .resolve_link_review(&scope, review, ReviewDecision::KeepApart)
        .await
        .expect("kept apart");
    assert_eq!(
        (done.review.state, done.keep_aparts.len(), done.merged),
        (ReviewState::KeptApart, 1, None)
    );
    let rules = stand.rapport.keep_aparts(scope.tenant, &[two]).await.expect("reads");
    assert_eq!(rules.iter().map(|rule| (rule.a, rule.b)).collect::<Vec<_>>(), [(one, two)]);
    let again = stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("held");
    let second = again.review.expect("a review");
    assert_ne!(second, review);
    stand
        .rapport
        .resolve_link_review(&scope, second, ReviewDecision::JoinThem)
        .await
        .expect("joined after all");
    assert_eq!(stand.survivor(&scope, "5550100").await, one);
    assert!(stand.rapport.keep_aparts(scope.tenant, &[two]).await.expect("reads").is_empty());
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_became_one_meanwhile_cannot_be_kept_apart_by_a_review() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let (one, two, review) = held(&stand, &scope).await;
    stand.merge(&scope, &[one, two]).await;
    match stand.rapport.resolve_link_review(&scope, review, ReviewDecision::KeepApart).await {
        Err(Error::User(error)) => assert_eq!(error.code, UserErrorCode::Conflict),
        other => panic!("not refused: {other:?}"),
    }
    let done = stand
        .rapport
        .resolve_link_review(&scope, review, ReviewDecision::JoinThem)
        .await
        .expect("closed");
    assert_eq!((done.review.state, done.merged), (ReviewState::Joined, None));
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_were_parted_are_not_joined_again_by_themselves() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "ab").await;
    let merge = stand.merge(&scope, &people).await.merges[0];
    let rule =
        stand.rapport.undo_merge(&scope, merge, true, None).await.expect("undone").keep_aparts[0];
    let held = stand.identify(&scope, &[email("a@x.org"), email("b@x.org")]).await.expect("held");
    assert_eq!(
        (held.outcome, held.held.map(|(rule, _)| rule)),
        (Outcome::Held, Some(HoldRule::KeepApart))
    );
    assert_eq!(
        refused(
            stand
                .rapport
                .merge_customers(
                    &scope,
                    MergeRequest { customers: people.clone(), ..MergeRequest::default() },
                    false
                )
                .await
        ),
        UserErrorCode::Conflict
    );
    assert_eq!(
        stand.rapport.keep_aparts(scope.tenant, &people[..1]).await.expect("reads").len(),
        1
    );

    stand.rapport.allow_together(&scope, rule).await.expect("lifted");
    assert_eq!(refused(stand.rapport.allow_together(&scope, rule).await), UserErrorCode::Conflict);
    assert!(stand.rapport.keep_aparts(scope.tenant, &people).await.expect("reads").is_empty());
    stand.merge(&scope, &people).await;
    stand.check(&scope).await;

    // Told otherwise, an undo leaves them free.
    let merge = stand.rapport.merges(scope.tenant, &people, None, 1).await.expect("reads")[0].id;
    let done = stand.rapport.undo_merge(&scope, merge, false, None).await.expect("undone");
    assert!(done.keep_aparts.is_empty());
    let joined =
        stand.identify(&scope, &[email("a@x.org"), email("b@x.org")]).await.expect("joined");
    assert_eq!(joined.outcome, Outcome::Merged);
}
