//! A new epoch of the store, begun after a restore. What was handed out before it may tell of changes that the store has
//! forgotten, so that live cursors of another epoch are answered with a reset.

use crate::entity::store_secret;
use crate::error::Result;
use crate::store::sql::Sql;
use crate::store::{Ending, Store, Transaction, Work};

/// Begins a new epoch. No server may run on the store meanwhile: it keeps the epoch of its start.
///
/// The log of changes begins anew with it. Its order on PostgreSQL is that of the cluster's transactions, and a dump may
/// come from a cluster that was further than this one.
pub async fn begin_epoch(store: &Store) -> Result<()> {
    store.transact(Ending::Commit, &NewEpoch(i64::from(rand::random::<u32>()))).await
}

struct NewEpoch(i64);

impl Work for NewEpoch {
    type Done = ();

    async fn run(&self, tx: &Transaction) -> Result<()> {
        let renewed = store_secret::Entity::renew(self.0);
        tx.run(Sql::from_query(tx.dialect, &renewed)).await?;
        for statement in [
            "DELETE FROM change",
            "DELETE FROM relay",
            "UPDATE tenant SET floor_xid = 0, floor_seq = 0",
        ] {
            let mut sql = tx.sql();
            sql.push(statement);
            tx.run(sql).await?;
        }
        Ok(())
    }
}
