//! What a merge of two customers with 100,000 events costs, and how many event rows it writes.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio_postgres::Client;

use crate::generate::{TENANT, sink::connect};
use crate::load::http::{Connection, Request};

pub struct Merge {
    pub milliseconds: f64,
    /// Event rows that are there in another version than before.
    pub moved: i64,
}

/// 50,000 events of a home, written by the store itself, with the counts that go with them.
async fn fill(client: &Client, tenant: i64, home: i64, first: i64) -> Result<()> {
    client
        .execute(
            "INSERT INTO engagement (tenant, id, home, occurred_at, recorded_at, kind, channel, direction, source, state_at, text, words) \
             SELECT $1, $3 + n, $2, 1793491200000000 - n * 1000000, 1793491200000000, 1, 4, 1, 'bench', 1793491200000000, 'merged words ' || n, \
             array_to_tsvector(ARRAY['merged', 'words']) FROM generate_series(1::bigint, 50000) AS n",
            &[&tenant, &home, &first],
        )
        .await?;
    let counts = "{\"1\":[50000,1793491199000000]}";
    client
        .execute("UPDATE customer_head SET counts = $3, last_seen = 1793491199000000, position = position + 50000, floor = position + 50000 WHERE tenant = $1 AND number = $2", &[&tenant, &home, &counts])
        .await?;
    Ok(())
}

/// Makes two such customers, joins them by one identify, and looks at the rows afterwards.
pub async fn merge(database_url: &str, address: &str, token: &str, run: &str) -> Result<Merge> {
    let client = connect(database_url).await?;
    let tenant: i64 =
        client.query_one("SELECT id FROM tenant WHERE name = $1", &[&TENANT]).await?.get(0);
    let mut connection = Connection::open(address).await?;
    let number: i64 = client
        .query_one("SELECT COALESCE(MAX(id), 0) FROM engagement WHERE tenant = $1", &[&tenant])
        .await?
        .get(0);
    let email = format!("merge.{run}@new.example");
    let phone = format!("+4916{:09}", u64::from_str_radix(run, 16).unwrap_or(0) % 1_000_000_000);
    let mut homes = Vec::new();
    for (n, body) in
        [json!({"email": email}), json!({"phoneNumber": phone})].into_iter().enumerate()
    {
        let home = identify(&mut connection, token, &body).await?;
        // Far from the numbers that the clock gives.
        fill(&client, tenant, home, number + 1_000_000 + n as i64 * 100_000).await?;
        homes.push(home);
    }
    let before: i64 = client.query_one("SELECT txid_current()", &[]).await?.get(0);
    let start = Instant::now();
    let survivor =
        identify(&mut connection, token, &json!({"email": email, "phoneNumber": phone})).await?;
    let milliseconds = start.elapsed().as_secs_f64() * 1_000.0;
    ensure!(survivor == homes[0], "the older one survives");
    let moved = client
        .query_one(
            "SELECT COUNT(*) FROM engagement WHERE tenant = $1 AND home = ANY ($2) AND kind <> 7 AND xmin::text::bigint > $3 % 4294967296",
            &[&tenant, &homes, &before],
        )
        .await?
        .get(0);
    let kept: i64 = client
        .query_one(
            "SELECT COUNT(*) FROM engagement WHERE tenant = $1 AND home = $2 AND kind <> 7",
            &[&tenant, &homes[1]],
        )
        .await?
        .get(0);
    ensure!(kept == 50_000, "{kept} events are where they were");
    // They would make the store another one for the next run.
    for text in [
        "DELETE FROM engagement WHERE tenant = $1 AND home = ANY ($2)",
        "UPDATE customer_head SET counts = '{}', list_seen = NULL WHERE tenant = $1 AND number = ANY ($2)",
    ] {
        client.execute(text, &[&tenant, &homes]).await?;
    }
    Ok(Merge { milliseconds, moved })
}

async fn identify(
    connection: &mut Connection,
    token: &str,
    body: &serde_json::Value,
) -> Result<i64> {
    let (status, body) =
        connection.ask(&Request::post("/identify", Some(token), &body.to_string())).await?;
    let answer: serde_json::Value = serde_json::from_slice(body)?;
    ensure!(status == 200, "{answer}");
    answer["contact"]["primaryContactId"].as_i64().context("no customer")
}
