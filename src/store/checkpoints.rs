//! SQLite: what stands in the write-ahead log is brought into the database beside whoever writes. The one writer would do it
//! else, between two commits, and everybody would wait for it.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbErr, QueryResult};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::store::dialect::Dialect;
use crate::store::pool::ConnectionPool;
use crate::store::sql::Sql;

/// Pages that are brought in together: those that are written again and again, once for many commits.
const PAGES: i64 = 2_000;
/// How soon after a commit the log is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// The work beside one store. It ends with this.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// One connection: only one checkpoint can be at work.
    pool: Arc<ConnectionPool>,
    work: AbortHandle,
}

impl Checkpoints {
    /// Begins: looks at the log whenever something was committed.
    pub fn begin(pool: Arc<ConnectionPool>, committed: Arc<Notify>) -> Checkpoints {
        let over = pool.clone();
        let work = async move {
            loop {
                committed.notified().await;
                tokio::time::sleep(PAUSE).await;
                if let Err(error) = bring_in(&over).await {
                    // What is left is brought in by the writer, when there is four times as much.
                    tracing::debug!(%error, "a checkpoint beside the writer failed");
                }
            }
        };
        Checkpoints { pool, work: tokio::spawn(work).abort_handle() }
    }

    /// Brings everything in and empties the log, while nobody writes.
    pub async fn empty(&self, write: &ConnectionPool) -> Result<(), DbErr> {
        let writer = write.take().await?;
        let mut connection = self.pool.take().await?;
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        connection.done();
        writer.done();
        Ok(())
    }

    pub async fn close(&self) {
        self.work.abort();
        self.pool.close().await;
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn bring_in(pool: &ConnectionPool) -> Result<(), DbErr> {
    let row = pool.one(pragma("PRAGMA wal_checkpoint(NOOP)")).await?;
    let told = |row: &QueryResult, at: usize| row.try_get_by_index::<i64>(at);
    // Whether it was busy, the pages in the log, and those of them that are in the database.
    if let Some(row) = row
        && told(&row, 1)? - told(&row, 2)? >= PAGES
    {
        pool.one(pragma("PRAGMA wal_checkpoint(PASSIVE)")).await?;
    }
    Ok(())
}

fn pragma(text: &str) -> Sql {
    let mut sql = Sql::new(Dialect::Sqlite);
    sql.push(text);
    sql
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use crate::config::StoreConfig;
    use crate::store::Store;
    use crate::store::checkpoints::pragma;

    async fn run(store: &Store, text: &str) {
        store.run(pragma(text)).await.expect("writes");
    }

    #[tokio::test]
    async fn what_is_in_the_log_is_brought_in_beside_the_writer() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("r.db");
        let size = |name: &str| folder.path().join(name).metadata().expect("is there").len();
        let config = StoreConfig::at(&format!("sqlite://{}", file.display()), 1);
        let store = Store::connect(&config, Arc::default()).await.expect("opens");
        run(&store, "CREATE TABLE t (a BLOB)").await;
        // Three quarters of the pages that the writer brings in by itself.
        for _ in 0..24 {
            run(&store, "INSERT INTO t VALUES (zeroblob(1000000))").await;
        }
        let soon = async {
            while size("r.db") < 8_000_000 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), soon).await.expect("is brought in");
        assert!(size("r.db-wal") > 0);
        // Emptied while it is written to.
        let write = run(&store, "INSERT INTO t VALUES (1)");
        let (emptied, ()) = tokio::join!(store.checkpoint(), write);
        emptied.expect("empties");
        store.checkpoint().await.expect("empties");
        assert_eq!(size("r.db-wal"), 0);
        let row = store.one(pragma("SELECT COUNT(*) FROM t")).await.expect("reads");
        assert_eq!(row.expect("a row").try_get_by_index::<i64>(0).expect("a count"), 25);
        store.close().await;
    }
}
