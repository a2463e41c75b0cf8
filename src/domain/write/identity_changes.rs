//! Changes of identity as items of the history: what merged, parted or linked is told where it happened.

use crate::domain::model::item::{Body, Data, Engagement, IdentityChange, Item};
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::{Channel, HistoryKind};
use crate::error::Result;
use crate::ids::{CustomerId, ItemId, Micros};

/// A change of identity as an item of the history.
fn identity_item(
    id: ItemId,
    home: CustomerId,
    now: Micros,
    source: &str,
    change: IdentityChange,
) -> Item {
    Item {
        id,
        home,
        kind: HistoryKind::Identity,
        occurred_at: now,
        recorded_at: now,
        channel: Channel::Internal,
        direction: None,
        identity: change.identities.first().copied(),
        source: source.to_string(),
        source_id: None,
        body: Body::Engagement(Engagement {
            data: Data { change: Some(change), ..Data::default() }.into(),
            state_at: now,
            ..Engagement::default()
        }),
    }
}

impl UnitOfWork<'_> {
    /// Records a change of identity: an item of this home's history, counted, logged and stored.
    pub(crate) fn record_identity_change(
        &mut self,
        home: CustomerId,
        source: &str,
        change: IdentityChange,
    ) -> Result<()> {
        let id = ItemId(self.rapport.clock.next_id());
        let item = identity_item(id, home, self.now, source, change);
        self.changes.add_item(&item)?;
        self.identity_items.push(item);
        Ok(())
    }
}
