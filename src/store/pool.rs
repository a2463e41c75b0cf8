//! The connections of one role, of either kind of store, and what is said on them.

use std::sync::Arc;

use sea_orm::sqlx::{self, Executor, Postgres, Sqlite};
use sea_orm::{ConnAcquireErr, DatabaseConnection, DbErr, QueryResult, RuntimeErr};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Notify;

use crate::store::checkout::{ACQUIRE_TIMEOUT, Checkout, Pool};
use crate::store::recorder::Recorder;
use crate::store::sql::Sql;

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
    /// `opening` is what begins every transaction behind a pooler.
    pub fn over(
        connection: &DatabaseConnection,
        most: u32,
        opening: Option<&'static str>,
        recorder: Recorder,
    ) -> ConnectionPool {
        match connection.get_database_backend() {
            sea_orm::DbBackend::Postgres => ConnectionPool::Postgres(Pool::new(
                connection.get_postgres_connection_pool().clone(),
                most,
                opening,
                recorder,
            )),
            _ => ConnectionPool::Sqlite(Pool::new(
                connection.get_sqlite_connection_pool().clone(),
                most,
                None,
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
        if connection.is_pooled() {
            connection.begin().await?;
            let rows = connection.all(sql).await?;
            connection.settle("COMMIT").await?;
            return Ok(rows);
        }
        let rows = connection.all(sql).await?;
        connection.done();
        Ok(rows)
    }

    pub async fn one(&self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        let mut connection = self.take().await?;
        if connection.is_pooled() {
            connection.begin().await?;
            let row = connection.one(sql).await?;
            connection.settle("COMMIT").await?;
            return Ok(row);
        }
        let row = connection.one(sql).await?;
        connection.done();
        Ok(row)
    }

    /// Told of every transaction that ended.
    pub fn committed(&self) -> Arc<Notify> {
        match self {
            ConnectionPool::Postgres(pool) => pool.committed.clone(),
            ConnectionPool::Sqlite(pool) => pool.committed.clone(),
        }
    }

    /// Whether a pooler stands before the store.
    pub fn is_pooled(&self) -> bool {
        matches!(self, ConnectionPool::Postgres(pool) if pool.opening.is_some())
    }

    /// Gives the idle connections back to the pool, for whoever takes one there.
    pub fn release(&self) {
        match self {
            ConnectionPool::Postgres(pool) => pool.release(),
            ConnectionPool::Sqlite(pool) => pool.release(),
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

/// Prepared for the connection's life; behind a pooler for this time only, because the next one gets another server.
macro_rules! query {
    ($sql:expr, $checkout:expr) => {
        sqlx::query_with(sqlx::AssertSqlSafe($sql.text), SqlxValues(sea_orm::Values($sql.values)))
            .persistent($checkout.pool.opening.is_none())
    };
}

impl PooledConnection {
    pub async fn all(&mut self, sql: Sql) -> Result<Vec<QueryResult>, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let rows = query!(sql, checkout).fetch_all(checkout.connection()).await.map_err(failed)?;
            Ok(rows.into_iter().map(QueryResult::from).collect())
        })
    }

    pub async fn one(&mut self, sql: Sql) -> Result<Option<QueryResult>, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let row = query!(sql, checkout).fetch_optional(checkout.connection()).await.map_err(failed)?;
            Ok(row.map(QueryResult::from))
        })
    }

    /// Rows affected.
    pub async fn run(&mut self, sql: Sql) -> Result<u64, DbErr> {
        on!(self, checkout => {
            checkout.pool.note(&sql);
            let done = query!(sql, checkout).execute(checkout.connection()).await.map_err(failed)?;
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
        let opening = match self {
            PooledConnection::Postgres(checkout) => checkout.pool.opening,
            PooledConnection::Sqlite(_) => return self.execute("BEGIN IMMEDIATE").await,
        };
        let Some(opening) = opening else { return self.execute("BEGIN").await };
        if let Ok(begun) = tokio::time::timeout(ACQUIRE_TIMEOUT, self.execute(opening)).await {
            return begun;
        }
        tracing::warn!(
            "the pooler handed out no connection for 5 s: its pool (default_pool_size) is too small for what is asked of it"
        );
        Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
    }

    /// Whether a pooler stands before the store.
    fn is_pooled(&self) -> bool {
        matches!(self, PooledConnection::Postgres(checkout) if checkout.pool.opening.is_some())
    }

    /// A statement that is a transaction by itself. Dropped half-way, it closes the connection as well: whether it was
    /// carried out is not known.
    pub async fn run_alone(&mut self, sql: Sql) -> Result<(), DbErr> {
        let pooled = self.is_pooled();
        if pooled {
            self.begin().await?;
        } else {
            on!(self, checkout => checkout.unsettled = true);
        }
        let done = self.run(sql).await;
        if pooled {
            // What could not be ended stays unsettled, and is closed.
            if let Err(ended) = self.execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await
            {
                return Err(done.err().unwrap_or(ended));
            }
        }
        on!(self, checkout => checkout.unsettled = false);
        done.map(drop)
    }

    /// Ends the transaction with `COMMIT` or `ROLLBACK`.
    pub async fn settle(mut self, end: &'static str) -> Result<(), DbErr> {
        self.execute(end).await?;
        on!(&mut self, checkout => {
            checkout.unsettled = false;
            checkout.pool.committed.notify_one();
        });
        self.done();
        Ok(())
    }

    /// Keeps the connection idle for the next statement.
    pub fn done(self) {
        on!(self, checkout => checkout.done());
    }
}
