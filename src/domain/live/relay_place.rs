//! What the relay of the outgoing stream needs of the store: how far each tenant's change log reaches, how far it was
//! relayed, and how much the feed holds back.

use crate::domain::rapport::Rapport;
use crate::entity::relay;
use crate::entity::table::Table;
use crate::error::Result;
use crate::ids::TenantId;
use crate::store::row::get;
use crate::store::sql::insert;

/// Transaction and number of an entry: its place in a tenant's one order.
pub type FeedPlace = (i64, i64);

/// A tenant that has a change log, and the place of its newest entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedEnd {
    pub tenant: TenantId,
    pub name: String,
    pub last: FeedPlace,
}

impl Rapport {
    /// Where the change log of each tenant ends, committed or not.
    pub async fn feed_ends(&self) -> Result<Vec<FeedEnd>> {
        let mut sql = self.store.sql();
        sql.push("SELECT t.id, t.name");
        for column in ["xid", "seq"] {
            sql.push(", (SELECT c.").push(column).push(
                " FROM change c WHERE c.tenant = t.id ORDER BY c.xid DESC, c.seq DESC LIMIT 1)",
            );
        }
        sql.push(" FROM tenant t ORDER BY t.id");
        let mut ends = Vec::new();
        for row in self.store.all(sql).await? {
            if let Some(last) = get::<Option<i64>>(&row, 2)?.zip(get(&row, 3)?) {
                ends.push(FeedEnd { tenant: get(&row, 0)?, name: get(&row, 1)?, last });
            }
        }
        Ok(ends)
    }

    /// How far the tenant's stream had come when it was last written down.
    pub async fn relay_place(&self, tenant: TenantId) -> Result<Option<FeedPlace>> {
        let row = self.store.find(relay::Entity::of(tenant)).await?.pop();
        Ok(row.map(|row| (row.xid, row.seq)))
    }

    /// Writes down how far the tenant's stream has come.
    pub async fn keep_relay_place(&self, tenant: TenantId, place: FeedPlace) -> Result<()> {
        let row = relay::Model { tenant, xid: place.0, seq: place.1 };
        let mut sql = insert::<relay::Entity>(self.store.dialect, &[row]);
        sql.push(" ON CONFLICT (tenant) DO UPDATE SET xid = excluded.xid, seq = excluded.seq");
        self.store.run(sql).await.map(drop)
    }

    /// Transactions between the oldest that is open and the newest: what the feed waits for. `None` where the store has
    /// one writer and nothing ever waits.
    pub async fn feed_horizon(&self) -> Result<Option<i64>> {
        if !self.store.is_postgres() {
            return Ok(None);
        }
        let mut sql = self.store.sql();
        sql.push("SELECT pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() AS s");
        self.store.one(sql).await?.map(|row| get(&row, 0)).transpose()
    }
}
