//! Every link can say why it is there.

use rapport::domain::identity::identify::Outcome;
use rapport::domain::identity::merge::MergeRequest;
use rapport::entity::kinds::{IdentityKind, LinkRule};
use rapport::ids::IdentityId;

use crate::support::stand::{Stand, email, given, phone};

#[tokio::test(flavor = "multi_thread")]
async fn the_shortest_chain_of_evidence_explains_two_addresses() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    for pair in [["a@x.org", "b@x.org"], ["b@x.org", "c@x.org"], ["c@x.org", "d@x.org"]] {
        stand.identify(&scope, &pair.map(email)).await.expect("a link");
    }
    stand
        .identify(&scope, &[email("a@x.org"), email("e@x.org"), email("d@x.org")])
        .await
        .expect("a shortcut");
    let [a, c, d] = [
        stand.identity(&scope, "a@x.org").await,
        stand.identity(&scope, "c@x.org").await,
        stand.identity(&scope, "d@x.org").await,
    ];
    let chain = stand.rapport.why_linked(scope.tenant, c, d).await.expect("reads");
    assert_eq!(ends(&chain), [(Some(c), Some(d))]);
    assert_eq!(chain[0].rule, LinkRule::SharedIdentity);
    assert_eq!(chain[0].actor.as_deref(), Some("tester"));
    // c was linked through b at first; the request with a and d made a shorter way.
    let chain = stand.rapport.why_linked(scope.tenant, c, a).await.expect("reads");
    assert_eq!(chain.len(), 2, "{chain:?}");
    assert_eq!((chain[0].from, chain[1].to), (Some(c), Some(a)));
    assert_eq!(chain[0].to, chain[1].from);
    let evidence =
        stand.rapport.evidence_of(scope.tenant, &[a, d, IdentityId(1)]).await.expect("reads");
    assert_eq!(evidence[&d].len(), 2);
    assert!(evidence[&IdentityId(1)].is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_unknown_identities_have_no_chain() {
    let stand = Stand::new().await;
    let (acme, globex) = (stand.scope("acme").await, stand.scope("globex").await);
    stand.identify(&acme, &[email("a@x.org")]).await.expect("a");
    stand.identify(&acme, &[email("b@x.org")]).await.expect("b");
    stand
        .identify(&globex, &[email("a@x.org"), phone("5550100")])
        .await
        .expect("another company's");
    let [a, b] = [stand.identity(&acme, "a@x.org").await, stand.identity(&acme, "b@x.org").await];
    let theirs = stand.identity(&globex, "a@x.org").await;
    for (from, to) in [(a, b), (a, theirs), (a, IdentityId(7)), (a, a)] {
        assert_eq!(stand.rapport.why_linked(acme.tenant, from, to).await.expect("reads"), []);
    }
    // An identity seen alone says when it was first seen.
    let evidence = stand.rapport.evidence_of(acme.tenant, &[a]).await.expect("reads");
    assert_eq!(
        evidence[&a].iter().map(|link| (link.rule, link.from)).collect::<Vec<_>>(),
        [(LinkRule::FirstSeen, None)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_by_hand_is_a_link_without_identities() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let one = stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("one");
    let two = stand
        .identify(&scope, &[email("b@x.org"), given(IdentityKind::Facebook, "fb-b")])
        .await
        .expect("two");
    let three = stand.identify(&scope, &[email("c@x.org")]).await.expect("three");
    stand.merge(&scope, &[one.customer, two.customer]).await;
    stand.merge(&scope, &[two.customer, three.customer]).await;
    let [tel, fb, c] = [
        stand.identity(&scope, "5550100").await,
        stand.identity(&scope, "fb-b").await,
        stand.identity(&scope, "c@x.org").await,
    ];
    let chain = stand.rapport.why_linked(scope.tenant, tel, fb).await.expect("reads");
    assert_eq!(
        chain.iter().map(|link| (link.rule, link.from, link.to)).collect::<Vec<_>>(),
        [(LinkRule::ManualMerge, None, None)]
    );
    let chain = stand.rapport.why_linked(scope.tenant, tel, c).await.expect("reads");
    assert_eq!(
        chain.iter().map(|link| link.rule).collect::<Vec<_>>(),
        [LinkRule::ManualMerge, LinkRule::ManualMerge]
    );
    // Within one home the evidence speaks, not the merge.
    let a = stand.identity(&scope, "a@x.org").await;
    let chain = stand.rapport.why_linked(scope.tenant, tel, a).await.expect("reads");
    assert_eq!(ends(&chain), [(Some(tel), Some(a))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_undone_explains_nothing_any_more() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let one = stand.identify(&scope, &[email("a@x.org")]).await.expect("one");
    stand.identify(&scope, &[phone("5550100")]).await.expect("two");
    let both = stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("joined");
    assert_eq!(both.outcome, Outcome::Merged);
    let [a, tel] =
        [stand.identity(&scope, "a@x.org").await, stand.identity(&scope, "5550100").await];
    let chain = stand.rapport.why_linked(scope.tenant, a, tel).await.expect("reads");
    assert_eq!(chain.iter().map(|link| link.rule).collect::<Vec<_>>(), [LinkRule::SameRequest]);
    let merge =
        stand.rapport.merges(scope.tenant, &[one.customer], None, 10).await.expect("reads")[0].id;
    let done = stand.rapport.undo_merge(&scope, merge, false, None).await.expect("undone");
    assert_eq!(stand.rapport.why_linked(scope.tenant, a, tel).await.expect("reads"), []);
    // Joined again by hand, it is the hand that explains it.
    let request = MergeRequest {
        customers: vec![done.customer, done.parted.expect("parted")],
        ..MergeRequest::default()
    };
    stand.rapport.merge_customers(&scope, request, false).await.expect("merged");
    let chain = stand.rapport.why_linked(scope.tenant, a, tel).await.expect("reads");
    assert_eq!(chain.iter().map(|link| link.rule).collect::<Vec<_>>(), [LinkRule::ManualMerge]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_learned_while_two_were_one_keeps_its_reason_after_the_undo() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    stand.identify(&scope, &[phone("5550100")]).await.expect("the older");
    stand.identify(&scope, &[email("a@x.org")]).await.expect("the younger");
    stand.identify(&scope, &[email("a@x.org"), phone("5550100")]).await.expect("joined");
    stand
        .identify(
            &scope,
            &[email("a@x.org"), phone("5550100"), given(IdentityKind::Facebook, "fb")],
        )
        .await
        .expect("learned");
    let [a, fb] = [stand.identity(&scope, "a@x.org").await, stand.identity(&scope, "fb").await];
    let merge = stand
        .rapport
        .merges(scope.tenant, &[stand.survivor(&scope, "a@x.org").await], None, 10)
        .await
        .expect("reads")[0]
        .id;
    stand.rapport.undo_merge(&scope, merge, true, None).await.expect("undone");
    // It went to the home of the email, and the evidence says so.
    assert_eq!(
        ends(&stand.rapport.why_linked(scope.tenant, a, fb).await.expect("reads")),
        [(Some(a), Some(fb))]
    );
}

fn ends(
    chain: &[rapport::domain::identity::evidence::Link],
) -> Vec<(Option<IdentityId>, Option<IdentityId>)> {
    chain.iter().map(|link| (link.from, link.to)).collect()
}
