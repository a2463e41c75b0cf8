//! Connections that stay in hand between statements.
//!
//! A pool of sqlx asks the store for a sign of life whenever a connection comes back, and starts a task to do it: a second
//! round trip behind every statement. Here a connection stays idle at hand instead, and is checked out again by whoever
//! comes next. What went wrong, or was dropped half-way, goes back to the pool, which tests or closes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, Connection, Database, Executor, Postgres, Sqlite};
use sea_orm::{ConnAcquireErr, DatabaseConnection, DbErr, QueryResult, RuntimeErr};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::request_notes;
use crate::store::recorder::Recorder;
use crate::store::sql::Sql;

/// How long a statement waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was quiet for longer is asked for a sign of life first.
const TEST_AFTER: Duration = Duration::from_secs(2);
/// A connection that is older goes back to the pool, which knows when a connection has served its time.
const MAX_AGE: Duration = Duration::from_mins(10);

/// The pool of one role, of either kind of store.
#[derive(Debug)]
pub(super) enum ConnectionPool {
    Postgres(Arc<Pool<Postgres>>),
    Sqlite(Arc<Pool<Sqlite>>),
}

/// A checked-out connection. Ended by [`PooledConnection::done`]; dropped otherwise, it goes back to the pool.
pub(super) enum PooledConnection {
    Postgres(Checkout<Postgres>),
    Sqlite(Checkout<Sqlite>),
}

impl ConnectionPool {
    pub fn over(connection: &DatabaseConnection, most: u32, recorder: Recorder) -> ConnectionPool {
        match connection.get_database_backend() {
            sea_orm::DbBackend::Postgres => ConnectionPool::Postgres(Pool::new(
                connection.get_postgres_connection_pool().clone(),
                most,
                recorder,
            )),
            _ => ConnectionPool::Sqlite(Pool::new(
                connection.get_sqlite_connection_pool().clone(),
                most,
                recorder,
            )),
        }
    }

    pub async fn take(&self) -> Result<PooledConnection, DbErr> {
        Ok(match self {
            ConnectionPool::Postgres(pool) => PooledConnection::Postgres(pool.take().await?),
            ConnectionPool::Sqlite(pool) => PooledConnection::Sqlite(pool.take().await?),
        })
    }

    pub async fn all(&self, sql: Sql) -> Result<Vec<QueryResult>, DbErr> {
        let mut connection = self.take().await?;
        let rows = connection.all(sql).await?;
        connection.done();
        Ok(rows)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        let mut connection = self.take().await?;
        let row = connection.one(sql).await?;
        connection.done();
        Ok(row)
    }

    /// Gives the idle connections back to the pool, for whoever takes one there.
    pub fn release(&self) {
        match self {
            ConnectionPool::Postgres(pool) => pool.idle.lock().clear(),
            ConnectionPool::Sqlite(pool) => pool.idle.lock().clear(),
        }
    }

    /// Gives the connections back to the pool and closes that.
    pub async fn close(&self) {
        match self {
            ConnectionPool::Postgres(pool) => pool.close().await,
            ConnectionPool::Sqlite(pool) => pool.close().await,
        }
    }
}

/// The same call on either kind of connection.
macro_rules! on {
    ($connection:expr, $checkout:ident => $call:expr) => {
        match $connection {
            PooledConnection::Postgres($checkout) => $call,
            PooledConnection::Sqlite($checkout) => $call,
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

impl PooledConnection {
    pub async fn all(&mut self, sql: Sql) -> Result<Vec<QueryResult>, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let rows = query!(sql).fetch_all(checkout.connection()).await.map_err(failed)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    pub async fn one(&mut self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let row = query!(sql).fetch_optional(checkout.connection()).await.map_err(failed)?;
            Ok(row.map(QueryResult::from))
        })
    }

    /// Rows affected.
    pub async fn run(&mut self, sql: Sql) -> Result<u64, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let done = query!(sql).execute(checkout.connection()).await.map_err(failed)?;
            Ok(done.rows_affected())
        })
    }

    /// A statement of our own that is not prepared: BEGIN, COMMIT, ROLLBACK, pragmas.
    pub async fn execute(&mut self, text: &'static str) -> Result<(), DbErr> {
        on!(self, checkout => checkout.connection().execute(text).await.map_err(failed).map(drop))
    }

    /// Begins a transaction. Until [`PooledConnection::settle`] nobody else may use the connection: dropped in between, it is closed.
    pub async fn begin(&mut self) -> Result<(), DbErr> {
        on!(self, checkout => checkout.unsettled = true);
        let text = match self {
            PooledConnection::Postgres(_) => "BEGIN",
            PooledConnection::Sqlite(_) => "BEGIN IMMEDIATE",
        };
        self.execute(text).await
    }

    /// A statement that is a transaction by itself. Dropped half-way, it closes the connection as well: whether it was
    /// carried out is not known.
    pub async fn run_alone(&mut self, sql: Sql) -> Result<(), DbErr> {
        on!(self, checkout => checkout.unsettled = true);
        let done = self.run(sql).await;
        on!(self, checkout => checkout.unsettled = false);
        done.map(drop)
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`.
    pub async fn settle(mut self, end: &'static str) -> Result<(), DbErr> {
        self.execute(end).await?;
        on!(&mut self, checkout => checkout.unsettled = false);
        self.done();
        Ok(())
    }

    /// Keeps the connection idle for the next statement.
    pub fn done(self) {
        on!(self, checkout => checkout.done());
    }
}

/// The connections of one pool, those that are idle at hand.
#[derive(Debug)]
pub(super) struct Pool<D: Database> {
    source: sqlx::Pool<D>,
    /// One for each connection there may be, in use or idle.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<IdleConnection<D>>>,
    recorder: Recorder,
}

#[derive(Debug)]
struct IdleConnection<D: Database> {
    connection: PoolConnection<D>,
    opened: Instant,
    used: Instant,
}

pub(super) struct Checkout<D: Database> {
    pool: Arc<Pool<D>>,
    /// `None` once it is given away.
    held: Option<IdleConnection<D>>,
    unsettled: bool,
    _permit: OwnedSemaphorePermit,
}

impl<D: Database> Pool<D> {
    fn new(pool: sqlx::Pool<D>, most: u32, recorder: Recorder) -> Arc<Self> {
        Arc::new(Pool {
            source: pool,
            permits: Arc::new(Semaphore::new(most as usize)),
            idle: Mutex::default(),
            recorder,
        })
    }

    async fn take(self: &Arc<Self>) -> Result<Checkout<D>, DbErr> {
        let permit =
            match tokio::time::timeout(ACQUIRE_TIMEOUT, self.permits.clone().acquire_owned()).await
            {
                Ok(Ok(permit)) => permit,
                Ok(Err(_)) => {
                    return Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed));
                }
                Err(_) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
            };
        let checkout = |held| Checkout {
            pool: self.clone(),
            held: Some(held),
            unsettled: false,
            _permit: permit,
        };
        loop {
            // The one that was used last: those that are not needed grow old.
            let Some(mut held) = self.idle.lock().pop() else { break };
            if held.opened.elapsed() > MAX_AGE {
                continue;
            }
            if held.used.elapsed() > TEST_AFTER && held.connection.ping().await.is_err() {
                // One link that broke is seldom alone.
                held.connection.close_on_drop();
                self.idle.lock().clear();
                continue;
            }
            return Ok(checkout(held));
        }
        let connection = self.source.acquire().await.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        })?;
        let now = Instant::now();
        Ok(checkout(IdleConnection { connection, opened: now, used: now }))
    }

    /// Notes a statement that is about to be executed.
    fn note(&self, sql: &Sql) {
        self.recorder.note(&sql.text);
        request_notes::statement();
    }

    async fn close(&self) {
        self.permits.close();
        self.idle.lock().clear();
        self.source.close().await;
    }
}

impl<D: Database> Drop for Pool<D> {
    fn drop(&mut self) {
        // Giving a connection back is a task: without a runtime there is nobody to do it, and nobody who waits for it.
        if tokio::runtime::Handle::try_current().is_err() {
            std::mem::forget(std::mem::take(&mut *self.idle.lock()));
        }
    }
}

impl<D: Database> Checkout<D> {
    fn connection(&mut self) -> &mut D::Connection {
        &mut self.held.as_mut().expect("a checkout holds its connection until it ends").connection
    }

    fn done(mut self) {
        if let Some(mut held) = self.held.take() {
            held.used = Instant::now();
            if self.pool.permits.is_closed() {
                return;
            }
            self.pool.idle.lock().push(held);
        }
    }
}

impl<D: Database> Drop for Checkout<D> {
    fn drop(&mut self) {
        if let Some(held) = &mut self.held
            && self.unsettled
        {
            held.connection.close_on_drop();
        }
    }
}
