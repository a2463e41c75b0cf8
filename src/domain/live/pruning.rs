//! Pruning the change log: its oldest entries go, and readers whose cursor is older are told so, no others.

use std::collections::BTreeMap;

use sea_orm::Value;

use crate::domain::rapport::Rapport;
use crate::entity::table::Table;
use crate::entity::tenant;
use crate::error::Result;
use crate::ids::{CustomerId, Micros, TenantId};
use crate::store::row::get;
use crate::store::sql::{CellType, Sql};
use crate::store::{Ending, Transaction, Work};

/// Entries of one transaction: writers wait for no more than that.
const ENTRIES: i64 = 500;

impl Rapport {
    /// Tenants whose log reaches back beyond the cutoff.
    pub async fn tenants_to_prune(&self, cutoff: Micros) -> Result<Vec<TenantId>> {
        let mut sql = self.store.sql();
        sql.push("SELECT t.id FROM tenant t WHERE (SELECT c.at FROM change c WHERE c.tenant = t.id ORDER BY c.xid, c.seq LIMIT 1) < ")
            .bind(cutoff);
        self.store.all(sql).await?.iter().map(|row| get(row, 0)).collect()
    }

    /// Deletes the oldest entries of a tenant's log, as far as they were written before `cutoff`; how many, at most 500.
    /// Nothing while another server is at it. How far the log was pruned is written in the same transaction: readers
    /// whose cursor is older are told so, and no others.
    pub async fn prune_log(&self, tenant: TenantId, cutoff: Micros) -> Result<u64> {
        self.store.transact(Ending::Commit, &PruneLog { tenant, cutoff }).await
    }
}

struct PruneLog {
    tenant: TenantId,
    cutoff: Micros,
}

impl Work for PruneLog {
    type Done = u64;

    async fn run(&self, tx: &Transaction) -> Result<u64> {
        if !self.lock_tenant(tx).await? {
            return Ok(0);
        }
        let Some(Oldest { last: (xid, seq), floors }) = self.oldest(tx).await? else {
            return Ok(0);
        };
        self.raise_floors(tx, &floors).await?;
        let floor = tenant::Entity::update_of(self.tenant)
            .col_expr(tenant::Column::FloorXid, xid.into())
            .col_expr(tenant::Column::FloorSeq, seq.into());
        tx.run(Sql::from_query(tx.dialect, &floor)).await?;
        let mut sql = tx.sql();
        sql.push("DELETE FROM change WHERE tenant = ").bind(self.tenant);
        sql.push(" AND (xid, seq) <= (").bind(xid).push(", ").bind(seq).push(")");
        tx.run(sql).await
    }
}

/// The entries that go.
struct Oldest {
    /// The place of the last of them in the tenant's one order.
    last: (i64, i64),
    /// The last position of each customer among them.
    floors: BTreeMap<CustomerId, i64>,
}

impl PruneLog {
    /// Whether the tenant's row could be locked: another server that prunes holds it.
    async fn lock_tenant(&self, tx: &Transaction) -> Result<bool> {
        let mut sql = tx.sql();
        sql.push("SELECT id FROM tenant WHERE id = ").bind(self.tenant);
        sql.push(tx.dialect.for_update_skip_locked());
        Ok(tx.one(sql).await?.is_some())
    }

    async fn oldest(&self, tx: &Transaction) -> Result<Option<Oldest>> {
        let mut sql = tx.sql();
        sql.push("SELECT xid, seq, customer, position, at FROM change WHERE tenant = ");
        // What is still being written may come before what is there.
        sql.bind(self.tenant).push(" AND ").push(&tx.dialect.below_horizon("xid"));
        sql.push(" ORDER BY xid, seq LIMIT ").bind(ENTRIES);
        let mut last = None;
        let mut floors: BTreeMap<CustomerId, i64> = BTreeMap::new();
        for row in tx.all(sql).await? {
            if get::<Micros>(&row, 4)? >= self.cutoff {
                break;
            }
            last = Some((get(&row, 0)?, get(&row, 1)?));
            let floor = floors.entry(get(&row, 2)?).or_default();
            *floor = get::<i64>(&row, 3)?.max(*floor);
        }
        Ok(last.map(|last| Oldest { last, floors }))
    }

    /// Heads of erased customers are gone, and nobody asks for their floor.
    async fn raise_floors(
        &self,
        tx: &Transaction,
        floors: &BTreeMap<CustomerId, i64>,
    ) -> Result<()> {
        if tx.is_postgres() {
            // In the order in which all writers lock them.
            let mut sql = tx.sql();
            sql.push("SELECT number FROM customer_head WHERE tenant = ").bind(self.tenant);
            sql.push(" AND number").among(floors.keys().map(|customer| customer.0));
            sql.push(" ORDER BY number").push(tx.dialect.for_update());
            tx.all(sql).await?;
        }
        let rows: Vec<Vec<Value>> = floors
            .iter()
            .map(|(customer, floor)| vec![customer.0.into(), (*floor).into(), self.tenant.into()])
            .collect();
        let mut sql = tx.sql();
        sql.push("UPDATE customer_head SET floor = v.column2 FROM ");
        sql.rows(&[CellType::Big; 3], &rows);
        // The tenant stands in the rows, so that SQLite looks up these heads alone.
        sql.push(" AS v WHERE customer_head.tenant = v.column3");
        sql.push(" AND customer_head.number = v.column1 AND customer_head.floor < v.column2");
        tx.run(sql).await?;
        Ok(())
    }
}
