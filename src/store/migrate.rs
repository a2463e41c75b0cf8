//! Runs the migrations that are missing.

use rapport_migrations::sea_orm_migration::MigratorTrait;
use rapport_migrations::{COMPATIBILITY, Migrator};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, QueryResult, TransactionTrait};

use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::backoff::backoff;
use crate::store::connection_role::{ConnectionRole, options};
use crate::store::migrations::{Migrates, Migrations};
use crate::store::row::get;

/// How often the migrations are tried while another server migrates.
const ATTEMPTS: u32 = 8;
/// The lock under which servers behind a pooler migrate: any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7274712)";

impl Store {
    /// Runs the migrations that are missing. Another server may be starting on the same store: whoever comes second
    /// fails, looks again, and finds less to do. A store that a newer version has migrated is left as it is, and refused
    /// where it says that this version is too old for it.
    pub async fn migrate(&self) -> Result<()> {
        let mut attempt = 0;
        loop {
            let migrations = self.migrations().await?;
            if let Some(refusal) = migrations.refusal() {
                return Err(Error::Unusable(refusal));
            }
            if migrations.missing.is_empty() {
                if !migrations.unknown.is_empty() {
                    let unknown = migrations.unknown.join(", ");
                    tracing::warn!(unknown, "a newer rapport has migrated the store");
                }
                return Ok(());
            }
            attempt += 1;
            match self.apply().await {
                Ok(()) => return Ok(()),
                Err(error) if attempt >= ATTEMPTS => return Err(error),
                Err(error) => {
                    tracing::debug!(detail = error.detail(), "the migrations are tried again");
                }
            }
            tokio::time::sleep(backoff(attempt)).await;
        }
    }

    /// The store's migrations. Only reads.
    pub async fn migrations(&self) -> Result<Migrations> {
        let applied = self.texts("seaql_migrations", "version").await?;
        let oldest = self.texts(COMPATIBILITY, "oldest").await?;
        Ok(Migrations::of(&applied, oldest.into_iter().next()))
    }

    /// A column of a small table; nothing where there is no such table.
    async fn texts(&self, table: &str, column: &str) -> Result<Vec<String>> {
        let mut sql = self.sql();
        sql.push(self.dialect.table_exists()).bind(table.to_owned());
        let there = self.one(sql).await?;
        if there.is_none() {
            return Ok(Vec::new());
        }
        let mut sql = self.sql();
        sql.push("SELECT ").push(column).push(" FROM ").push(table).push(" ORDER BY 1");
        let rows: Vec<QueryResult> = self.all(sql).await?;
        rows.iter().map(|row| get(row, 0)).collect()
    }

    async fn apply(&self) -> Result<()> {
        match &*self.migrates {
            Migrates::Sqlite(pool) => {
                self.write.release();
                Ok(Migrator::up(pool, None).await?)
            }
            Migrates::Postgres(config, pooled) => {
                let options = options(config, 1, ConnectionRole::Migrate, *pooled);
                let connection = Database::connect(options).await?;
                let done = if *pooled {
                    behind_a_pooler(&connection).await
                } else {
                    Migrator::up(&connection, None).await.map_err(Error::from)
                };
                // It was opened for this alone.
                let _ = connection.close().await;
                done
            }
        }
    }
}

/// All in one transaction, which keeps one of the server's connections. What others prepared on that connection, and what
/// the migrations prepare on it, is forgotten: the driver's names are the same on each.
#[expect(clippy::disallowed_methods, reason = "the migrations are not the domain's transactions")]
async fn behind_a_pooler(connection: &DatabaseConnection) -> Result<()> {
    let all = connection.begin().await?;
    let opening = ConnectionRole::Migrate.opening();
    let settings = opening.split_once("; ").map_or("", |(_, settings)| settings);
    all.execute_unprepared(&format!("{settings}; {LOCK}; DEALLOCATE ALL")).await?;
    Migrator::up(&all, None).await?;
    all.execute_unprepared("DEALLOCATE ALL").await?;
    Ok(all.commit().await?)
}
