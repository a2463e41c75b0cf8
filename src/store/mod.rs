//! The store: connections by role, statements, and the one way to a transaction, [`Store::transact`].

mod backoff;
mod cell_rows;
mod checkout;
mod checkpoints;
pub mod connection_role;
mod dialect;
pub mod examine;
pub mod failpoints;
mod gate;
mod group;
pub mod lines;
mod migrate;
mod migrations;
mod origin;
mod pool;
mod recorder;
mod records;
pub mod row;
pub mod row_statement;
pub mod sql;
mod sql_state;
pub mod sqlite_file;
mod together;
mod transaction;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{Database, DbErr, EntityTrait, QueryResult, Select};

use crate::config::StoreConfig;
use crate::error::{Error, Result};
use crate::ids::Clock;
use crate::store::checkpoints::Checkpoints;
use crate::store::connection_role::{ConnectionRole, options};
pub use crate::store::dialect::Dialect;
use crate::store::gate::Gate;
use crate::store::group::Group;
use crate::store::migrations::Migrates;
pub use crate::store::origin::Origin;
use crate::store::pool::ConnectionPool;
pub use crate::store::recorder::Recorder;
use crate::store::sql::{Sql, models};
use crate::store::sql_state::sql_state;
pub use crate::store::together::Held;
pub use crate::store::transaction::{Ending, Transaction, Work};

/// PostgreSQL's code for what a role may not do.
const NO_PRIVILEGE: &str = "42501";

/// How many connections a server opens to PostgreSQL: for writes, for reads, and half as many for search.
pub fn connections(config: &StoreConfig) -> usize {
    let all = config.database_connections;
    (all + all + all.div_ceil(2)) as usize
}

/// One store behind two roles: readers never wait for the writer on SQLite, and on PostgreSQL they carry settings of
/// their own.
#[derive(Clone)]
pub struct Store {
    pub dialect: Dialect,
    read: Arc<ConnectionPool>,
    /// Readers that may use bitmap scans: the full-text and trigram indexes know no other.
    search: Arc<ConnectionPool>,
    write: Arc<ConnectionPool>,
    /// What waits for the one writer of SQLite.
    group: Arc<Group>,
    /// Beside the one writer of SQLite.
    checkpoints: Option<Arc<Checkpoints>>,
    /// Whether [`Store::settle`] may do what it does, as far as is known.
    settles: Arc<AtomicBool>,
    migrates: Arc<Migrates>,
    clock: Arc<Clock>,
    /// What was executed, for tests.
    pub recorder: Recorder,
}

impl Store {
    /// Connects, and says in one line for the operator why that cannot be.
    pub async fn connect(config: &StoreConfig, clock: Arc<Clock>) -> Result<Self> {
        if config.database_url.starts_with("sqlite:") {
            Store::open_sqlite(config, clock).await
        } else {
            Store::open_postgres(config, clock).await
        }
    }

    async fn open_sqlite(config: &StoreConfig, clock: Arc<Clock>) -> Result<Self> {
        // SQLite's readers work in this process: more than the cores can feed only take memory.
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX));
        let readers = config.database_connections.min(cores.saturating_mul(2));
        let recorder = Recorder::default();
        let unusable = |error: DbErr| {
            let file = sqlite_file::path(&config.database_url);
            match file.and_then(|file| sqlite_file::obstacle(&file)) {
                Some(obstacle) => Error::Unusable(format!("DATABASE_URL: {obstacle}")),
                None => Error::Store(error),
            }
        };
        let open = async |role, most, recorder| {
            let pool = Database::connect(options(config, most, role, false)).await;
            let pool = pool.map_err(unusable)?;
            Ok::<_, Error>((Arc::new(ConnectionPool::over(&pool, most, None, recorder)), pool))
        };
        let (write, pool) = open(ConnectionRole::Write, 1, recorder.clone()).await?;
        let (read, _) = open(ConnectionRole::Read, readers, recorder.clone()).await?;
        let (aside, _) = open(ConnectionRole::Read, 1, Recorder::default()).await?;
        let checkpoints = Checkpoints::begin(aside, write.committed());
        Ok(Store {
            dialect: Dialect::Sqlite,
            search: read.clone(),
            read,
            write,
            group: Arc::default(),
            checkpoints: Some(Arc::new(checkpoints)),
            settles: Arc::new(AtomicBool::new(true)),
            migrates: Arc::new(Migrates::Sqlite(pool)),
            clock,
            recorder,
        })
    }

    async fn open_postgres(config: &StoreConfig, clock: Arc<Clock>) -> Result<Self> {
        let all = config.database_connections;
        let gate = Gate::of(config)?;
        let before = gate.look(config.database_pooler, connections(config)).await?;
        let pooled = before.is_pooler();
        before.warn(&gate, connections(config))?;
        let recorder = Recorder::default();
        let open = async |role: ConnectionRole, most| {
            let pool = Database::connect(options(config, most, role, pooled)).await?;
            let opening = pooled.then(|| role.opening());
            Ok::<_, Error>(Arc::new(ConnectionPool::over(&pool, most, opening, recorder.clone())))
        };
        Ok(Store {
            dialect: Dialect::Postgres,
            write: open(ConnectionRole::Write, all).await?,
            read: open(ConnectionRole::Read, all).await?,
            search: open(ConnectionRole::Search, all.div_ceil(2)).await?,
            group: Arc::default(),
            checkpoints: None,
            settles: Arc::new(AtomicBool::new(true)),
            migrates: Arc::new(Migrates::Postgres(config.clone(), pooled)),
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

    /// Closes every connection.
    pub async fn close(self) {
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.close().await;
        }
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
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.empty(&self.write).await?;
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

    /// PostgreSQL: what was written last lies in a list beside a full-text or trigram index, up to 4 MB of it, and every look
    /// into the index goes through all of that list, which takes up to 20 ms. A search that looks into it more than once puts
    /// it in its place first, as the writers would have done a little later. Who does not own the tables may not, and does not
    /// try again; the search is as right without.
    pub async fn settle(&self, indexes: &[&str]) {
        if !self.is_postgres() || !self.settles.load(Ordering::Relaxed) {
            return;
        }
        let each = indexes.iter().map(|index| format!("gin_clean_pending_list('{index}')"));
        let mut sql = self.sql();
        sql.push("SELECT ").push(&each.collect::<Vec<_>>().join(", "));
        if let Err(error) = self.search.all(sql).await {
            tracing::debug!(%error, "the list beside an index stays as it is");
            if sql_state(&error).as_deref() == Some(NO_PRIVILEGE) {
                self.settles.store(false, Ordering::Relaxed);
            }
        }
    }

    /// Rows by a full-text or trigram index.
    pub async fn search(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.search.all(sql).await?)
    }
}
