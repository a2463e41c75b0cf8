//! Connections that stay in hand between statements.
//!
//! A pool of sqlx asks the store for a sign of life whenever a connection comes back, and starts a task to do it: a second
//! round trip behind every statement. A lane is a connection of that pool which is put aside instead, and taken again by
//! whoever comes next. What went wrong, or was dropped half-way, goes back to the pool, which tests or closes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, Connection, Database, Executor, Postgres, Sqlite};
use sea_orm::{ConnAcquireErr, DatabaseConnection, DbErr, QueryResult, RuntimeErr};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::sql::Sql;

/// How long a statement waits for a lane.
const PATIENCE: Duration = Duration::from_secs(5);
/// A lane that was quiet for longer is asked for a sign of life first.
const QUIET: Duration = Duration::from_secs(2);
/// A lane that is older goes back to the pool, which knows when a connection has served its time.
const OLD: Duration = Duration::from_secs(600);

/// The lanes of one door.
#[derive(Debug)]
pub(super) enum Lanes {
    Postgres(Arc<Kept<Postgres>>),
    Sqlite(Arc<Kept<Sqlite>>),
}

/// A lane in use. Ended by [`Lane::done`]; otherwise its connection goes back to the pool.
pub(super) enum Lane {
    Postgres(Taken<Postgres>),
    Sqlite(Taken<Sqlite>),
}

impl Lanes {
    pub fn over(connection: &DatabaseConnection, most: u32) -> Lanes {
        match connection.get_database_backend() {
            sea_orm::DbBackend::Postgres => {
                Lanes::Postgres(Kept::new(connection.get_postgres_connection_pool().clone(), most))
            }
            _ => Lanes::Sqlite(Kept::new(connection.get_sqlite_connection_pool().clone(), most)),
        }
    }

    pub async fn take(&self) -> Result<Lane, DbErr> {
        Ok(match self {
            Lanes::Postgres(kept) => Lane::Postgres(kept.take().await?),
            Lanes::Sqlite(kept) => Lane::Sqlite(kept.take().await?),
        })
    }

    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>, DbErr> {
        let mut lane = self.take().await?;
        let rows = lane.all(sql).await?;
        lane.done();
        Ok(rows)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        let mut lane = self.take().await?;
        let row = lane.one(sql).await?;
        lane.done();
        Ok(row)
    }

    /// Gives the connections that are aside back to the pool, for whoever takes one there.
    pub fn release(&self) {
        match self {
            Lanes::Postgres(kept) => kept.aside.lock().clear(),
            Lanes::Sqlite(kept) => kept.aside.lock().clear(),
        }
    }

    /// Gives the connections back to the pool and closes that.
    pub async fn close(&self) {
        match self {
            Lanes::Postgres(kept) => kept.close().await,
            Lanes::Sqlite(kept) => kept.close().await,
        }
    }
}

/// The same call on either kind of lane.
macro_rules! on {
    ($lane:expr, $taken:ident => $call:expr) => {
        match $lane {
            Lane::Postgres($taken) => $call,
            Lane::Sqlite($taken) => $call,
        }
    };
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

macro_rules! query {
    ($sql:expr) => {
        sqlx::query_with(sqlx::AssertSqlSafe($sql.text), SqlxValues(sea_orm::Values($sql.values)))
    };
}

impl Lane {
    pub async fn all(&mut self, sql: Sql) -> Result<Vec<QueryResult>, DbErr> {
        on!(self, taken => {
            let rows = query!(sql).fetch_all(taken.connection()).await.map_err(failed)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    pub async fn one(&mut self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        on!(self, taken => Ok(query!(sql).fetch_optional(taken.connection()).await.map_err(failed)?.map(QueryResult::from)))
    }

    /// Rows affected.
    pub async fn run(&mut self, sql: Sql) -> Result<u64, DbErr> {
        on!(self, taken => Ok(query!(sql).execute(taken.connection()).await.map_err(failed)?.rows_affected()))
    }

    /// A statement of our own that is not prepared: BEGIN, COMMIT, ROLLBACK, pragmas.
    pub async fn say(&mut self, text: &'static str) -> Result<(), DbErr> {
        on!(self, taken => taken.connection().execute(text).await.map_err(failed).map(drop))
    }

    /// Begins a transaction. Until [`Lane::settle`] nobody else may use the connection: dropped in between, it is closed.
    pub async fn begin(&mut self) -> Result<(), DbErr> {
        on!(self, taken => taken.unsettled = true);
        let text = match self {
            Lane::Postgres(_) => "BEGIN",
            Lane::Sqlite(_) => "BEGIN IMMEDIATE",
        };
        self.say(text).await
    }

    /// A statement that is a transaction by itself. Dropped half-way, it closes the connection as well: whether it was
    /// carried out is not known.
    pub async fn run_alone(&mut self, sql: Sql) -> Result<(), DbErr> {
        on!(self, taken => taken.unsettled = true);
        let done = self.run(sql).await;
        on!(self, taken => taken.unsettled = false);
        done.map(drop)
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`.
    pub async fn settle(mut self, end: &'static str) -> Result<(), DbErr> {
        self.say(end).await?;
        on!(&mut self, taken => taken.unsettled = false);
        self.done();
        Ok(())
    }

    /// Puts the connection aside for the next statement.
    pub fn done(self) {
        on!(self, taken => taken.done());
    }
}

/// The connections of one pool that are put aside.
#[derive(Debug)]
pub(super) struct Kept<D: Database> {
    pool: sqlx::Pool<D>,
    /// One for each connection there may be, in use or aside.
    permits: Arc<Semaphore>,
    aside: Mutex<Vec<Aside<D>>>,
}

#[derive(Debug)]
struct Aside<D: Database> {
    connection: PoolConnection<D>,
    opened: Instant,
    used: Instant,
}

pub(super) struct Taken<D: Database> {
    kept: Arc<Kept<D>>,
    /// `None` once it is given away.
    aside: Option<Aside<D>>,
    unsettled: bool,
    _permit: OwnedSemaphorePermit,
}

impl<D: Database> Kept<D> {
    fn new(pool: sqlx::Pool<D>, most: u32) -> Arc<Self> {
        Arc::new(Kept {
            pool,
            permits: Arc::new(Semaphore::new(most as usize)),
            aside: Mutex::default(),
        })
    }

    async fn take(self: &Arc<Self>) -> Result<Taken<D>, DbErr> {
        let permit = match tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned())
            .await
        {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
            Err(_) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        };
        let taken = |aside| Taken {
            kept: self.clone(),
            aside: Some(aside),
            unsettled: false,
            _permit: permit,
        };
        loop {
            // The one that was used last: those that are not needed grow old.
            let Some(mut aside) = self.aside.lock().pop() else { break };
            if aside.opened.elapsed() > OLD {
                continue;
            }
            if aside.used.elapsed() > QUIET && aside.connection.ping().await.is_err() {
                // One link that broke is seldom alone.
                aside.connection.close_on_drop();
                self.aside.lock().clear();
                continue;
            }
            return Ok(taken(aside));
        }
        let connection = self.pool.acquire().await.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        })?;
        let now = Instant::now();
        Ok(taken(Aside { connection, opened: now, used: now }))
    }

    async fn close(&self) {
        self.permits.close();
        self.aside.lock().clear();
        self.pool.close().await;
    }
}

impl<D: Database> Drop for Kept<D> {
    fn drop(&mut self) {
        // Giving a connection back is a task: without a runtime there is nobody to do it, and nobody who waits for it.
        if tokio::runtime::Handle::try_current().is_err() {
            std::mem::forget(std::mem::take(&mut *self.aside.lock()));
        }
    }
}

impl<D: Database> Taken<D> {
    fn connection(&mut self) -> &mut D::Connection {
        &mut self.aside.as_mut().expect("a lane in use has its connection").connection
    }

    fn done(mut self) {
        if let Some(mut aside) = self.aside.take() {
            aside.used = Instant::now();
            if self.kept.permits.is_closed() {
                return;
            }
            self.kept.aside.lock().push(aside);
        }
    }
}

impl<D: Database> Drop for Taken<D> {
    fn drop(&mut self) {
        if let Some(aside) = &mut self.aside
            && self.unsettled
        {
            aside.connection.close_on_drop();
        }
    }
}
