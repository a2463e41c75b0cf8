//! The store: connections by role, statements, and the one way to a transaction, [`Store::transact`].

mod backoff;
pub mod connection_role;
mod dialect;
pub mod failpoints;
pub mod lines;
mod pool;
mod recorder;
mod records;
pub mod row;
pub mod row_statement;
pub mod sql;
mod transaction;

use std::sync::Arc;

use sea_orm::{Database, DatabaseConnection, EntityTrait, QueryResult, Select};

use crate::config::StoreConfig;
use crate::error::Result;
use crate::ids::Clock;
use crate::store::backoff::backoff;
use crate::store::connection_role::{ConnectionRole, options};
pub use crate::store::dialect::Dialect;
use crate::store::pool::ConnectionPool;
pub use crate::store::recorder::Recorder;
use crate::store::sql::{Sql, models};
pub use crate::store::transaction::{Ending, Transaction, Work};

/// How often the migrations are tried while another server migrates.
const MIGRATION_ATTEMPTS: u32 = 8;

/// One store behind two roles: readers never wait for the writer on SQLite, and on PostgreSQL they carry settings of
/// their own.
#[derive(Clone, Debug)]
pub struct Store {
    pub dialect: Dialect,
    read: Arc<ConnectionPool>,
    /// Readers that may use bitmap scans: the full-text and trigram indexes know no other.
    search: Arc<ConnectionPool>,
    write: Arc<ConnectionPool>,
    /// The pool of the writers, which the migrations take a connection of.
    pool: DatabaseConnection,
    clock: Arc<Clock>,
    /// What was executed, for tests.
    pub recorder: Recorder,
}

impl Store {
    pub async fn connect(config: &StoreConfig, clock: Arc<Clock>) -> Result<Self> {
        let sqlite = config.database_url.starts_with("sqlite:");
        // SQLite's readers work in this process: more than the cores can feed only take memory.
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX));
        let all = if sqlite {
            config.database_connections.min(cores.saturating_mul(2))
        } else {
            config.database_connections
        };
        let recorder = Recorder::default();
        let pool_for = async |role, most| -> Result<(Arc<ConnectionPool>, DatabaseConnection)> {
            let pool = Database::connect(options(config, most, role)).await?;
            Ok((Arc::new(ConnectionPool::over(&pool, most, recorder.clone())), pool))
        };
        let (write, pool) = pool_for(ConnectionRole::Write, if sqlite { 1 } else { all }).await?;
        let (read, _) = pool_for(ConnectionRole::Read, all).await?;
        let search = if sqlite {
            read.clone()
        } else {
            pool_for(ConnectionRole::Search, all.div_ceil(2)).await?.0
        };
        Ok(Store {
            dialect: if sqlite { Dialect::Sqlite } else { Dialect::Postgres },
            read,
            search,
            write,
            pool,
            clock,
            recorder,
        })
    }

    pub fn is_postgres(&self) -> bool {
        self.dialect.is_postgres()
    }

    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect)
    }

    /// Runs the migrations that are missing. Another server may be starting on the same store: whoever comes second
    /// fails, looks again, and finds less to do.
    pub async fn migrate(&self) -> Result<()> {
        use rapport_migrations::{Migrator, sea_orm_migration::MigratorTrait};
        self.write.release();
        for attempt in 1..MIGRATION_ATTEMPTS {
            match Migrator::up(&self.pool, None).await {
                Ok(()) => return Ok(()),
                Err(error) => tracing::debug!(detail = %error, "the migrations are tried again"),
            }
            tokio::time::sleep(backoff(attempt)).await;
        }
        Ok(Migrator::up(&self.pool, None).await?)
    }

    /// How many migrations are still to be applied.
    pub async fn missing_migrations(&self) -> Result<usize> {
        use rapport_migrations::{Migrator, sea_orm_migration::MigratorTrait};
        self.write.release();
        Ok(Migrator::get_pending_migrations(&self.pool).await?.len())
    }

    /// Closes every connection.
    pub async fn close(self) {
        self.write.close().await;
        self.read.close().await;
        self.search.close().await;
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<()> {
        let mut sql = self.sql();
        sql.push("SELECT 1");
        self.one(sql).await.map(drop)
    }

    /// SQLite: empties the write-ahead log into the database, so that what was erased does not live on in it. A reader
    /// that is in the way leaves it for the next time.
    pub async fn checkpoint(&self) -> Result<()> {
        if !self.is_postgres() {
            let mut connection = self.write.take().await?;
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            connection.done();
        }
        Ok(())
    }

    /// Rows, outside a transaction.
    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.read.all(sql).await?)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>> {
        Ok(self.read.one(sql).await?)
    }

    /// The rows of an entity.
    pub async fn find<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        models::<E>(&self.all(Sql::from_query(self.dialect, &select)).await?)
    }

    /// Rows by a full-text or trigram index.
    pub async fn search(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.search.all(sql).await?)
    }
}
