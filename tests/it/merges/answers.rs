//! What a merge answers: refusals, previews, versions, lists, the audit log.

use std::collections::BTreeMap;

use rapport::domain::identity::merge::{Merge, MergeRequest};
use rapport::domain::model::hold_rule::HoldRule;
use rapport::domain::write::audit::AuditFilter;
use rapport::entity::kinds::IdentityKind;
use rapport::error::UserErrorCode;
use rapport::ids::{CustomerId, MergeId};

use crate::merges::{request, undo};
use crate::support::people::refused;
use crate::support::stand::{Stand, email, given, phone};

/// What a refusal must leave as it is: rows, the log, the audit log.
async fn everything(stand: &Stand) -> (BTreeMap<&'static str, Vec<String>>, i64, i64) {
    (
        stand.dump().await,
        stand.count("SELECT COUNT(*) FROM change").await,
        stand.count("SELECT COUNT(*) FROM audit").await,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_and_changes_nothing() {
    let stand = Stand::new().await;
    let (scope, other) = (stand.scope("acme").await, stand.scope("globex").await);
    let people = stand.strangers(&scope, "abc").await;
    let theirs = stand.strangers(&other, "a").await[0];
    let merge = stand.merge(&scope, &people[..2]).await.merges[0];
    let before = everything(&stand).await;
    let many: Vec<CustomerId> = (1..60).map(CustomerId).collect();
    for (customers, code) in [
        (vec![people[0]], UserErrorCode::Invalid),
        (vec![people[0], people[0]], UserErrorCode::Invalid),
        (vec![people[0], people[1]], UserErrorCode::Conflict),
        (vec![people[0], CustomerId(4)], UserErrorCode::NotFound),
        (vec![people[0], theirs], UserErrorCode::NotFound),
        (many, UserErrorCode::LimitExceeded),
    ] {
        assert_eq!(
            refused(stand.rapport.merge_customers(&scope, request(&customers), false).await),
            code,
            "{customers:?}"
        );
    }
    let long = MergeRequest { reason: Some("x".repeat(501)), ..request(&people[1..]) };
    assert_eq!(
        refused(stand.rapport.merge_customers(&scope, long, false).await),
        UserErrorCode::Invalid
    );
    let stale = MergeRequest { expected_version: Some(1), ..request(&people[1..]) };
    assert_eq!(
        refused(stand.rapport.merge_customers(&scope, stale, false).await),
        UserErrorCode::VersionConflict
    );
    assert_eq!(
        refused(stand.rapport.undo_merge(&scope, merge, true, Some(1)).await),
        UserErrorCode::VersionConflict
    );
    assert_eq!(
        refused(stand.rapport.undo_merge(&other, merge, true, None).await),
        UserErrorCode::NotFound
    );
    assert_eq!(
        refused(stand.rapport.undo_merge(&scope, MergeId(9), true, None).await),
        UserErrorCode::NotFound
    );
    assert_eq!(before, everything(&stand).await);
    let version = stand.version(&scope, people[1]).await;
    stand.rapport.undo_merge(&scope, merge, true, version).await.expect("undone");
    assert_eq!(
        refused(stand.rapport.undo_merge(&scope, merge, true, None).await),
        UserErrorCode::Conflict
    );
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_the_merge_then_does() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let one = stand
        .identify(&scope, &[email("a@x.org"), given(IdentityKind::UserId, "u1")])
        .await
        .expect("one")
        .customer;
    let two = stand
        .identify(&scope, &[email("b@x.org"), phone("5550100"), given(IdentityKind::UserId, "u2")])
        .await
        .expect("two")
        .customer;
    stand.messages(&scope, "b@x.org", &["hello", "again"]).await;
    let before = stand.dump().await;
    let preview =
        stand.rapport.merge_preview(&scope, request(&[two, one])).await.expect("a preview");
    let rehearsed =
        stand.rapport.merge_customers(&scope, request(&[two, one]), true).await.expect("rehearsed");
    assert_eq!(stand.dump().await, before);
    assert_eq!(
        (preview.customer.id, preview.customer.homes.as_slice(), preview.merged.as_slice()),
        (one, [one, two].as_slice(), [two].as_slice())
    );
    assert_eq!(
        (preview.emails.as_slice(), preview.phone_numbers.as_slice()),
        (["a@x.org".to_string(), "b@x.org".into()].as_slice(), ["5550100".to_string()].as_slice())
    );
    assert_eq!(
        preview.warnings.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(),
        [HoldRule::StrongIdentity]
    );
    assert_eq!(
        preview.contacts.iter().map(|contact| contact.linked_id.map(|id| id.0)).collect::<Vec<_>>(),
        [None, Some(one.0)]
    );

    let wanted = MergeRequest { expected_version: Some(preview.version), ..request(&[two, one]) };
    let done = stand.rapport.merge_customers(&scope, wanted, false).await.expect("merged");
    assert_eq!(
        (done.version, rehearsed.version),
        (preview.customer.version, preview.customer.version)
    );
    assert_eq!(stand.version(&scope, two).await, Some(preview.customer.version));
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_never_go_back_through_any_id() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "abcde").await;
    stand.messages(&scope, "d@x.org", &["makes", "d", "older", "in", "versions"]).await;
    let mut last = vec![0; people.len()];
    let mut merges: Vec<MergeId> = Vec::new();
    for step in ["cd", "de", "bc", "-1", "ab", "-0", "bd", "-3", "-2", "-4"] {
        if let Some(n) = step.strip_prefix('-') {
            let merge = merges[n.parse::<usize>().expect("a number")];
            stand.rapport.undo_merge(&scope, merge, false, None).await.expect("undone");
        } else {
            let pair: Vec<CustomerId> =
                step.bytes().map(|letter| people[usize::from(letter - b'a')]).collect();
            merges.extend(stand.merge(&scope, &pair).await.merges);
        }
        stand.check(&scope).await;
        for (id, last) in people.iter().zip(&mut last) {
            let version = stand.version(&scope, *id).await.expect("an old id resolves");
            assert!(
                version >= *last,
                "the version of {id} went from {last} to {version} by {step}"
            );
            *last = version;
        }
    }
    assert_eq!(
        stand.rapport.merges(scope.tenant, &people, None, 50).await.expect("reads").len(),
        5
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_are_told_and_audited() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "abc").await;
    let wanted = MergeRequest { reason: Some("same person, says she".into()), ..request(&people) };
    let done = stand.rapport.merge_customers(&scope, wanted, false).await.expect("merged");
    assert_eq!(done.merges.len(), 2);
    undo(&stand, &scope, done.merges[0]).await;
    let list: Vec<Merge> =
        stand.rapport.merges(scope.tenant, &people[..1], None, 10).await.expect("reads");
    assert_eq!(
        list.iter().map(|merge| (merge.id, merge.active)).collect::<Vec<_>>(),
        [(done.merges[1], true), (done.merges[0], false)]
    );
    assert_eq!(list[1].undone_by.as_deref(), Some("tester"));
    assert_eq!(
        stand.rapport.merges_by_id(scope.tenant, &[list[0].id]).await.expect("reads"),
        list[..1]
    );
    assert_eq!(
        stand
            .rapport
            .merges(scope.tenant, &people, Some(done.merges[1]), 10)
            .await
            .expect("reads")
            .len(),
        1
    );
    let audit = stand
        .rapport
        .audit_log(scope.tenant, &AuditFilter::of(people[0]), None, 10)
        .await
        .expect("reads");
    assert_eq!(
        audit
            .iter()
            .map(|entry| (entry.action.as_str(), entry.request_id.as_str()))
            .collect::<Vec<_>>(),
        [("UNDO_MERGE", "test"), ("MERGE", "test")]
    );
    assert!(!audit[1].detail.to_string().contains("says she"), "the audit log holds ids only");
    let older = stand
        .rapport
        .audit_log(scope.tenant, &AuditFilter::default(), Some(audit[0].id), 10)
        .await
        .expect("reads");
    assert_eq!(older, audit[1..]);
}
