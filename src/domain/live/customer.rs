//! One subscriber of a customer's history.

use std::sync::Arc;

use futures_util::Stream;

use crate::domain::live::entry::Entry;
use crate::domain::live::hub::{Hub, customer_place};
use crate::domain::live::log::Read;
use crate::domain::live::{LiveCursor, LiveEvent, ResetReason};
use crate::domain::model::history_filter::HistoryFilter;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::ChangeKind;
use crate::error::{Code, Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::store::failpoints::failpoint;

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
        let (reader, reset) = self.reader_of(tenant, root, after, filter).await?;
        Ok(events(reader, reset))
    }

    /// A reader that stands at the cursor, and why it cannot be replayed, if so.
    async fn reader_of(
        &self,
        tenant: TenantId,
        root: CustomerId,
        after: Option<LiveCursor>,
        filter: HistoryFilter,
    ) -> Result<(Reader, Option<ResetReason>)> {
        let (survivor, position) = self
            .standing(tenant, root)
            .await?
            .ok_or_else(|| Error::coded(Code::InvalidArgument, "there is no such customer"))?;
        let mut reader = Reader {
            rapport: self.clone(),
            tenant,
            cursor: LiveCursor { epoch: self.secret.epoch, root, at: survivor, position },
            homecoming: None,
            filter,
        };
        let mut reset = None;
        if let Some(after) = after {
            if after.epoch == self.secret.epoch {
                reader.take_up(after, survivor).await?;
                if failpoint("resume-one-off") {
                    reader.cursor.position += 1;
                }
            } else {
                reset = Some(ResetReason::Restored);
            }
        }
        Ok((reader, reset))
    }
}

fn events(
    mut reader: Reader,
    reset: Option<ResetReason>,
) -> impl Stream<Item = Result<(LiveCursor, LiveEvent)>> + Send + use<> {
    async_stream::try_stream! {
        if let Some(reason) = reset {
            yield (reader.cursor, LiveEvent::Reset(reason));
            return;
        }
        let mut caught_up = false;
        let mut hub = reader.hub();
        let mut woken = hub.subscribe();
        loop {
            // Until it has caught up it reads the store: a new hub may not have read yet what is there.
            let buffered = if caught_up { hub.after((0, reader.cursor.position), customer_place) } else { None };
            let entries = match buffered {
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
    }
}

struct Reader {
    rapport: Rapport,
    tenant: TenantId,
    cursor: LiveCursor,
    /// Whom the reader was asked for, and from which place on the cursor's own root and this one are one.
    homecoming: Option<(CustomerId, (CustomerId, i64))>,
    filter: HistoryFilter,
}

impl Reader {
    fn hub(&self) -> Arc<Hub> {
        self.rapport.customer_hub(self.tenant, self.cursor.at, self.cursor.position)
    }

    /// Where a cursor of this customer's own, or of one that was part of it, begins. A cursor counts if following the
    /// relinks from it leads to where the customer is now.
    async fn take_up(&mut self, after: LiveCursor, mut survivor: CustomerId) -> Result<()> {
        let root = self.cursor.root;
        self.cursor = after;
        if after.root == root {
            return Ok(());
        }
        loop {
            // As the customer itself, or as whom the cursor was made for until that one comes to the customer.
            let mut place = Some((after.at, after.position));
            for _ in 0..LONGEST_WALK {
                let Some(from) = place else { break };
                if self.walk(root, from).await? == survivor {
                    self.homecoming = Some((root, from));
                    self.come_home();
                    return Ok(());
                }
                place = self.hop(after.root, from).await?;
            }
            // Whoever moved while we looked is looked at again.
            match self.rapport.standing(self.tenant, root).await? {
                Some((now, _)) if now != survivor => survivor = now,
                _ => return self.foreign(after).await,
            }
        }
    }

    /// What was pruned cannot be followed; the replay says so.
    async fn foreign(&self, after: LiveCursor) -> Result<()> {
        match self.rapport.log_after(self.tenant, after.at, after.position).await? {
            Read::Pruned => Ok(()),
            Read::Entries(..) | Read::Gone => {
                Err(Error::coded(Code::InvalidCursor, "the cursor is of another customer"))
            }
        }
    }

    /// The log in which a reader of this root ends.
    async fn walk(&self, root: CustomerId, from: (CustomerId, i64)) -> Result<CustomerId> {
        let mut place = from;
        for _ in 0..LONGEST_WALK {
            match self.hop(root, place).await? {
                Some(next) => place = next,
                None => break,
            }
        }
        Ok(place.0)
    }

    /// Where the next relink takes a reader of this root.
    async fn hop(
        &self,
        root: CustomerId,
        (at, position): (CustomerId, i64),
    ) -> Result<Option<(CustomerId, i64)>> {
        let relinks = self.rapport.relinks_after(self.tenant, at, position).await?;
        Ok(relinks.iter().find_map(|entry| entry.leads(root)))
    }

    /// From the place on where both are one, the reader follows whom it was asked for.
    fn come_home(&mut self) {
        if let Some((root, _)) =
            self.homecoming.filter(|(_, place)| *place == (self.cursor.at, self.cursor.position))
        {
            self.cursor.root = root;
            self.homecoming = None;
        }
    }

    /// What the store has after the cursor.
    async fn read(&self) -> Result<Result<Vec<Arc<Entry>>, ResetReason>> {
        Ok(
            match self.rapport.log_after(self.tenant, self.cursor.at, self.cursor.position).await? {
                Read::Entries(_, reach) if reach < self.cursor.position => {
                    Err(ResetReason::Restored)
                }
                Read::Entries(entries, _) => Ok(entries.into_iter().map(Arc::new).collect()),
                Read::Pruned => Err(ResetReason::Pruned),
                Read::Gone => Err(ResetReason::Erased),
            },
        )
    }

    /// Moves the cursor over an entry, and tells what there is to tell of it.
    fn step(&mut self, entry: &Entry) -> Option<LiveEvent> {
        self.cursor.position = entry.position;
        match entry.kind {
            ChangeKind::ItemAdded | ChangeKind::ItemUpdated => {
                let item = entry.item.clone().filter(|item| self.filter.admits(item))?;
                Some(if entry.kind == ChangeKind::ItemAdded {
                    LiveEvent::Added(item)
                } else {
                    LiveEvent::Updated(item)
                })
            }
            ChangeKind::ItemRemoved => entry.item_id.map(LiveEvent::Removed),
            ChangeKind::Merged | ChangeKind::Unmerged | ChangeKind::Split => {
                if let Some(place) = entry.leads(self.cursor.root) {
                    (self.cursor.at, self.cursor.position) = place;
                    self.come_home();
                }
                Some(LiveEvent::Relinked(self.cursor.at))
            }
            ChangeKind::Erased => Some(LiveEvent::Reset(ResetReason::Erased)),
            ChangeKind::Created | ChangeKind::Profile | ChangeKind::Identified => None,
        }
    }
}
