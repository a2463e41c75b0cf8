//! Calls as they come in and end, and those that ring now: the pop-up.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::Stream;

use crate::domain::live::entry::Entry;
use crate::domain::live::hub::feed_place;
use crate::domain::model::item::Item;
use crate::domain::model::item_columns::Columns;
use crate::domain::rapport::Rapport;
use crate::entity::kinds::{CallState, ChangeKind, Direction, HistoryKind};
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, Micros, TenantId};

/// Calls whose caller and last state a subscriber remembers, so that none is told twice.
const REMEMBERED: usize = 1_000;

/// How long a call rings at most: one whose end nobody told does not ring for ever.
const RINGS_FOR: i64 = 180_000_000;

/// A call that came in, or went on.
#[derive(Clone, PartialEq, Debug)]
pub struct IncomingCall(pub Arc<Item>);

impl Rapport {
    /// The calls that [`Rapport::incoming_calls`] told and that ring still, newest first. The tenant's latest items are
    /// looked through, no further back than a call rings.
    pub async fn ringing_calls(&self, tenant: TenantId, limit: u64) -> Result<Vec<Arc<Item>>> {
        let mut sql = self.store.sql();
        sql.push("SELECT ")
            .add(Columns::ALL.of_engagement())
            .push(" FROM engagement WHERE tenant = ");
        sql.bind(tenant).push(" AND occurred_at > ").bind(Micros(self.clock.now().0 - RINGS_FOR));
        sql.push(" AND kind = ").bind(HistoryKind::Call.number());
        sql.push(" AND state = ").bind(CallState::Ringing.number());
        sql.push(" AND (direction IS NULL OR direction <> ").bind(Direction::Outbound.number());
        sql.push(") ORDER BY occurred_at DESC, id DESC LIMIT ").bind(limit as i64);
        self.store.all(sql).await?.iter().map(|row| Item::read(row, 0).map(Arc::new)).collect()
    }

    /// From now on, each inbound call of the tenant, and again with each further state, and when it is known whose it is.
    pub async fn incoming_calls(
        &self,
        tenant: TenantId,
    ) -> Result<impl Stream<Item = Result<IncomingCall>> + Send + use<>> {
        let mut place = self.feed_cursor(tenant).await?;
        let rapport = self.clone();
        Ok(async_stream::try_stream! {
            let hub = rapport.feed_hub(tenant, place);
            let mut woken = hub.subscribe();
            let mut told: VecDeque<(ItemId, CustomerId, Option<i16>)> = VecDeque::new();
            loop {
                let entries: Vec<Arc<Entry>> = match hub.after((place.xid, place.seq), feed_place) {
                    Some(entries) => entries,
                    None => rapport.feed_after(tenant, place, |entry| entry.item_kind == Some(HistoryKind::Call)).await?.0.into_iter().map(Arc::new).collect(),
                };
                if entries.is_empty() {
                    if woken.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                for entry in entries {
                    (place.xid, place.seq) = (entry.xid, entry.seq);
                    let Some(item) = entry.item.clone().filter(|item| is_call(&entry, item)) else { continue };
                    let state = item.engagement().and_then(|call| call.state);
                    if told.contains(&(item.id, item.home, state)) {
                        continue;
                    }
                    told.push_back((item.id, item.home, state));
                    if told.len() > REMEMBERED {
                        told.pop_front();
                    }
                    yield IncomingCall(item);
                }
            }
        })
    }
}

fn is_call(entry: &Entry, item: &Item) -> bool {
    matches!(entry.kind, ChangeKind::ItemAdded | ChangeKind::ItemUpdated)
        && item.kind == HistoryKind::Call
        && item.direction != Some(Direction::Outbound)
}
