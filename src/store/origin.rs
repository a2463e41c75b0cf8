//! Where a store came from: what tells a copy of it from itself.

use crate::error::Result;
use crate::store::Store;
use crate::store::row::get;

/// Numbers of 32 bits; both 0 on SQLite, where a file is all there is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Origin {
    /// A dump loaded into another cluster, or a cluster rolled back in time, has another one. 0 without the right to ask.
    pub moment: i64,
    /// A dump loaded into another database has another one; a failover keeps it.
    database: i64,
}

/// The cluster with its history, and the database in the cluster.
pub(super) const WHOLE: &str = "SELECT (hashtextextended(s.system_identifier::text || '/' || c.timeline_id::text, 0) & 4294967295)::bigint, \
     (hashtextextended(s.system_identifier::text || '/' || d.oid::text, 0) & 4294967295)::bigint \
     FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()";

/// What is left without the right to ask for the cluster.
pub(super) const DATABASE: &str = "SELECT 0::bigint, (hashtextextended(oid::text, 0) & 4294967295)::bigint \
     FROM pg_database WHERE datname = current_database()";

impl Store {
    /// Where this store came from.
    pub async fn origin(&self) -> Result<Origin> {
        if !self.is_postgres() {
            return Ok(Origin::default());
        }
        let ask = async |text: &str| {
            let mut sql = self.sql();
            sql.push(text);
            self.one(sql).await
        };
        let row = match ask(WHOLE).await {
            Ok(row) => row,
            Err(_) => ask(DATABASE).await?,
        };
        let Some(row) = row else { return Ok(Origin::default()) };
        Ok(Origin::new(get(&row, 0)?, get(&row, 1)?))
    }
}

impl Origin {
    pub(super) fn new(moment: i64, database: i64) -> Self {
        Origin { moment, database }
    }

    /// The id of a store with this number of its own.
    pub fn store_id(self, number: i64) -> String {
        format!("{:08x}", (number ^ self.database) & 0xffff_ffff)
    }
}
