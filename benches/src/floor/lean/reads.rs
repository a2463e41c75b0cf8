//! Reads: the page, the list, the search.

use anyhow::Result;
use rapport::domain::text::prefix_range;
use tokio_postgres::Row;

use crate::floor::json::{cursor, id, number, optional, string, time};
use crate::floor::lean::Links;
use crate::floor::links::Link;
use crate::floor::pages::{CALLS, Params, contact, head, key, separated};
use crate::floor::typed::Typed;

/// Profile, contacts and 50 items.
pub async fn page(links: &Links, tenant: i64, email: &str) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let given: Params<'_> = &[&tenant, &email];
    let (contacts, items) = tokio::try_join!(
        client.query(&statements.page_customer, given),
        client.query(&statements.page_items, given),
    )?;
    let Some(first) = contacts.first() else {
        return Ok(b"{\"data\":{\"customer\":null}}".to_vec());
    };
    let mut out = Vec::with_capacity(16 * 1024);
    out.extend_from_slice(b"{\"data\":{\"customer\":{\"id\":");
    id(&mut out, b'c', first.try_get(5)?);
    key(&mut out, "name");
    optional(&mut out, first.try_get(6)?);
    for (name, column) in [("primaryEmail", 1), ("primaryPhone", 2)] {
        key(&mut out, name);
        let first =
            contacts.iter().find_map(|row| row.try_get::<_, Option<&str>>(column).ok().flatten());
        optional(&mut out, first);
    }
    out.extend_from_slice(b",\"contacts\":[");
    separated(&mut out, &contacts, |out, row| {
        contact(out, row, 0)?;
        key(out, "createdAt");
        time(out, row.try_get(4)?);
        out.push(b'}');
        Ok(())
    })?;
    out.extend_from_slice(b"],\"history\":{\"edges\":[");
    separated(&mut out, &items, |out, row| {
        out.extend_from_slice(b"{\"cursor\":");
        cursor(out, row.try_get(2)?, row.try_get(1)?);
        key(out, "node");
        item(out, row)?;
        out.push(b'}');
        Ok(())
    })?;
    out.extend_from_slice(b"]}}}}");
    Ok(out)
}

fn item(out: &mut Vec<u8>, row: &Row) -> Result<()> {
    let kind = head(out, row, 0)?;
    key(out, "direction");
    let direction = row.try_get::<_, Option<i16>>(4)?;
    optional(out, direction.map(|n| if n == 1 { "INBOUND" } else { "OUTBOUND" }));
    let mut texts = |given: &[(&str, usize)]| -> Result<()> {
        for (name, column) in given {
            key(out, name);
            optional(out, row.try_get(*column)?);
        }
        Ok(())
    };
    match kind {
        1 => texts(&[("text", 10)])?,
        2 => {
            key(out, "callState");
            optional(out, row.try_get::<_, Option<i16>>(5)?.map(|n| CALLS[n as usize]));
            key(out, "durationSeconds");
            match row.try_get::<_, Option<i64>>(6)? {
                Some(seconds) => number(out, seconds),
                None => out.extend_from_slice(b"null"),
            }
        }
        3 => texts(&[("subject", 7)])?,
        4 => texts(&[("url", 9), ("category", 7), ("objectId", 8)])?,
        6 => texts(&[("recordType", 7), ("recordId", 8)])?,
        _ => {}
    }
    out.push(b'}');
    Ok(())
}

/// The rows of each customer, which stand together.
fn by_customer(rows: &[Row], column: usize) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(move |a, b| a.get::<_, i64>(column) == b.get::<_, i64>(column))
}

/// The latest 20 customers with their contacts and five items each.
pub async fn list(links: &Links, tenant: i64) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let given: Params<'_> = &[&tenant];
    let (contacts, items) = tokio::try_join!(
        client.query(&statements.list_customers, given),
        client.query(&statements.list_items, given),
    )?;
    let mut out = Vec::with_capacity(32 * 1024);
    out.extend_from_slice(
        b"{\"data\":{\"customers\":{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":",
    );
    cursor(&mut out, tenant, contacts.last().map_or(Ok(0), |row| row.try_get(5))?);
    out.extend_from_slice(b"},\"nodes\":[");
    separated(&mut out, by_customer(&contacts, 5), |out, contacts| {
        let customer: i64 = contacts[0].try_get(5)?;
        out.extend_from_slice(b"{\"id\":");
        id(out, b'c', customer);
        key(out, "name");
        optional(out, contacts[0].try_get(6)?);
        out.extend_from_slice(b",\"contacts\":[");
        separated(out, contacts, |out, row| {
            contact(out, row, 0)?;
            out.push(b'}');
            Ok(())
        })?;
        out.extend_from_slice(b"],\"history\":{\"nodes\":[");
        let of = items.iter().filter(|row| row.get::<_, i64>(5) == customer);
        separated(out, of, |out, row| {
            head(out, row, 0)?;
            key(out, "summary");
            // One plain line of it.
            let line: &str = row.try_get::<_, Option<&str>>(4)?.unwrap_or("");
            string(out, &line[..line.floor_char_boundary(100)]);
            out.push(b'}');
            Ok(())
        })?;
        out.extend_from_slice(b"]}}");
        Ok(())
    })?;
    out.extend_from_slice(b"]}}}");
    Ok(out)
}

/// Twenty people of a bare range of the tokens, in no order.
pub async fn search(links: &Links, tenant: i64, typed: &str) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let rows = match Typed::read(typed) {
        Typed::Number { begins, ends } => {
            let ends = [ends.0, ends.1].map(|end| format!("<{end}"));
            let given: Params<'_> = &[&tenant, &begins.0, &begins.1, &ends[0], &ends[1]];
            client.query(&statements.search_number, given).await?
        }
        Typed::Words(words) => {
            let (lower, upper) = prefix_range(&words);
            client.query(&statements.search, &[&tenant, &lower, &upper]).await?
        }
    };
    let mut out = Vec::with_capacity(4 * 1024);
    out.extend_from_slice(b"{\"data\":{\"search\":{\"nodes\":[");
    separated(&mut out, by_customer(&rows, 0), |out, contacts| {
        out.extend_from_slice(b"{\"customer\":{\"id\":");
        id(out, b'c', contacts[0].try_get(0)?);
        key(out, "name");
        optional(out, contacts[0].try_get(1)?);
        for (name, column) in [("emails", 2), ("phones", 3)] {
            key(out, name);
            out.push(b'[');
            let values = contacts.iter().filter_map(|row| row.get::<_, Option<&str>>(column));
            separated(out, values, |out, value| {
                string(out, value);
                Ok(())
            })?;
            out.push(b']');
        }
        out.extend_from_slice(b"}}");
        Ok(())
    })?;
    out.extend_from_slice(b"]}}}");
    Ok(out)
}
