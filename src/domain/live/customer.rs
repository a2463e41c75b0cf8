//! One subscriber of a customer's history.

use std::sync::Arc;

use futures_util::Stream;

use crate::domain::history::HistoryFilter;
use crate::domain::live::hub::{Hub, customer_place};
use crate::domain::live::log::{Entry, Read};
use crate::domain::live::{LiveCursor, LiveEvent, ResetReason};
use crate::domain::rapport::Rapport;
use crate::entity::kinds::ChangeKind;
use crate::error::{Code, Error, Result};
use crate::ids::{CustomerId, TenantId};

/// Relinks that one cursor may have missed before it is called foreign.
const LONGEST_WALK: usize = 10_000;

impl Rapport {
    /// Every event after the cursor once and in order, then `CaughtUp`, then live. Without a cursor it starts now. A
    /// cursor that never belonged to this customer is an error before the first event.
    pub async fn live_customer(
        &self,
        tenant: TenantId,
        root: CustomerId,
        after: Option<LiveCursor>,
        filter: HistoryFilter,
    ) -> Result<impl Stream<Item = Result<(LiveCursor, LiveEvent)>> + Send + use<>> {
        let (survivor, position) =
            self.standing(tenant, root).await?.ok_or_else(|| Error::coded(Code::InvalidArgument, "there is no such customer"))?;
        let mut reader =
            Reader { rapport: self.clone(), tenant, cursor: LiveCursor { epoch: self.seal.epoch, root, at: survivor, position }, filter };
        let mut reset = None;
        if let Some(after) = after {
            if after.epoch != self.seal.epoch {
                reset = Some(ResetReason::Restored);
            } else {
                reset = reader.check(after, survivor).await?;
                reader.cursor = LiveCursor { root, ..after };
            }
        }
        Ok(async_stream::try_stream! {
            if let Some(reason) = reset {
                yield (reader.cursor, LiveEvent::Reset(reason));
                return;
            }
            let mut caught_up = false;
            let mut hub = reader.hub();
            let mut woken = hub.subscribe();
            loop {
                // Until it has caught up it reads the store: a new hub may not have read yet what is there.
                let at_hand = if caught_up { hub.after((0, reader.cursor.position), customer_place) } else { None };
                let entries = match at_hand {
                    Some(entries) => entries,
                    None => match reader.read().await? {
                        Ok(entries) => entries,
                        Err(reason) => {
                            yield (reader.cursor, LiveEvent::Reset(reason));
                            return;
                        }
                    },
                };
                if entries.is_empty() {
                    if !caught_up {
                        caught_up = true;
                        yield (reader.cursor, LiveEvent::CaughtUp);
                        continue;
                    }
                    if woken.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                for entry in entries {
                    let at = reader.cursor.at;
                    if let Some(event) = reader.step(&entry) {
                        let end = matches!(event, LiveEvent::Reset(_));
                        yield (reader.cursor, event);
                        if end {
                            return;
                        }
                    }
                    if reader.cursor.at != at {
                        hub = reader.hub();
                        woken = hub.subscribe();
                        break;
                    }
                }
            }
        })
    }
}

struct Reader {
    rapport: Rapport,
    tenant: TenantId,
    cursor: LiveCursor,
    filter: HistoryFilter,
}

impl Reader {
    fn hub(&self) -> Arc<Hub> {
        self.rapport.customer_hub(self.tenant, self.cursor.at, self.cursor.position)
    }

    /// A cursor counts if following the relinks from it leads to where the customer is now. Where they were pruned,
    /// nobody can tell any more.
    async fn check(&self, after: LiveCursor, survivor: CustomerId) -> Result<Option<ResetReason>> {
        let root = self.cursor.root;
        if after.root == root || after.at == survivor {
            return Ok(None);
        }
        let (mut at, mut position) = (after.at, after.position);
        for _ in 0..LONGEST_WALK {
            let relinks = self.rapport.relinks_after(self.tenant, at, position).await?;
            let Some((other, there)) = relinks.iter().find(|entry| entry.homes.contains(&root)).and_then(|entry| entry.other) else {
                break;
            };
            (at, position) = (other, there);
        }
        if at == survivor {
            return Ok(None);
        }
        match self.rapport.log_after(self.tenant, at, position).await? {
            Read::Pruned => Ok(Some(ResetReason::Pruned)),
            Read::Entries(..) | Read::Gone => Err(Error::coded(Code::InvalidCursor, "the cursor is of another customer")),
        }
    }

    /// What the store has after the cursor.
    async fn read(&self) -> Result<Result<Vec<Arc<Entry>>, ResetReason>> {
        Ok(match self.rapport.log_after(self.tenant, self.cursor.at, self.cursor.position).await? {
            Read::Entries(_, reach) if reach < self.cursor.position => Err(ResetReason::Restored),
            Read::Entries(entries, _) => Ok(entries.into_iter().map(Arc::new).collect()),
            Read::Pruned => Err(ResetReason::Pruned),
            Read::Gone => Err(ResetReason::Erased),
        })
    }

    /// Moves the cursor over an entry, and tells what there is to tell of it.
    fn step(&mut self, entry: &Entry) -> Option<LiveEvent> {
        self.cursor.position = entry.position;
        match entry.kind {
            ChangeKind::ItemAdded | ChangeKind::ItemUpdated => {
                let item = entry.item.clone().filter(|item| self.filter.admits(item))?;
                Some(if entry.kind == ChangeKind::ItemAdded { LiveEvent::Added(item) } else { LiveEvent::Updated(item) })
            }
            ChangeKind::ItemRemoved => entry.item_id.map(LiveEvent::Removed),
            ChangeKind::Merged | ChangeKind::Unmerged | ChangeKind::Split => {
                if let Some((other, position)) = entry.other
                    && entry.homes.contains(&self.cursor.root)
                {
                    (self.cursor.at, self.cursor.position) = (other, position);
                }
                Some(LiveEvent::Relinked(self.cursor.at))
            }
            ChangeKind::Erased => Some(LiveEvent::Reset(ResetReason::Erased)),
            ChangeKind::Created | ChangeKind::Profile | ChangeKind::Identified => None,
        }
    }
}
