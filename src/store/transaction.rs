//! One writing transaction, and when it is tried again.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{EntityTrait, QueryResult, Select};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::backoff::backoff;
use crate::store::dialect::Dialect;
use crate::store::failpoints::failpoint;
use crate::store::group::Group;
use crate::store::pool::{ConnectionPool, PooledConnection};
use crate::store::sql::{Sql, models};
use crate::store::sql_state::sql_state;
use crate::store::together::{Held, moved, together};

/// How often a transaction is tried again before the client hears of it.
const ATTEMPTS: u32 = 60;

/// What is done in one transaction: a value with one method, so that it may borrow what it needs and can be run again from
/// the start.
pub trait Work: Sync {
    type Done: Send;

    fn run(&self, tx: &Transaction) -> impl Future<Output = Result<Self::Done>> + Send;
}

impl Store {
    /// One transaction, READ COMMITTED on PostgreSQL and BEGIN IMMEDIATE on SQLite. Deadlocks, serialisation failures,
    /// numbers that met another's, and [`Error::Retry`] are tried again from the start. Must not be dropped half-way:
    /// the rooms above run every mutation in a task of its own.
    ///
    /// A rehearsal ([`Ending::RollBack`]) does everything and changes nothing.
    pub async fn transact<W: Work>(&self, ending: Ending, work: &W) -> Result<W::Done> {
        let mut attempt = 0;
        loop {
            let failed = match self.attempt(ending, work).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            attempt += 1;
            if attempt >= ATTEMPTS || failpoint("no-retry") || !self.is_passing(&failed) {
                return Err(failed);
            }
            tokio::time::sleep(backoff(attempt)).await;
        }
    }

    /// One statement as a transaction of its own; the rows that it affected.
    pub async fn run(&self, sql: Sql) -> Result<u64> {
        self.transact(Ending::Commit, &Statement(sql)).await
    }

    async fn attempt<W: Work>(&self, ending: Ending, work: &W) -> Result<W::Done> {
        let tx = Transaction {
            dialect: self.dialect,
            ending,
            read: self.read.clone(),
            write: self.write.clone(),
            group: self.group.clone(),
            begun: Mutex::new(None),
        };
        let (done, end) = match work.run(&tx).await {
            Ok(value) if ending == Ending::Commit => (Ok(value), "COMMIT"),
            done => (done, "ROLLBACK"),
        };
        let Some(connection) = tx.begun.into_inner() else { return done };
        if end == "COMMIT" && failpoint("ack-early") {
            let late = async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                connection.settle(end).await
            };
            drop(tokio::spawn(late));
            return done;
        }
        match (connection.settle(end).await, done) {
            (Ok(()), done) => done,
            // A rollback that fails (the link broke) must not hide why we roll back.
            (Err(_), Err(error)) => Err(error),
            (Err(error), Ok(_)) => Err(error.into()),
        }
    }

    fn is_passing(&self, error: &Error) -> bool {
        match error {
            Error::Retry => true,
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

struct Statement(Sql);

impl Work for Statement {
    type Done = u64;

    async fn run(&self, tx: &Transaction) -> Result<u64> {
        tx.run(self.0.clone()).await
    }
}

/// How a transaction ends when its body did not fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    Commit,
    RollBack,
}

/// A transaction of [`Store::transact`]. It begins with its first statement.
pub struct Transaction {
    pub dialect: Dialect,
    ending: Ending,
    read: Arc<ConnectionPool>,
    write: Arc<ConnectionPool>,
    group: Arc<Group>,
    /// The connection, once it has begun.
    begun: Mutex<Option<PooledConnection>>,
}

impl Transaction {
    pub fn is_postgres(&self) -> bool {
        self.dialect.is_postgres()
    }

    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect)
    }

    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.connection().await?.all(sql).await?)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>> {
        Ok(self.connection().await?.one(sql).await?)
    }

    /// The rows of an entity.
    pub async fn find<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        models::<E>(&self.all(Sql::from_query(self.dialect, &select)).await?)
    }

    pub async fn run(&self, sql: Sql) -> Result<u64> {
        Ok(self.connection().await?.run(sql).await?)
    }

    /// Rows as they are at this moment: a transaction that has said nothing before does not begin with it, so that whoever
    /// builds on them says so with [`Held`]. Behind a pooler it does.
    pub async fn peek(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        let begun = self.begun.lock().await;
        if begun.is_some() || self.write.is_pooled() {
            drop(begun);
            return self.all(sql).await;
        }
        // SQLite's one writer waits for nobody who only reads.
        let pool = if self.is_postgres() { &self.write } else { &self.read };
        Ok(pool.all(sql).await?)
    }

    async fn connection(&self) -> Result<MappedMutexGuard<'_, PooledConnection>> {
        let mut begun = self.begun.lock().await;
        if begun.is_none() {
            let mut connection = self.write.take().await?;
            connection.begin().await?;
            *begun = Some(connection);
        }
        let held = MutexGuard::try_map(begun, Option::as_mut);
        held.map_err(|_| Error::Internal("a transaction without a connection".into()))
    }

    /// Statements that do not read what the others write: one round trip on PostgreSQL (data-modifying WITH), one after
    /// the other on SQLite.
    pub async fn run_together(&self, held: Option<Held>, statements: Vec<Sql>) -> Result<()> {
        if !self.is_postgres() || (held.is_none() && statements.len() < 2) {
            if let Some(Held { update, rows, .. }) = held
                && self.run(update).await? != rows
            {
                return Err(Error::Retry);
            }
            for statement in statements {
                self.run(statement).await?;
            }
            return Ok(());
        }
        let holds = held.is_some();
        let done = self.run(together(self.dialect, held, statements)).await;
        done.map(drop).map_err(|error| moved(error, holds))
    }

    /// The same, where nothing comes after. A transaction that has said nothing before is then this one statement, which
    /// PostgreSQL commits by itself: no BEGIN and no COMMIT to wait for. SQLite commits it with those that wait.
    pub async fn run_last(&self, held: Option<Held>, statements: Vec<Sql>) -> Result<()> {
        let begun = self.begun.lock().await;
        if begun.is_some()
            || self.ending != Ending::Commit
            || (held.is_none() && statements.is_empty())
            || failpoint("ack-early")
            // What is skipped must be late: a COMMIT of its own is.
            || failpoint("skip-late-commits")
        {
            drop(begun);
            return self.run_together(held, statements).await;
        }
        if !self.is_postgres() {
            return self.group.commit(&self.write, held, statements).await;
        }
        let holds = held.is_some();
        let mut connection = self.write.take().await?;
        let done = connection.run_alone(together(self.dialect, held, statements)).await;
        done.map_err(|error| moved(error.into(), holds))?;
        connection.done();
        Ok(())
    }
}
