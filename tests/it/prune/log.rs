//! The change log is cut off: exactly the readers who missed something are reset.

use futures_util::StreamExt;
use rapport::domain::history::record::NewItem;
use rapport::domain::live::{FeedCursor, LiveCursor, LiveEvent, ResetReason};
use rapport::domain::model::history_filter::HistoryFilter;
use rapport::domain::model::scope::Scope;
use rapport::domain::rapport::Rapport;
use rapport::ids::{CustomerId, Micros};

use crate::prune::{LONG, settled};
use crate::support::invariants::assert_invariants;
use crate::support::stand::{Stand, email, note, open, phone};

/// The source ids of the items that a customer's reader is told, or why it is told nothing.
async fn replay(
    stand: &Stand,
    scope: &Scope,
    root: CustomerId,
    after: LiveCursor,
) -> Result<Vec<String>, ResetReason> {
    let events = stand
        .rapport
        .live_customer(scope.tenant, root, Some(after), HistoryFilter::default())
        .await
        .expect("a stream");
    gather(events.map(|event| event.expect("an event").1)).await
}

async fn replay_feed(
    stand: &Stand,
    scope: &Scope,
    after: FeedCursor,
) -> Result<Vec<String>, ResetReason> {
    let events = stand
        .rapport
        .live_feed(scope.tenant, Some(after), HistoryFilter::default())
        .await
        .expect("a stream");
    gather(events.map(|event| event.expect("an event").1)).await
}

async fn gather(
    events: impl futures_util::Stream<Item = LiveEvent>,
) -> Result<Vec<String>, ResetReason> {
    let mut events = std::pin::pin!(events);
    let mut told = Vec::new();
    loop {
        match tokio::time::timeout(LONG, events.next())
            .await
            .expect("an event in time")
            .expect("no end")
        {
            LiveEvent::Added(item) => told.extend(item.source_id.clone()),
            LiveEvent::CaughtUp => return Ok(told),
            LiveEvent::Reset(reason) => return Err(reason),
            LiveEvent::Updated(_) | LiveEvent::Removed(_) | LiveEvent::Relinked(_) => {}
        }
    }
}

#[tokio::test]
async fn a_cursor_is_reset_exactly_when_something_after_it_was_pruned() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let rapport = &stand.rapport;
    let start = rapport.clock.now().0;
    let second = |n: i64| Micros(start + n * 1_000_000);
    let (mut live, mut feed, mut root) = (Vec::new(), Vec::new(), CustomerId(0));
    for n in 0..20 {
        rapport.clock.set(second(n));
        rapport
            .record(&scope, &[note("ada@example.com", second(n), &n.to_string())])
            .await
            .expect("records");
        rapport
            .record(&scope, &[note("bob@example.com", second(n), &format!("bob {n}"))])
            .await
            .expect("records");
        root = stand.survivor(&scope, "ada@example.com").await;
        let position = stand.version(&scope, root).await.expect("a version");
        live.push(LiveCursor { epoch: rapport.secret.epoch, root, at: root, position });
        feed.push(settled(&stand, &scope).await);
    }
    let mut pruned = 0;
    for cut in [0, 1, 7, 8, 15] {
        pruned += rapport.prune_log(scope.tenant, second(cut)).await.expect("prunes");
        assert_eq!(rapport.prune_log(scope.tenant, second(cut)).await.expect("prunes"), 0);
        for (n, (live, feed)) in live.iter().zip(&feed).enumerate() {
            // What was written at second `cut` and later is there: the cursor before it can go on.
            let rest: Vec<String> = (n + 1..20).map(|n| n.to_string()).collect();
            let both: Vec<String> =
                (n + 1..20).flat_map(|n| [n.to_string(), format!("bob {n}")]).collect();
            let reaches = n as i64 + 1 >= cut;
            let expected =
                |told: Vec<String>| if reaches { Ok(told) } else { Err(ResetReason::Pruned) };
            assert_eq!(
                replay(&stand, &scope, root, *live).await,
                expected(rest),
                "cut {cut}, customer's cursor {n}"
            );
            assert_eq!(
                replay_feed(&stand, &scope, *feed).await,
                expected(both),
                "cut {cut}, feed's cursor {n}"
            );
        }
    }
    assert!(pruned >= 30, "{pruned}");
    assert_invariants(&rapport.store, scope.tenant).await;
    // The log may become empty; readers that have everything go on.
    rapport.prune_log(scope.tenant, second(100)).await.expect("prunes");
    assert_eq!(replay(&stand, &scope, root, live[19]).await, Ok(vec![]));
    assert_eq!(replay_feed(&stand, &scope, feed[19]).await, Ok(vec![]));
    assert_eq!(replay(&stand, &scope, root, live[18]).await, Err(ResetReason::Pruned));
}

#[tokio::test]
async fn a_cursor_whose_way_to_the_survivor_was_pruned_is_reset_not_called_foreign() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    stand.identify(&scope, &[email("ada@example.com")]).await.expect("identifies");
    stand.identify(&scope, &[phone("+14155550100")]).await.expect("identifies");
    let (ada, other) = (
        stand.survivor(&scope, "ada@example.com").await,
        stand.survivor(&scope, "+14155550100").await,
    );
    stand
        .identify(&scope, &[email("ada@example.com"), phone("+14155550100")])
        .await
        .expect("merges");
    let position = stand.version(&scope, ada).await.expect("a version");
    // A reader of the two as one, who goes on with the one that left.
    let cursor = LiveCursor { epoch: stand.rapport.secret.epoch, root: ada, at: ada, position };
    let merge = stand
        .rapport
        .merges(scope.tenant, &[ada], None, 1)
        .await
        .expect("reads")
        .pop()
        .expect("a merge");
    stand.rapport.undo_merge(&scope, merge.id, false, None).await.expect("undoes");
    assert!(replay(&stand, &scope, other, cursor).await.is_ok());
    settled(&stand, &scope).await;
    let later = Micros(stand.rapport.clock.now().0 + 1_000_000);
    while stand.rapport.prune_log(scope.tenant, later).await.expect("prunes") > 0 {}
    assert_eq!(replay(&stand, &scope, other, cursor).await, Err(ResetReason::Pruned));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_prune_side_by_side_while_others_write_and_read() {
    let stand = Stand::new().await;
    let scope = stand.scope("acme").await;
    let start = stand.rapport.feed_cursor(scope.tenant).await.expect("a cursor");
    // Another server on the same store.
    let neighbour = open(&stand.store, None).await;
    let writes = async {
        for n in 0..60 {
            let server = if n % 2 == 0 { &stand.rapport } else { &neighbour };
            let inputs: Vec<NewItem> = (0..5)
                .map(|k| note(&format!("{k}@example.com"), server.clock.now(), &format!("{n}-{k}")))
                .collect();
            server.record(&scope, &inputs).await.expect("records");
        }
    };
    let prune = async |server: &Rapport| {
        let mut count = 0;
        for _ in 0..60 {
            let cutoff = server.clock.now();
            count += server.prune_log(scope.tenant, cutoff).await.expect("prunes");
            tokio::task::yield_now().await;
        }
        count
    };
    let ((), one, two) = tokio::join!(writes, prune(&stand.rapport), prune(&neighbour));
    settled(&stand, &scope).await;
    let cutoff = Micros(stand.rapport.clock.now().0 + 1_000_000);
    let rest = stand.rapport.prune_log(scope.tenant, cutoff).await.expect("prunes");
    let mut sql = stand.rapport.store.sql();
    sql.push("SELECT CAST(SUM(position) AS BIGINT), CAST(SUM(floor) AS BIGINT) FROM customer_head WHERE tenant = ").bind(scope.tenant);
    let row = stand.rapport.store.one(sql).await.expect("reads").expect("a row");
    let sums: (i64, i64) =
        (row.try_get_by_index(0).expect("a sum"), row.try_get_by_index(1).expect("a sum"));
    // Every position was an entry once, each was pruned once, and each floor is where the log ends.
    assert_eq!((sums.0, sums.1), ((one + two + rest) as i64, sums.0));
    assert_eq!(replay_feed(&stand, &scope, start).await, Err(ResetReason::Pruned));
    assert_invariants(&stand.rapport.store, scope.tenant).await;
}
