//! Pruning: readers whose cursor is older than the log are told so, no others, and nothing else changes.

mod items;
mod log;
mod prepared_page;

use std::time::Duration;

use rapport::domain::live::FeedCursor;
use rapport::domain::model::scope::Scope;

use crate::support::stand::Stand;

/// Only a failing test waits that long.
const LONG: Duration = Duration::from_secs(20);

/// The place of the last change in the tenant's one order, once all readers see it: on PostgreSQL a transaction that is
/// open anywhere in the cluster holds that back.
pub async fn settled(stand: &Stand, scope: &Scope) -> FeedCursor {
    let mut sql = stand.rapport.store.sql();
    sql.push("SELECT xid, seq FROM change WHERE tenant = ")
        .bind(scope.tenant)
        .push(" ORDER BY xid DESC, seq DESC LIMIT 1");
    let row = stand.rapport.store.one(sql).await.expect("reads").expect("a change");
    let last = FeedCursor {
        epoch: stand.rapport.secret.epoch,
        xid: row.try_get_by_index(0).expect("a number"),
        seq: row.try_get_by_index(1).expect("a number"),
    };
    let seen = async {
        while stand.rapport.feed_cursor(scope.tenant).await.is_ok_and(|now| {
            (now.xid, now.seq) < (last.xid, last.seq) || (now.xid == last.xid && now.seq == 0)
        }) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, seen).await.expect("the horizon moves");
    last
}
