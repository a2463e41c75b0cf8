//! An SQLite file, looked at without touching it.

use std::path::Path;
use std::str::FromStr;

use rapport_migrations::COMPATIBILITY;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Row};

use crate::config::{Finding, StoreConfig};
use crate::error::operator::cause_of;
use crate::store::examine::{Examined, SEALED, of_migrations};
use crate::store::migrations::Migrations;
use crate::store::origin::Origin;
use crate::store::sqlite_file;

const WHAT: &str = "store";

pub(super) async fn examine(config: &StoreConfig) -> Examined {
    let alone = |finding| Examined { findings: vec![finding], store: None, sealed: false };
    let Some(path) = sqlite_file::path(&config.database_url) else {
        return alone(Finding::warn(WHAT, "SQLite in memory: everything is gone with the process"));
    };
    if let Some(obstacle) = sqlite_file::obstacle(&path) {
        return alone(Finding::error(WHAT, format!("DATABASE_URL: {obstacle}")));
    }
    let shown = path.display();
    if !path.exists() {
        return alone(Finding::ok(WHAT, format!("SQLite; {shown} is made at the first start")));
    }
    match read(config, &path).await {
        Ok((migrations, number, sealed)) => Examined {
            findings: vec![
                Finding::ok(WHAT, format!("SQLite; {shown} can be read and written")),
                of_migrations(&migrations),
            ],
            store: number.map(|number| Origin::default().store_id(number)),
            sealed,
        },
        Err(error) => {
            alone(Finding::error(WHAT, format!("DATABASE_URL: {shown}: {}", cause_of(&error))))
        }
    }
}

/// Its migrations, the number of its own, and whether it holds sealed secrets.
async fn read(
    config: &StoreConfig,
    path: &Path,
) -> Result<(Migrations, Option<i64>, bool), sqlx::Error> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    // Nobody has it open: so nothing has to be made beside it to read it.
    let at_rest = !Path::new(&wal).exists();
    let options = SqliteConnectOptions::from_str(&config.database_url)?
        .read_only(true)
        .create_if_missing(false)
        .immutable(at_rest);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let applied: Vec<String> = column(&mut connection, "seaql_migrations", "version").await?;
    let oldest: Vec<String> = column(&mut connection, COMPATIBILITY, "oldest").await?;
    let number: Vec<i64> = column(&mut connection, "store", "epoch").await?;
    let sources: Vec<i64> = column(&mut connection, "source", "id").await?;
    let sealed =
        !sources.is_empty() && sqlx::query(SEALED).fetch_optional(&mut connection).await?.is_some();
    connection.close().await?;
    let migrations = Migrations::of(&applied, oldest.into_iter().next());
    Ok((migrations, number.into_iter().next(), sealed))
}

/// A column of a small table; nothing where there is no such table.
async fn column<T>(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    let there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    let there = sqlx::query(there).bind(table.to_owned());
    if there.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(Vec::new());
    }
    let text = format!("SELECT {column} FROM {table} ORDER BY 1");
    let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(connection).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}
