//! Any merge can be undone, in any order, without loss.

use std::collections::BTreeSet;

use rapport::domain::identity::identify::Outcome;
use rapport::entity::kinds::IdentityKind;
use rapport::ids::{CustomerId, MergeId};

use crate::merges::undo;
use crate::support::stand::{Stand, email, given, phone};

#[tokio::test(flavor = "multi_thread")]
async fn after_merge_and_undo_everything_is_as_before() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let one = stand
        .identify(
            &scope,
            &[email("a@x.org"), phone("5550100"), given(IdentityKind::Facebook, "fb-a")],
        )
        .await
        .expect("one")
        .customer;
    stand.identify(&scope, &[email("a2@x.org"), phone("5550100")]).await.expect("a secondary");
    let two =
        stand.identify(&scope, &[email("b@x.org"), phone("5550200")]).await.expect("two").customer;
    stand.identify(&scope, &[email("b2@x.org"), phone("5550200")]).await.expect("a secondary");
    for raw in ["a@x.org", "5550200"] {
        let items = stand.messages(&scope, raw, &["hello", "good day"]).await;
        stand.comment(&scope, &items[0], "call back").await;
    }
    stand.page_view(&scope, "fb-a", "https://x.org/p", "A page").await;
    stand.check(&scope).await;
    let before = stand.dump().await;

    let done = stand.merge(&scope, &[two, one]).await;
    assert_eq!(
        (done.customer, done.homes.as_slice(), done.merges.len()),
        (one, [two].as_slice(), 1)
    );
    stand.check(&scope).await;
    let merged = stand.dump().await;
    for table in [
        "customer",
        "identity",
        "link_evidence",
        "search_term",
        "engagement WHERE kind <> 7",
        "page_view",
        "comment",
    ] {
        assert_eq!(merged[table], before[table], "a merge touched {table}");
    }
    assert_eq!(stand.survivor(&scope, "b2@x.org").await, one);

    let undone = undo(&stand, &scope, done.merges[0]).await;
    assert_eq!(
        (undone.customer, undone.parted, undone.homes.as_slice(), undone.keep_aparts.len()),
        (one, Some(two), [two].as_slice(), 1)
    );
    stand.check(&scope).await;
    assert_eq!(stand.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_meanwhile_stays_at_its_home() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "ab").await;
    let done = stand.merge(&scope, &people).await;
    stand.messages(&scope, "b@x.org", &["while merged"]).await;
    let linked =
        stand.identify(&scope, &[email("b@x.org"), phone("5550100")]).await.expect("a new address");
    assert_eq!((linked.outcome, linked.customer), (Outcome::Linked, people[0]));
    undo(&stand, &scope, done.merges[0]).await;
    stand.check(&scope).await;
    assert_eq!(stand.survivor(&scope, "5550100").await, people[1]);
    let home = people[1];
    assert_eq!(
        stand
            .count(&format!("SELECT COUNT(*) FROM engagement WHERE kind = 1 AND home = {home}"))
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn any_merge_of_a_chain_can_be_undone() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    // a-b, b-c, c-d by the homes that are named; then the first, the middle or the last goes.
    for (undone, sides) in [(0, ["a", "bcd"]), (1, ["ab", "cd"]), (2, ["abc", "d"])] {
        let tenant = stand.scope(&format!("tenant{undone}")).await;
        let people = stand.strangers(&tenant, "abcd").await;
        let mut merges = Vec::new();
        for pair in people.windows(2) {
            merges.push(stand.merge(&tenant, pair).await.merges[0]);
            stand.check(&tenant).await;
        }
        let done = undo(&stand, &tenant, merges[undone]).await;
        stand.check(&tenant).await;
        assert_eq!((done.customer, done.parted), (people[0], Some(people[undone + 1])));
        for side in sides {
            let survivors: BTreeSet<CustomerId> =
                futures_util::future::join_all(side.chars().map(|letter| {
                    let (stand, tenant) = (&stand, &tenant);
                    async move { stand.survivor(tenant, &format!("{letter}@x.org")).await }
                }))
                .await
                .into_iter()
                .collect();
            assert_eq!(survivors.len(), 1, "{side} is not one customer");
        }
        // The rest comes apart as well, in another order.
        for merge in [2, 0, 1].into_iter().filter(|n| *n != undone) {
            undo(&stand, &tenant, merges[merge]).await;
            stand.check(&tenant).await;
        }
        assert_eq!(
            stand
                .count(&format!(
                    "SELECT COUNT(*) FROM customer_head WHERE merged_into IS NULL AND tenant = {}",
                    tenant.tenant
                ))
                .await,
            4
        );
    }
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_another_merge_holds_together_stay_together() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "abc").await;
    let first = stand.merge(&scope, &people[..2]).await.merges[0];
    stand.merge(&scope, &people[1..]).await;
    // A second reason for a and b: undone, split by nobody.
    stand
        .execute(&format!(
            "INSERT INTO merge_edge (tenant, id, a, b, active, rule, source, at) VALUES ({}, 77, {}, {}, TRUE, 4, 'test', 1)",
            scope.tenant, people[0], people[2]
        ))
        .await;
    let before = stand.version(&scope, people[1]).await;
    let done = undo(&stand, &scope, first).await;
    assert_eq!((done.parted, done.homes.len(), done.keep_aparts.len()), (None, 0, 0));
    assert!(stand.version(&scope, people[1]).await > before);
    assert_eq!(stand.survivor(&scope, "b@x.org").await, people[0]);
    stand.check(&scope).await;
    let done = undo(&stand, &scope, MergeId(77)).await;
    assert_eq!((done.parted, done.homes.as_slice()), (Some(people[1]), &people[1..]));
    stand.check(&scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_of_many_events_writes_no_event() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let people = stand.strangers(&scope, "ab").await;
    let texts = vec!["hello"; 5_000];
    stand.messages(&scope, "b@x.org", &texts).await;
    let events = "SELECT CAST(MD5(STRING_AGG(xmin::text || ctid::text, ',' ORDER BY id)) AS TEXT) FROM engagement WHERE kind <> 7";
    let fingerprint = || async {
        // On PostgreSQL a row's own version tells whether it was written again.
        if stand.rapport.store.is_postgres() {
            stand.query(events).await[0].try_get_by_index::<String>(0).expect("text")
        } else {
            String::new()
        }
    };
    let before = (stand.dump().await["engagement WHERE kind <> 7"].clone(), fingerprint().await);
    let done = stand.merge(&scope, &people).await;
    assert_eq!(
        before,
        (stand.dump().await["engagement WHERE kind <> 7"].clone(), fingerprint().await)
    );
    undo(&stand, &scope, done.merges[0]).await;
    assert_eq!(
        before,
        (stand.dump().await["engagement WHERE kind <> 7"].clone(), fingerprint().await)
    );
    // Two items for the merge's and the undo's own place in the history, and one more at the one who left.
    assert_eq!(stand.count("SELECT COUNT(*) FROM engagement WHERE kind = 7").await, 3);
    stand.check(&scope).await;
}
