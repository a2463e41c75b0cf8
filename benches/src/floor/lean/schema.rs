//! The tables of the lean floor, filled from rapport's rows with as much as they hold.

use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;
use tokio_postgres::Client;

use crate::generate::sink::connect;

#[derive(Clone, Debug, Args)]
pub struct Lean {
    /// A filled PostgreSQL store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
}

const TABLES: &str = "
CREATE SCHEMA lean;
CREATE TABLE lean.customer (number BIGINT NOT NULL, tenant BIGINT NOT NULL, name TEXT, status SMALLINT NOT NULL, seen BIGINT NOT NULL);
CREATE TABLE lean.contact (number BIGINT NOT NULL, customer BIGINT NOT NULL, email TEXT, phone TEXT, precedence SMALLINT NOT NULL,
    created_at BIGINT NOT NULL);
CREATE TABLE lean.identity (tenant BIGINT NOT NULL, kind TEXT COLLATE \"C\" NOT NULL, key TEXT COLLATE \"C\" NOT NULL, customer BIGINT NOT NULL);
CREATE TABLE lean.item (id BIGINT NOT NULL, customer BIGINT NOT NULL, occurred_at BIGINT NOT NULL, duration BIGINT, type SMALLINT NOT NULL,
    channel SMALLINT NOT NULL, direction SMALLINT, state SMALLINT, source_id TEXT, label TEXT, object TEXT, url TEXT, text TEXT);
CREATE TABLE lean.token (tenant BIGINT NOT NULL, customer BIGINT NOT NULL, token TEXT COLLATE \"C\" NOT NULL);
";

/// Each with what it is called. Items go in as they were recorded, those of one customer scattered as they are in life.
const ROWS: &[(&str, &str)] = &[
    (
        "customer",
        "INSERT INTO lean.customer SELECT c.number, c.tenant, c.name, c.status, COALESCE(h.list_seen, c.created_at) \
         FROM customer c JOIN customer_head h ON h.tenant = c.tenant AND h.number = c.number WHERE h.merged_into IS NULL ORDER BY c.number",
    ),
    (
        "contact",
        "INSERT INTO lean.contact SELECT number, customer, email, phone_number, link_precedence, created_at \
         FROM contact WHERE deleted_at IS NULL ORDER BY number",
    ),
    (
        "identity",
        "INSERT INTO lean.identity SELECT k.tenant, k.namespace, k.match_key, COALESCE(h.merged_into, h.number) \
         FROM identity k JOIN customer_head h ON h.tenant = k.tenant AND h.number = k.home ORDER BY k.id",
    ),
    (
        "item",
        "INSERT INTO lean.item SELECT i.id, COALESCE(h.merged_into, h.number), i.occurred_at, i.duration, i.type, i.channel, i.direction, \
             i.state, i.source_id, i.label, i.object, i.url, i.text FROM ( \
         SELECT tenant, id, home, occurred_at, duration, kind AS type, channel, direction, state, source_id, \
             COALESCE(record_type, data::json ->> 'subject') AS label, data::json ->> 'record_id' AS object, NULL AS url, text \
             FROM engagement WHERE kind BETWEEN 1 AND 6 \
         UNION ALL SELECT tenant, id, home, occurred_at, NULL, 4, channel, direction, NULL, source_id, category, object_id, url, title \
             FROM page_view) i \
         JOIN customer_head h ON h.tenant = i.tenant AND h.number = i.home ORDER BY i.id",
    ),
    (
        "token",
        // A name whole, so that it is found across its blanks, and its other words; a number from both ends.
        "INSERT INTO lean.token SELECT DISTINCT tenant, customer, left(token, 64) AS token FROM ( \
         SELECT c.tenant, c.number AS customer, c.name_key AS token FROM customer c JOIN lean.customer l ON l.number = c.number \
         UNION ALL SELECT c.tenant, c.number, w.word FROM customer c JOIN lean.customer l ON l.number = c.number \
             CROSS JOIN LATERAL unnest(string_to_array(c.name_key, ' ')) WITH ORDINALITY AS w (word, place) WHERE w.place > 1 \
         UNION ALL SELECT tenant, customer, lower(email) FROM contact WHERE deleted_at IS NULL \
         UNION ALL SELECT tenant, customer, substring(phone_number FROM '[0-9]+') FROM contact WHERE deleted_at IS NULL \
         UNION ALL SELECT tenant, customer, '<' || reverse(substring(phone_number FROM '[0-9]+')) FROM contact WHERE deleted_at IS NULL \
         ) t WHERE token <> '' ORDER BY token",
    ),
];

const INDEXES: &str = "
ALTER TABLE lean.customer ADD PRIMARY KEY (number);
CREATE INDEX ON lean.customer (tenant, seen DESC, number DESC);
ALTER TABLE lean.contact ADD PRIMARY KEY (number);
CREATE INDEX ON lean.contact (customer, number);
ALTER TABLE lean.identity ADD PRIMARY KEY (tenant, kind, key);
ALTER TABLE lean.item ADD PRIMARY KEY (id);
CREATE INDEX ON lean.item (customer, occurred_at DESC, id DESC);
ALTER TABLE lean.token ADD PRIMARY KEY (tenant, token, customer);
";

pub const TABLE_NAMES: [&str; 5] =
    ["lean.customer", "lean.contact", "lean.identity", "lean.item", "lean.token"];

/// Anew from the rows that rapport has now.
pub async fn fill_anew(options: &Lean) -> Result<()> {
    let client = connect(&options.database_url).await?;
    client.batch_execute("DROP SCHEMA IF EXISTS lean CASCADE").await?;
    fill(&client).await
}

/// Where it is missing. SQLite has no floor.
pub async fn ensure(database_url: &str) -> Result<()> {
    if database_url.starts_with("sqlite:") {
        return Ok(());
    }
    let client = connect(database_url).await?;
    let there = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'lean')";
    if client.query_one(there, &[]).await?.try_get(0)? {
        return Ok(());
    }
    fill(&client).await
}

async fn fill(client: &Client) -> Result<()> {
    let start = Instant::now();
    client
        .batch_execute(
            "SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; SET synchronous_commit = off; BEGIN",
        )
        .await?;
    client.batch_execute(TABLES).await?;
    for (table, text) in ROWS {
        let count = client.execute(*text, &[]).await?;
        if count == 0 {
            bail!("no rows for lean.{table}: run `generate` first");
        }
        eprintln!("  lean.{table}: {count} rows, {:.1} s", start.elapsed().as_secs_f64());
    }
    client.batch_execute(INDEXES).await?;
    client.batch_execute("COMMIT").await?;
    client.batch_execute(&format!("VACUUM ANALYZE {}", TABLE_NAMES.join(", "))).await?;
    client.batch_execute("CHECKPOINT").await?;
    eprintln!("the lean floor is filled: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
