//! Items that a tenant keeps no longer leave every table, and readers are told.

use futures_util::StreamExt;
use rapport::domain::history::record::{ItemRef, NewBody, NewItem, Ref};
use rapport::domain::live::{LiveCursor, LiveEvent};
use rapport::domain::model::history_filter::HistoryFilter;
use rapport::domain::model::scope::Scope;
use rapport::entity::kinds::{CallState, Channel, Direction};
use rapport::ids::{CustomerId, ItemId, Micros};

use crate::prune::LONG;
use crate::support::invariants::assert_invariants;
use crate::support::stand::{Stand, email, note};

/// How many removals a customer's reader is told.
async fn removals(stand: &Stand, scope: &Scope, customer: CustomerId, after: LiveCursor) -> usize {
    let events = stand
        .rapport
        .live_customer(scope.tenant, customer, Some(after), HistoryFilter::default())
        .await
        .expect("a stream");
    let mut events = std::pin::pin!(events);
    let mut gone = 0;
    loop {
        match tokio::time::timeout(LONG, events.next())
            .await
            .expect("in time")
            .expect("no end")
            .expect("an event")
            .1
        {
            LiveEvent::Removed(_) => gone += 1,
            LiveEvent::CaughtUp => break,
            _ => {}
        }
    }
    gone
}

#[tokio::test]
async fn items_older_than_the_tenant_keeps_leave_without_a_trace() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let rapport = &stand.rapport;
    let now = rapport.clock.now().0;
    let day = |n: i64| Micros(now - n * 86_400_000_000);
    let mut inputs: Vec<NewItem> =
        (0..150).map(|n| note("ada@example.com", day(400 - n), &format!("old {n}"))).collect();
    inputs.extend((0..5).map(|n| note("bob@example.com", day(300 + n), &format!("bob {n}"))));
    inputs.push(note("ada@example.com", day(3), "young"));
    rapport.record(&scope, &inputs).await.expect("records");
    let ada = stand.survivor(&scope, "ada@example.com").await;
    let position = stand.version(&scope, ada).await.expect("a version");
    let cursor = LiveCursor { epoch: rapport.secret.epoch, root: ada, at: ada, position };
    let old = stand.count("SELECT id FROM engagement WHERE source_id = 'old 7'").await;
    rapport.add_comment(&scope, &ItemRef::Id(ItemId(old)), "of old").await.expect("comments");
    let mut removed = 0;
    loop {
        let count = rapport.expire_items(scope.tenant, day(30)).await.expect("expires");
        assert_invariants(&rapport.store, scope.tenant).await;
        if count == 0 {
            break;
        }
        removed += count;
    }
    assert_eq!(removed, 155);
    let total = |who: &str| {
        let given = Ref::Identity(email(who));
        async move {
            rapport
                .customer(scope.tenant, &given)
                .await
                .expect("reads")
                .expect("a customer")
                .stats
                .counts
                .total()
        }
    };
    // What recording itself told of the identities happened today.
    let bob = total("bob@example.com").await;
    assert_eq!(total("ada@example.com").await, bob + 1);
    let comments = stand.count("SELECT CAST(COUNT(*) AS BIGINT) FROM comment").await;
    assert_eq!(comments, 0);
    assert_eq!(removals(&stand, &scope, ada, cursor).await, 150);
}

#[tokio::test]
async fn old_calls_with_a_withheld_number_leave_like_everything_else() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let rapport = &stand.rapport;
    let day = |n: i64| Micros(rapport.clock.now().0 - n * 86_400_000_000);
    let withheld = NewItem {
        channel_label: None,
        who: None,
        channel: Channel::Voice,
        direction: Some(Direction::Inbound),
        occurred_at: Some(day(400)),
        source: None,
        source_id: None,
        body: NewBody::Call { state: CallState::Missed, duration: None, recording_url: None },
        files: Vec::new(),
    };
    let inputs = [withheld, note("ada@example.com", day(400), "old")];
    rapport.record(&scope, &inputs).await.expect("records");
    assert_eq!(rapport.expire_items(scope.tenant, day(30)).await.expect("expires"), 2);
    assert_eq!(rapport.expire_items(scope.tenant, day(30)).await.expect("expires"), 0);
    assert_invariants(&rapport.store, scope.tenant).await;
}
