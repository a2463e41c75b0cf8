//! One subscriber of everything that happens in a tenant, in the one order that all readers agree on.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::Stream;

use crate::domain::live::entry::Entry;
use crate::domain::live::hub::{Hub, feed_place};
use crate::domain::live::{FeedCursor, LiveEvent, ResetReason};
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::ChangeKind;
use crate::error::Result;
use crate::ids::TenantId;

/// Tells the hub that every item is wanted, for as long as it lives.
struct ItemReader(Arc<Hub>);

impl ItemReader {
    fn new(hub: Arc<Hub>) -> Self {
        hub.item_readers.fetch_add(1, Ordering::Relaxed);
        ItemReader(hub)
    }
}

impl Drop for ItemReader {
    fn drop(&mut self) {
        self.0.item_readers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Rapport {
    /// Why a replay from this cursor is impossible, if so.
    async fn feed_reset(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        now: FeedCursor,
    ) -> Result<Option<ResetReason>> {
        Ok(match after {
            Some(after) if after.epoch != self.secret.epoch => Some(ResetReason::Restored),
            Some(after) if (after.xid, after.seq) > (now.xid, now.seq) => {
                Some(ResetReason::Restored)
            }
            Some(after) if (after.xid, after.seq) < self.feed_floor(tenant).await? => {
                Some(ResetReason::Pruned)
            }
            _ => None,
        })
    }

    /// Every event of the tenant after the cursor once and in order, then `CaughtUp`, then live.
    pub async fn live_feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        filter: HistoryFilter,
    ) -> Result<impl Stream<Item = Result<(FeedCursor, LiveEvent)>> + Send + use<>> {
        let now = self.feed_cursor(tenant).await?;
        let mut cursor = after.unwrap_or(now);
        let rapport = self.clone();
        let reset = self.feed_reset(tenant, after, now).await?;
        Ok(async_stream::try_stream! {
            if let Some(reason) = reset {
                yield (FeedCursor { epoch: now.epoch, ..cursor }, LiveEvent::Reset(reason));
                return;
            }
            let hub = ItemReader::new(rapport.feed_hub(tenant, now));
            let mut woken = hub.0.subscribe();
            let mut caught_up = false;
            loop {
                let buffered = hub
                    .0
                    .after((cursor.xid, cursor.seq), feed_place)
                    .filter(|entries| caught_up && entries.iter().all(|entry| complete(entry)));
                let entries: Vec<Arc<Entry>> = if let Some(entries) = buffered {
                    entries
                } else {
                    let entries = rapport.feed_after(tenant, cursor, |_| true).await?.0.into_iter().map(Arc::new).collect();
                    // Asked after the read: what was pruned before it may be missing from it.
                    if (cursor.xid, cursor.seq) < rapport.feed_floor(tenant).await? {
                        yield (cursor, LiveEvent::Reset(ResetReason::Pruned));
                        return;
                    }
                    entries
                };
                if entries.is_empty() {
                    if !caught_up {
                        caught_up = true;
                        yield (cursor, LiveEvent::CaughtUp);
                        continue;
                    }
                    if woken.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                for entry in entries {
                    (cursor.xid, cursor.seq) = (entry.xid, entry.seq);
                    if let Some(event) = tell(&entry, &filter) {
                        yield (cursor, event);
                    }
                }
            }
        })
    }
}

/// Whether the entry has its item, if it is about one that is still there.
fn complete(entry: &Entry) -> bool {
    entry.item.is_some() || !matches!(entry.kind, ChangeKind::ItemAdded | ChangeKind::ItemUpdated)
}

fn tell(entry: &Entry, filter: &HistoryFilter) -> Option<LiveEvent> {
    match entry.kind {
        ChangeKind::ItemAdded => {
            entry.item.clone().filter(|item| filter.admits(item)).map(LiveEvent::Added)
        }
        ChangeKind::ItemUpdated => {
            entry.item.clone().filter(|item| filter.admits(item)).map(LiveEvent::Updated)
        }
        ChangeKind::ItemRemoved => entry.item_id.map(LiveEvent::Removed),
        ChangeKind::Merged | ChangeKind::Unmerged | ChangeKind::Split => {
            Some(LiveEvent::Relinked(entry.customer))
        }
        ChangeKind::Created | ChangeKind::Profile | ChangeKind::Identified | ChangeKind::Erased => {
            None
        }
    }
}
