//! The store's connections, and the one way to write: [`Store::transact`].

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sea_orm::{
    Database, DatabaseConnection, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryResult,
    QueryTrait, RuntimeErr, Select, Statement,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::config::StoreConfig;
use crate::domain::doors::{Door, options};
use crate::domain::faults::seeded;
use crate::domain::lanes::{Lane, Lanes};
use crate::domain::sql::Sql;
use crate::error::{Error, Result};
use crate::ids::Clock;

/// How often a transaction is tried again before the client hears of it.
const ATTEMPTS: u32 = 60;
/// The same for the migrations.
const MIGRATION_ATTEMPTS: u32 = 8;

/// One store behind two doors: readers never wait for the writer on SQLite, and on PostgreSQL they carry settings of
/// their own.
#[derive(Clone, Debug)]
pub struct Store {
    pub backend: DbBackend,
    read: Arc<Lanes>,
    /// Readers that may use bitmap scans: the full-text and trigram indexes know no other.
    search: Arc<Lanes>,
    write: Arc<Lanes>,
    /// The pool of the writers, which the migrations take a connection of.
    pool: DatabaseConnection,
    clock: Arc<Clock>,
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
        let lanes = async |door, most| -> Result<(Arc<Lanes>, DatabaseConnection)> {
            let pool = Database::connect(options(config, most, door)).await?;
            Ok((Arc::new(Lanes::over(&pool, most)), pool))
        };
        let (write, pool) = lanes(Door::Write, if sqlite { 1 } else { all }).await?;
        let (read, _) = lanes(Door::Read, all).await?;
        let search =
            if sqlite { read.clone() } else { lanes(Door::Search, all.div_ceil(2)).await?.0 };
        Ok(Store {
            backend: if sqlite { DbBackend::Sqlite } else { DbBackend::Postgres },
            read,
            search,
            write,
            pool,
            clock,
        })
    }

    pub fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    pub fn sql(&self) -> Sql {
        Sql::new(self.backend)
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
            let mut lane = self.write.take().await?;
            lane.say("PRAGMA wal_checkpoint(TRUNCATE)").await?;
            lane.done();
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
        let Statement { sql, values, .. } = select.build(self.backend);
        let sql = Sql {
            backend: self.backend,
            text: sql,
            values: values.map(|values| values.0).unwrap_or_default(),
        };
        self.all(sql).await?.iter().map(|row| Ok(E::Model::from_query_result(row, "")?)).collect()
    }

    /// Rows by a full-text or trigram index.
    pub async fn search(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.search.all(sql).await?)
    }

    /// One transaction, READ COMMITTED on PostgreSQL and BEGIN IMMEDIATE on SQLite. Deadlocks, serialisation failures,
    /// numbers that met another's, and [`Error::Moved`] are tried again from the start. Must not be dropped half-way:
    /// the door above runs every mutation in a task of its own.
    pub async fn transact<T, F>(&self, body: F) -> Result<T>
    where
        T: Send,
        F: for<'a> Fn(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + Sync,
    {
        self.transact_to(Ending::Commit, body).await
    }

    /// The same, with a choice of how it ends: a rehearsal is rolled back and changes nothing.
    pub async fn transact_to<T, F>(&self, ending: Ending, body: F) -> Result<T>
    where
        T: Send,
        F: for<'a> Fn(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + Sync,
    {
        let mut attempt = 0;
        loop {
            let failed = match self.attempt(ending, &body).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            attempt += 1;
            if attempt >= ATTEMPTS || seeded("no-retry") || !self.is_passing(&failed) {
                return Err(failed);
            }
            tokio::time::sleep(backoff(attempt)).await;
        }
    }

    async fn attempt<T, F>(&self, ending: Ending, body: &F) -> Result<T>
    where
        F: for<'a> Fn(&'a Tx) -> BoxFuture<'a, Result<T>>,
    {
        let lane = self.write.take().await?;
        let tx = Tx { backend: self.backend, ending, lane: Mutex::new((lane, false)) };
        let (done, end) = match body(&tx).await {
            Ok(value) if ending == Ending::Commit => (Ok(value), "COMMIT"),
            done => (done, "ROLLBACK"),
        };
        let (lane, begun) = tx.lane.into_inner();
        if !begun {
            lane.done();
            return done;
        }
        if end == "COMMIT" && seeded("ack-early") {
            let late = async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                lane.settle(end).await
            };
            drop(tokio::spawn(late));
            return done;
        }
        match (lane.settle(end).await, done) {
            (Ok(()), done) => done,
            // A rollback that fails (the link broke) must not hide why we roll back.
            (Err(_), Err(error)) => Err(error),
            (Err(error), Ok(_)) => Err(error.into()),
        }
    }

    fn is_passing(&self, error: &Error) -> bool {
        match error {
            Error::Moved => true,
            Error::Store(error) => match sql_state(error).as_deref() {
                // PostgreSQL: serialisation failure, deadlock, lock timeout. SQLite: BUSY, BUSY_SNAPSHOT.
                Some("40001" | "40P01" | "55P03" | "5" | "517" | "261") => true,
                // A number of ours met another process's: draw new ones.
                Some("23505" | "1555" | "2067" | "19") => {
                    self.clock.redraw();
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }
}

/// How a transaction ends when its body did not fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    Commit,
    RollBack,
}

/// A transaction of [`Store::transact`]. It begins with its first statement.
pub struct Tx {
    pub backend: DbBackend,
    ending: Ending,
    /// The connection, and whether it has begun.
    lane: Mutex<(Lane, bool)>,
}

impl Tx {
    pub fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    pub fn sql(&self) -> Sql {
        Sql::new(self.backend)
    }

    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.lane().await?.0.all(sql).await?)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>> {
        Ok(self.lane().await?.0.one(sql).await?)
    }

    pub async fn run(&self, sql: Sql) -> Result<u64> {
        Ok(self.lane().await?.0.run(sql).await?)
    }

    async fn lane(&self) -> Result<MutexGuard<'_, (Lane, bool)>> {
        let mut lane = self.lane.lock().await;
        if !lane.1 {
            lane.1 = true;
            lane.0.begin().await?;
        }
        Ok(lane)
    }

    /// Statements that do not read what the others write: one round trip on PostgreSQL (data-modifying WITH), one after
    /// the other on SQLite.
    pub async fn run_together(&self, statements: Vec<Sql>) -> Result<()> {
        if !self.is_postgres() || statements.len() < 2 {
            for statement in statements {
                self.run(statement).await?;
            }
            return Ok(());
        }
        self.run(self.together(statements)).await.map(drop)
    }

    /// The same, where nothing comes after. A transaction that has said nothing before is then this one statement, which
    /// PostgreSQL commits by itself: no BEGIN and no COMMIT to wait for.
    pub async fn run_last(&self, statements: Vec<Sql>) -> Result<()> {
        let mut lane = self.lane.lock().await;
        if lane.1 || !self.is_postgres() || self.ending != Ending::Commit || statements.is_empty() {
            drop(lane);
            return self.run_together(statements).await;
        }
        Ok(lane.0.run_alone(self.together(statements)).await?)
    }

    fn together(&self, statements: Vec<Sql>) -> Sql {
        let mut all = self.sql();
        for (n, statement) in statements.into_iter().enumerate() {
            all.push(if n == 0 { "WITH w" } else { ", w" }).push(&n.to_string()).push(" AS (");
            let shifted = shift(&statement.text, all.values.len());
            all.push(&shifted).push(")");
            all.values.extend(statement.values);
        }
        all.push(" SELECT 1");
        all
    }
}

/// Parameter numbers moved up. Our own texts hold `$` only before parameters.
fn shift(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: usize = rest[..digits].parse().unwrap_or(0);
        out.push_str(&(number + by).to_string());
        rest = &rest[digits..];
    }
    out.push_str(rest);
    out
}

fn sql_state(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => {
            error.as_database_error().and_then(|error| error.code()).map(|code| code.to_string())
        }
        _ => None,
    }
}

/// Up to about 100 ms, drawn at random, so that those who met do not meet again.
fn backoff(attempt: u32) -> Duration {
    let draw = RandomState::new().build_hasher().finish();
    let most = (1_000u64 << attempt.min(7)).min(100_000);
    Duration::from_micros(draw % most)
}

#[cfg(test)]
mod tests {
    use super::shift;

    #[test]
    fn parameters_are_moved_up_by_number() {
        assert_eq!(shift("a = $1 AND b = $12 OR c = $2", 3), "a = $4 AND b = $15 OR c = $5");
    }
}
