//! What follows from the rows that are there: the terms with the ages of their people, and the cards of people.

use anyhow::Result;
use rapport::domain::text::age_sql;
use rapport_migrations::{PERSON_CARDS_POSTGRES, PERSON_CARDS_SQLITE};

use crate::generate::people::TERMS;
use crate::generate::sink::{Filling, Sink};

/// Where terms wait.
pub async fn begin(filling: &Filling) -> Result<()> {
    let columns = "tenant BIGINT, term TEXT, field SMALLINT, home BIGINT";
    filling.run(&format!("CREATE TABLE {TERMS} ({columns})")).await
}

/// The terms, each with its person and the three hours in which that one was seen last.
pub async fn write_terms(filling: &Filling) -> Result<()> {
    if filling.is_postgres() {
        filling.run("ANALYZE customer, customer_head, contact, identity").await?;
    }
    let age = age_sql("s.list_seen");
    filling
        .run(&format!(
            "INSERT INTO search_term (tenant, home, person, age, field, term) \
             SELECT t.tenant, t.home, s.number, {age}, t.field, t.term FROM {TERMS} t \
             JOIN customer_head h ON h.tenant = t.tenant AND h.number = t.home \
             JOIN customer_head s ON s.tenant = h.tenant AND s.number = COALESCE(h.merged_into, h.number) \
             ORDER BY t.tenant, t.home"
        ))
        .await?;
    filling.run(&format!("DROP TABLE {TERMS}")).await
}

/// The cards of all who were never merged.
pub async fn write_cards(filling: &Filling) -> Result<()> {
    let text = if filling.is_postgres() { PERSON_CARDS_POSTGRES } else { PERSON_CARDS_SQLITE };
    let (_, text) = text.split_once(':').unwrap_or(("", text));
    filling.run(text).await
}

pub async fn close(sinks: Vec<Sink>) -> Result<()> {
    for sink in sinks {
        sink.close().await?;
    }
    Ok(())
}
