//! Connections that stay in hand between statements.
//!
//! A pool of sqlx asks the store for a sign of life whenever a connection comes back, and starts a task to do it: a second
//! round trip behind every statement. Here a connection stays idle at hand instead, and is checked out again by whoever
//! comes next. What went wrong, or was dropped half-way, goes back to the pool, which tests or closes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, Connection, Database};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::request_notes;
use crate::store::recorder::Recorder;
use crate::store::sql::Sql;

/// How long a statement waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that was quiet for longer is asked for a sign of life first.
const TEST_AFTER: Duration = Duration::from_secs(2);
/// A connection that is older goes back to the pool, which knows when a connection has served its time.
const MAX_AGE: Duration = Duration::from_mins(10);

/// The connections of one pool, those that are idle at hand.
#[derive(Debug)]
pub(super) struct Pool<D: Database> {
    source: sqlx::Pool<D>,
    /// One for each connection there may be, in use or idle.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<IdleConnection<D>>>,
    /// What begins every transaction behind a pooler, also that of a single statement; nothing without one.
    pub opening: Option<&'static str>,
    /// Told of every commit.
    pub committed: Arc<Notify>,
    recorder: Recorder,
}

#[derive(Debug)]
struct IdleConnection<D: Database> {
    connection: PoolConnection<D>,
    opened: Instant,
    used: Instant,
}

pub(super) struct Checkout<D: Database> {
    pub pool: Arc<Pool<D>>,
    /// `None` once it is given away.
    held: Option<IdleConnection<D>>,
    /// Inside a transaction: nobody else may have the connection.
    pub unsettled: bool,
    _permit: OwnedSemaphorePermit,
}

impl<D: Database> Pool<D> {
    pub fn new(
        pool: sqlx::Pool<D>,
        most: u32,
        opening: Option<&'static str>,
        recorder: Recorder,
    ) -> Arc<Self> {
        Arc::new(Pool {
            source: pool,
            permits: Arc::new(Semaphore::new(most as usize)),
            idle: Mutex::default(),
            opening,
            committed: Arc::default(),
            recorder,
        })
    }

    /// Notes a statement that is about to be executed.
    pub fn note(&self, sql: &Sql) {
        self.recorder.note(&sql.text);
        request_notes::statement();
    }

    pub async fn take(self: &Arc<Self>) -> Result<Checkout<D>, DbErr> {
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

    /// Gives the idle connections back to the pool.
    pub fn release(&self) {
        self.idle.lock().clear();
    }

    /// Gives the connections back to the pool and closes that.
    pub async fn close(&self) {
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
    pub fn connection(&mut self) -> &mut D::Connection {
        &mut self.held.as_mut().expect("a checkout holds its connection until it ends").connection
    }

    /// Keeps the connection idle for the next statement.
    pub fn done(mut self) {
        if self.unsettled {
            return;
        }
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
