//! Where encoded rows go.

use std::pin::Pin;

use anyhow::{Context, Result};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::SinkExt;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio_postgres::{Client, CopyInSink, NoTls};

use crate::generate::rows::{Format, Rows};

/// As the migration that made the table filled it.
const NAME_WORDS: &str = "INSERT INTO name_word (tenant, word) SELECT DISTINCT tenant, term FROM search_term WHERE field = 1";

/// A store that is being filled.
pub enum Filling {
    Postgres { url: String, client: Client },
    Sqlite(DatabaseConnection),
}

/// One table of it.
pub enum Sink {
    Copy { copy: Pin<Box<CopyInSink<Bytes>>>, _client: Client },
    Insert { link: DatabaseConnection, text: String },
}

/// Connects, and drives the connection in a task of its own.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.context("cannot connect to PostgreSQL")?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("connection lost: {error}");
        }
    });
    Ok(client)
}

impl Filling {
    /// What is filled need not survive a crash meanwhile.
    pub async fn begin(url: &str) -> Result<Self> {
        if !url.starts_with("sqlite:") {
            return Ok(Filling::Postgres { url: url.into(), client: connect(url).await? });
        }
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        let link = Database::connect(options).await?;
        for text in [
            // One transaction that is larger than memory reads itself from a write-ahead log, ever slower.
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -400000",
            "PRAGMA temp_store = MEMORY",
            "BEGIN IMMEDIATE",
        ] {
            link.execute_unprepared(text).await?;
        }
        Ok(Filling::Sqlite(link))
    }

    pub fn format(&self) -> Format {
        match self {
            Filling::Postgres { .. } => Format::Copy,
            Filling::Sqlite(_) => Format::Json,
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.format() == Format::Copy
    }

    /// A statement that is no row.
    pub async fn run(&self, text: &str) -> Result<()> {
        match self {
            Filling::Postgres { client, .. } => client.batch_execute(text).await?,
            Filling::Sqlite(link) => {
                link.execute_unprepared(text).await?;
            }
        }
        Ok(())
    }

    pub async fn sink(&self, table: &str, columns: &str) -> Result<Sink> {
        Ok(match self {
            Filling::Postgres { url, .. } => {
                let client = connect(url).await?;
                client.batch_execute("SET synchronous_commit = off").await?;
                let copy = client
                    .copy_in(&format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)"))
                    .await?;
                let mut copy: Pin<Box<CopyInSink<Bytes>>> = Box::pin(copy);
                let mut header = BytesMut::from(&b"PGCOPY\n\xff\r\n\0"[..]);
                header.put_i64(0);
                copy.feed(header.freeze()).await?;
                Sink::Copy { copy, _client: client }
            }
            Filling::Sqlite(link) => {
                let picked: Vec<String> =
                    (0..columns.split(',').count()).map(|n| format!("value ->> {n}")).collect();
                let text = format!(
                    "INSERT INTO {table} ({columns}) SELECT {} FROM json_each($1)",
                    picked.join(", ")
                );
                Sink::Insert { link: link.clone(), text }
            }
        })
    }

    /// The secondary indexes, taken away so that they are built once at the end.
    pub async fn drop_indexes(&self, tables: &[&str]) -> Result<Vec<String>> {
        let Filling::Postgres { client, .. } = self else { return Ok(Vec::new()) };
        let found = client
            .query(
                "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema() AND i.tablename = ANY ($1) \
                 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
                &[&tables],
            )
            .await?;
        for row in &found {
            client.batch_execute(&format!("DROP INDEX {}", row.get::<_, String>(0))).await?;
        }
        Ok(found.iter().map(|row| row.get(1)).collect())
    }

    pub async fn finish(self, indexes: Vec<String>) -> Result<()> {
        match self {
            Filling::Postgres { client, .. } => {
                client.batch_execute(NAME_WORDS).await?;
                client
                    .batch_execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
                    .await?;
                for index in indexes {
                    let start = std::time::Instant::now();
                    client.batch_execute(&index).await?;
                    let name = index
                        .split(" ON ")
                        .next()
                        .unwrap_or_default()
                        .rsplit(' ')
                        .next()
                        .unwrap_or_default();
                    eprintln!("  index {name}: {:.1} s", start.elapsed().as_secs_f64());
                }
                client.batch_execute("VACUUM ANALYZE").await?;
                client.batch_execute("CHECKPOINT").await?;
            }
            Filling::Sqlite(link) => {
                for text in [
                    "COMMIT",
                    "INSERT INTO search_doc (search_doc) VALUES ('optimize')",
                    "PRAGMA journal_mode = WAL",
                ] {
                    link.execute_unprepared(text).await?;
                }
            }
        }
        Ok(())
    }
}

impl Sink {
    pub async fn write(&mut self, mut rows: Rows) -> Result<()> {
        if rows.count == 0 {
            return Ok(());
        }
        match self {
            Sink::Copy { copy, .. } => copy.send(rows.bytes.freeze()).await?,
            Sink::Insert { link, text } => {
                rows.bytes.put_u8(b']');
                let json = String::from_utf8(rows.bytes.to_vec())?;
                link.execute_raw(Statement::from_sql_and_values(
                    DbBackend::Sqlite,
                    text.as_str(),
                    [json.into()],
                ))
                .await?;
            }
        }
        Ok(())
    }

    pub async fn close(self) -> Result<u64> {
        match self {
            Sink::Copy { mut copy, _client } => {
                copy.send(Bytes::from_static(&[0xff, 0xff])).await?;
                Ok(copy.as_mut().finish().await?)
            }
            Sink::Insert { .. } => Ok(0),
        }
    }
}
