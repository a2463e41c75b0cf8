//! The first connections to PostgreSQL: whether there is one to be had, and whether a pooler stands before it.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Executor, Row};

use crate::config::{Pooler, StoreConfig};
use crate::error::operator::cause_of;
use crate::error::{Error, Result};
use crate::store::connection_role::{ConnectionRole, PROOF, for_postgres};

/// How long a server may take to let somebody in.
const ENTRY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a server that starts, or is full, is asked again, and the time between.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(100);
/// How long a pooler may take to hand out a connection.
const HANDOUT_TIMEOUT: Duration = Duration::from_secs(2);
/// How often two connections are compared.
const COMPARISONS: usize = 3;

/// The way to a PostgreSQL.
pub(super) struct Gate {
    options: PgConnectOptions,
    /// Host and port, or the socket.
    pub address: String,
}

/// What stands before PostgreSQL, as seen from here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Before {
    Nothing,
    /// A pooler that hands out connections by transaction.
    Transactions,
    /// One that hands them out by session, and how many it gave at once.
    Sessions(usize),
}

impl Before {
    pub fn is_pooler(self) -> bool {
        self != Before::Nothing
    }

    /// Tells what stands there; refuses what gives fewer connections than are wanted.
    pub fn warn(self, gate: &Gate, wanted: usize) -> Result<()> {
        match self {
            Before::Nothing => {}
            Before::Transactions => tracing::info!(
                address = gate.address,
                "a pooler stands before PostgreSQL: each statement runs in a transaction of its own"
            ),
            Before::Sessions(given) if given < wanted => {
                return Err(Error::Unusable(gate.too_few(given, wanted)));
            }
            Before::Sessions(_) => tracing::warn!(
                address = gate.address,
                connections = wanted,
                "a pooler by session stands before PostgreSQL: it must have so many connections for each server"
            ),
        }
        Ok(())
    }
}

impl Gate {
    /// That a pooler is too small, and what mends it.
    pub fn too_few(&self, given: usize, wanted: usize) -> String {
        format!(
            "DATABASE_URL: {}: the pooler hands out connections by session, and gave {given} of the {wanted} that rapport opens; set pool_mode = transaction, raise its default_pool_size, or lower RAPPORT_DATABASE_CONNECTIONS",
            self.address
        )
    }

    pub fn of(config: &StoreConfig) -> Result<Gate> {
        let wrong =
            "DATABASE_URL: must be an address such as postgres://user:password@host:5432/database";
        // The driver's own error would repeat the address.
        let options = PgConnectOptions::from_str(&config.database_url)
            .map_err(|_| Error::Unusable(wrong.into()))?
            .disable_statement_logging();
        let address = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        Ok(Gate { options, address })
    }

    /// One line for the operator.
    pub fn unusable(&self, error: &sqlx::Error) -> Error {
        Error::Unusable(format!("DATABASE_URL: {}: {}", self.address, cause_of(error)))
    }

    /// A connection of its own. A server that starts, or is full, is asked again for a moment.
    pub async fn enter(&self, pooled: bool) -> Result<PgConnection, sqlx::Error> {
        let options = for_postgres(self.options.clone(), ConnectionRole::Write, pooled);
        let start = Instant::now();
        loop {
            match within(ENTRY_TIMEOUT, PgConnection::connect_with(&options)).await {
                Err(error) if passes(&error) && start.elapsed() < PATIENCE => {
                    tokio::time::sleep(PAUSE).await;
                }
                entered => return entered,
            }
        }
    }

    /// Looks what stands before the server. `wanted` is how many connections there will be.
    pub async fn look(&self, pooler: Pooler, wanted: usize) -> Result<Before> {
        let before = async {
            let direct = match pooler {
                Pooler::Transaction => false,
                Pooler::None => self.enter(false).await?.close().await.map(|()| true)?,
                Pooler::Auto => self.is_direct().await?,
            };
            if direct { Ok(Before::Nothing) } else { self.look_behind(wanted).await }
        };
        before.await.map_err(|error| self.unusable(&error))
    }

    /// Whether the settings of a connection reach the server. A pooler refuses them, or drops them.
    async fn is_direct(&self) -> Result<bool, sqlx::Error> {
        let mut connection = match self.enter(false).await {
            Ok(connection) => connection,
            Err(error) if refuses_settings(&error) => return Ok(false),
            Err(error) => return Err(error),
        };
        let asked = connection.fetch_one("SELECT current_setting('lock_timeout')");
        let row = within(ENTRY_TIMEOUT, asked).await?;
        let arrived = row.try_get::<String, _>(0)? == PROOF.1;
        connection.close().await?;
        Ok(arrived)
    }

    async fn look_behind(&self, wanted: usize) -> Result<Before, sqlx::Error> {
        let mut one = self.enter(true).await?;
        // One that hands out connections by statement takes no transaction.
        within(ENTRY_TIMEOUT, one.execute("BEGIN")).await?;
        one.execute("COMMIT").await?;
        let mut two = self.enter(true).await?;
        let mut seen = None;
        for _ in 0..COMPARISONS {
            let pair = (backend(&mut one).await?, backend(&mut two).await.ok());
            if Some(pair.0) == pair.1 || seen.is_some_and(|seen| seen != pair) {
                return Ok(Before::Transactions);
            }
            seen = Some(pair);
            if pair.1.is_none() {
                break;
            }
        }
        drop((one, two));
        Ok(Before::Sessions(self.room(wanted).await))
    }

    /// How many of these connections can be had at once.
    async fn room(&self, wanted: usize) -> usize {
        let held = futures_util::future::join_all((0..wanted).map(|_| self.hold())).await;
        held.iter().flatten().count()
    }

    /// A connection that has one of the server's.
    async fn hold(&self) -> Option<PgConnection> {
        let mut connection = self.enter(true).await.ok()?;
        backend(&mut connection).await.ok()?;
        Some(connection)
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let late = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    tokio::time::timeout(limit, work).await.map_err(late)?
}

/// The server's process at the other end, at this moment.
async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let row = within(HANDOUT_TIMEOUT, connection.fetch_one("SELECT pg_backend_pid()")).await?;
    row.try_get(0)
}

/// Whether the server starts, or has no connection left: both may be otherwise in a moment.
fn passes(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some("57P03" | "53300"))
}

/// Whether it was the parameters of the connection that were refused, as PgBouncer does.
fn refuses_settings(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("startup parameter"))
}
