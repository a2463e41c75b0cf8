//! A PostgreSQL, looked at in one transaction that only reads.

use std::time::SystemTime;

use rapport_migrations::COMPATIBILITY;
use sea_orm::sqlx::postgres::{PgConnection, PgRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Row};

use crate::config::{Finding, StoreConfig};
use crate::store::connections;
use crate::store::examine::answers::{
    ExtensionRow, Facts, TableRow, of_clock, of_connections, of_pooler, of_rights, of_server,
};
use crate::store::examine::{Examined, SEALED, of_migrations};
use crate::store::gate::{Before, Gate};
use crate::store::migrations::Migrations;
use crate::store::origin::{DATABASE, Origin, WHOLE};

/// What the server and the user are. In the order of [`Facts`].
const FACTS: &str = "SELECT current_setting('server_version_num')::int, current_setting('server_version'), \
    current_setting('server_encoding'), \
    pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on', \
    LEAST(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int \
        - COALESCE(current_setting('reserved_connections', true), '0')::int, \
        NULLIF((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1), \
        NULLIF((SELECT datconnlimit FROM pg_database WHERE datname = current_database()), -1)), \
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'), \
    extract(epoch FROM clock_timestamp())::float8, \
    COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), \
    current_user::text, COALESCE(current_schema()::text, 'public')";

/// Extensions that are not there, whether the server has them, and whether this user may make them.
const EXTENSIONS: &str = "SELECT w.name, a.name IS NOT NULL, \
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \
        OR (COALESCE(v.trusted, false) AND has_database_privilege(current_database(), 'CREATE')) \
    FROM (VALUES ('pg_trgm'), ('btree_gin')) AS w(name) \
    LEFT JOIN pg_available_extensions a ON a.name = w.name \
    LEFT JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version \
    WHERE NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = w.name)";

/// Tables that the user may not read and write, and tables of others.
const TABLES: &str = "SELECT c.relname::text, \
    NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') \
        AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')), \
    NOT pg_has_role(c.relowner, 'USAGE') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ORDER BY 1";

pub(super) async fn examine(config: &StoreConfig) -> Examined {
    let mut examined = Examined { findings: Vec::new(), store: None, sealed: false };
    let wanted = connections(config);
    let gate = match Gate::of(config) {
        Ok(gate) => gate,
        Err(error) => {
            examined.findings.push(Finding::error("store", error.for_operator()));
            return examined;
        }
    };
    let before = match gate.look(config.database_pooler, wanted).await {
        Ok(before) => before,
        Err(error) => {
            examined.findings.push(Finding::error("store", error.for_operator()));
            return examined;
        }
    };
    examined.findings.extend(of_pooler(&gate, before, wanted));
    if let Err(error) = look(&gate, before, wanted, &mut examined).await {
        examined.findings.push(Finding::error("store", gate.unusable(&error).for_operator()));
    }
    examined
}

async fn look(
    gate: &Gate,
    before: Before,
    wanted: usize,
    examined: &mut Examined,
) -> Result<(), sqlx::Error> {
    let mut connection = gate.enter(before.is_pooler()).await?;
    connection.execute("BEGIN READ ONLY").await?;
    let began = SystemTime::now();
    let answer = rows(&mut connection, FACTS).await?;
    let took = began.elapsed().unwrap_or_default();
    let Some(row) = answer.first() else { return Err(sqlx::Error::RowNotFound) };
    let facts = facts(row)?;
    let migrations = migrations(&mut connection).await?;
    let extensions = rows_of_extensions(&mut connection).await?;
    let tables = tables(&mut connection).await?;
    let findings = &mut examined.findings;
    findings.push(of_server(&facts, &gate.address));
    findings.extend(of_rights(&facts, &migrations, &extensions, &tables));
    findings.push(of_migrations(&migrations));
    if before == Before::Nothing {
        findings.push(of_connections(&facts, wanted));
    }
    findings.push(of_clock(&facts, began, took));
    let sources = tables.iter().any(|(name, no, _)| name == "source" && !no);
    examined.sealed = sources && !rows(&mut connection, SEALED).await?.is_empty();
    examined.store = store(&mut connection, &tables).await?;
    connection.execute("ROLLBACK").await.map(drop)
}

/// Not prepared for longer than this: a pooler may stand before the server.
async fn rows(connection: &mut PgConnection, text: &str) -> Result<Vec<PgRow>, sqlx::Error> {
    let query = sqlx::query(AssertSqlSafe(text.to_owned())).persistent(false);
    query.fetch_all(connection).await
}

fn facts(row: &PgRow) -> Result<Facts, sqlx::Error> {
    Ok(Facts {
        number: row.try_get(0)?,
        version: row.try_get(1)?,
        encoding: row.try_get(2)?,
        read_only: row.try_get(3)?,
        connections: row.try_get(4)?,
        used: row.try_get(5)?,
        clock: row.try_get(6)?,
        may_create: row.try_get(7)?,
        user: row.try_get(8)?,
        schema: row.try_get(9)?,
    })
}

async fn tables(connection: &mut PgConnection) -> Result<Vec<TableRow>, sqlx::Error> {
    let rows = rows(connection, TABLES).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

async fn rows_of_extensions(
    connection: &mut PgConnection,
) -> Result<Vec<ExtensionRow>, sqlx::Error> {
    let rows = rows(connection, EXTENSIONS).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

async fn migrations(connection: &mut PgConnection) -> Result<Migrations, sqlx::Error> {
    let tables: Vec<String> =
        tables(connection).await?.into_iter().map(|(name, ..)| name).collect();
    let mut column = async |table: &str, column: &str| -> Result<Vec<String>, sqlx::Error> {
        if !tables.iter().any(|name| name == table) {
            return Ok(Vec::new());
        }
        let text = format!("SELECT {column}::text FROM {table} ORDER BY 1");
        rows(connection, &text).await?.iter().map(|row| row.try_get(0)).collect()
    };
    let applied = column("seaql_migrations", "version").await?;
    let oldest = column(COMPATIBILITY, "oldest").await?;
    Ok(Migrations::of(&applied, oldest.into_iter().next()))
}

/// The store's id. The last that is asked: what may not be asked ends the transaction.
async fn store(
    connection: &mut PgConnection,
    tables: &[TableRow],
) -> Result<Option<String>, sqlx::Error> {
    if !tables.iter().any(|(name, no, _)| name == "store" && !no) {
        return Ok(None);
    }
    let number = rows(connection, "SELECT epoch FROM store").await?;
    let Some(number) = number.first().map(|row| row.try_get(0)).transpose()? else {
        return Ok(None);
    };
    connection.execute("SAVEPOINT origin").await?;
    let origin = if let Ok(origin) = rows(connection, WHOLE).await {
        origin
    } else {
        connection.execute("ROLLBACK TO origin").await?;
        rows(connection, DATABASE).await?
    };
    let Some(row) = origin.first() else { return Ok(None) };
    Ok(Some(Origin::new(row.try_get(0)?, row.try_get(1)?).store_id(number)))
}
