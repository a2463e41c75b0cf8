//! What each table and index of a PostgreSQL store takes, for each of its rows.

use anyhow::Result;
use clap::Args;
use tokio_postgres::Client;

use crate::generate::sink::connect;

#[derive(Clone, Debug, Args)]
pub struct Sizes {
    /// A filled PostgreSQL store
    #[arg(long, env = "DATABASE_URL")]
    pub database_url: String,
    /// Tables of fewer rows are left out
    #[arg(long, default_value_t = 1_000)]
    pub least: i64,
}

/// A table, or an index of the one before.
struct Size {
    name: String,
    bytes: i64,
}

struct Table {
    whole: Size,
    rows: i64,
    /// Texts that are stored apart, with their index.
    apart: i64,
    indexes: Vec<Size>,
}

pub async fn run(options: &Sizes) -> Result<()> {
    let client = connect(&options.database_url).await?;
    let mut tables = tables(&client).await?;
    tables.retain(|table| table.rows >= options.least);
    println!("| table or index | rows | MiB | bytes a row |\n| --- | --: | --: | --: |");
    let mut items = Vec::new();
    for table in &tables {
        let line = |name: &str, rows: &str, bytes: i64| {
            let each = bytes as f64 / table.rows as f64;
            println!("| {name} | {rows} | {:.1} | {each:.1} |", bytes as f64 / 1_048_576.0);
        };
        line(&format!("**{}**", table.whole.name), &table.rows.to_string(), table.whole.bytes);
        if table.apart > 0 {
            line("stored apart", "", table.apart);
        }
        for index in &table.indexes {
            line(&index.name, "", index.bytes);
        }
        if !table.indexes.is_empty() {
            line("with all that", "", table.all());
        }
        if ["engagement", "page_view", "lean.item"].contains(&table.whole.name.as_str()) {
            items.push(table);
        }
    }
    let (lean, own): (Vec<&Table>, Vec<&Table>) =
        items.into_iter().partition(|table| table.whole.name.starts_with("lean."));
    println!();
    for (name, part) in [("rapport", own), ("the lean floor", lean)] {
        let rows: i64 = part.iter().map(|table| table.rows).sum();
        if rows > 0 {
            let inside = name == "the lean floor";
            let of = |table: &&Table| table.whole.name.starts_with("lean.") == inside;
            let all: i64 = tables.iter().filter(of).map(Table::all).sum();
            let bytes: i64 = part.iter().map(|table| table.all()).sum();
            println!(
                "- {name}: {:.0} bytes an item with its indexes, {:.0} bytes an item with all tables",
                bytes as f64 / rows as f64,
                all as f64 / rows as f64
            );
        }
    }
    Ok(())
}

impl Table {
    fn all(&self) -> i64 {
        self.whole.bytes + self.apart + self.indexes.iter().map(|index| index.bytes).sum::<i64>()
    }
}

/// The largest first.
async fn tables(client: &Client) -> Result<Vec<Table>> {
    let found = client
        .query(
            "SELECT c.oid::regclass::text, c.oid, pg_relation_size(c.oid), \
             CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'r' AND n.nspname IN (current_schema(), 'lean') ORDER BY pg_total_relation_size(c.oid) DESC, 1",
            &[],
        )
        .await?;
    let mut tables = Vec::with_capacity(found.len());
    for row in found {
        let (name, table): (String, u32) = (row.try_get(0)?, row.try_get(1)?);
        let rows =
            client.query_one(&format!("SELECT COUNT(*) FROM {name}"), &[]).await?.try_get(0)?;
        let indexes = client
            .query(
                "SELECT c.relname, pg_relation_size(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                 WHERE i.indrelid = $1 ORDER BY 2 DESC, 1",
                &[&table],
            )
            .await?;
        let indexes = indexes
            .iter()
            .map(|row| Ok(Size { name: row.try_get(0)?, bytes: row.try_get(1)? }))
            .collect::<Result<_>>()?;
        let apart: i64 = row.try_get(3)?;
        // An empty table of long texts has the page of its index.
        let apart = if apart > 8_192 { apart } else { 0 };
        tables.push(Table { whole: Size { name, bytes: row.try_get(2)? }, rows, apart, indexes });
    }
    Ok(tables)
}
