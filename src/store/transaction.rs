//! One writing transaction, and when it is tried again.

use std::time::Duration;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, EntityTrait, QueryResult, RuntimeErr, Select};
use tokio::sync::{Mutex, MutexGuard};

use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::backoff::backoff;
use crate::store::dialect::Dialect;
use crate::store::failpoints::failpoint;
use crate::store::pool::PooledConnection;
use crate::store::sql::{Sql, models};

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
        let connection = self.write.take().await?;
        let tx = Transaction {
            dialect: self.dialect,
            ending,
            connection: Mutex::new((connection, false)),
        };
        let (done, end) = match work.run(&tx).await {
            Ok(value) if ending == Ending::Commit => (Ok(value), "COMMIT"),
            done => (done, "ROLLBACK"),
        };
        let (connection, begun) = tx.connection.into_inner();
        if !begun {
            connection.done();
            return done;
        }
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
    /// The connection, and whether it has begun.
    connection: Mutex<(PooledConnection, bool)>,
}

impl Transaction {
    pub fn is_postgres(&self) -> bool {
        self.dialect.is_postgres()
    }

    pub fn sql(&self) -> Sql {
        Sql::new(self.dialect)
    }

    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>> {
        Ok(self.connection().await?.0.all(sql).await?)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>> {
        Ok(self.connection().await?.0.one(sql).await?)
    }

    /// The rows of an entity.
    pub async fn find<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        models::<E>(&self.all(Sql::from_query(self.dialect, &select)).await?)
    }

    pub async fn run(&self, sql: Sql) -> Result<u64> {
        Ok(self.connection().await?.0.run(sql).await?)
    }

    async fn connection(&self) -> Result<MutexGuard<'_, (PooledConnection, bool)>> {
        let mut connection = self.connection.lock().await;
        if !connection.1 {
            connection.1 = true;
            connection.0.begin().await?;
        }
        Ok(connection)
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
        let mut connection = self.connection.lock().await;
        if connection.1
            || !self.is_postgres()
            || self.ending != Ending::Commit
            || statements.is_empty()
        {
            drop(connection);
            return self.run_together(statements).await;
        }
        Ok(connection.0.run_alone(self.together(statements)).await?)
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
            error.as_database_error().and_then(DatabaseError::code).map(|code| code.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::store::transaction::shift;

    #[test]
    fn parameters_are_moved_up_by_number() {
        assert_eq!(shift("a = $1 AND b = $12 OR c = $2", 3), "a = $4 AND b = $15 OR c = $5");
    }
}
