//! Reads: the page, the list, the search.

use anyhow::Result;
use rapport::domain::model::customer::Counts;
use serde::Deserialize;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::floor::json::{cursor, id, number, optional, string, time};
use crate::floor::links::{self, Link};
use crate::floor::statements::Statements;
use crate::floor::typed::Typed;

pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];
type Links = links::Links<Statements>;

pub(super) const KINDS: [(&str, &str); 8] = [
    ("", ""),
    ("Message", "MESSAGE"),
    ("Call", "CALL"),
    ("Email", "EMAIL"),
    ("PageView", "PAGE_VIEW"),
    ("Note", "NOTE"),
    ("RecordEvent", "RECORD"),
    ("IdentityEvent", "IDENTITY"),
];
pub(super) const CHANNELS: [&str; 13] = [
    "",
    "WEB",
    "APP",
    "SMS",
    "WHATSAPP",
    "EMAIL",
    "VOICE",
    "FACEBOOK",
    "INSTAGRAM",
    "TELEGRAM",
    "TWITTER",
    "FIELD",
    "INTERNAL",
];
pub(super) const CALLS: [&str; 7] =
    ["", "RINGING", "IN_PROGRESS", "COMPLETED", "MISSED", "DECLINED", "FAILED"];

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    subject: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    record_id: Option<std::borrow::Cow<'a, str>>,
}

pub(super) fn key(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// What every item has; `at` is where its columns begin.
pub(super) fn head(out: &mut Vec<u8>, row: &Row, at: usize) -> Result<i16> {
    let kind: i16 = row.try_get(at)?;
    let (name, constant) = KINDS[kind as usize];
    out.extend_from_slice(b"{\"__typename\":\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\",\"id\":");
    id(out, b'i', row.try_get(at + 1)?);
    out.extend_from_slice(b",\"kind\":\"");
    out.extend_from_slice(constant.as_bytes());
    out.extend_from_slice(b"\",\"occurredAt\":");
    time(out, row.try_get(at + 2)?);
    key(out, "channel");
    string(out, CHANNELS[row.try_get::<_, i16>(at + 3)? as usize]);
    Ok(kind)
}

fn item(out: &mut Vec<u8>, row: &Row) -> Result<()> {
    let kind = head(out, row, 0)?;
    key(out, "direction");
    optional(
        out,
        row.try_get::<_, Option<i16>>(4)?.map(|n| if n == 1 { "INBOUND" } else { "OUTBOUND" }),
    );
    let text = |n: usize| row.try_get::<_, Option<&str>>(n);
    let data =
        || -> Result<Option<Data<'_>>> { Ok(text(9)?.map(serde_json::from_str).transpose()?) };
    match kind {
        1 => {
            key(out, "text");
            optional(out, text(8)?);
        }
        2 => {
            key(out, "callState");
            optional(out, row.try_get::<_, Option<i16>>(5)?.map(|n| CALLS[n as usize]));
            key(out, "durationSeconds");
            match row.try_get::<_, Option<i64>>(6)? {
                Some(seconds) => number(out, seconds),
                None => out.extend_from_slice(b"null"),
            }
        }
        3 => {
            key(out, "subject");
            optional(out, data()?.and_then(|data| data.subject).as_deref());
        }
        4 => {
            for (name, column) in [("url", 9), ("category", 7), ("objectId", 8)] {
                key(out, name);
                optional(out, text(column)?);
            }
        }
        6 => {
            key(out, "recordType");
            optional(out, text(7)?);
            key(out, "recordId");
            optional(out, data()?.and_then(|data| data.record_id).as_deref());
        }
        _ => {}
    }
    out.push(b'}');
    Ok(())
}

pub(super) fn contact(out: &mut Vec<u8>, row: &Row, at: usize) -> Result<()> {
    out.extend_from_slice(b"{\"contactId\":");
    number(out, row.try_get(at)?);
    key(out, "email");
    optional(out, row.try_get(at + 1)?);
    key(out, "phoneNumber");
    optional(out, row.try_get(at + 2)?);
    key(out, "linkPrecedence");
    string(out, if row.try_get::<_, i16>(at + 3)? == 1 { "PRIMARY" } else { "SECONDARY" });
    Ok(())
}

pub(super) fn separated<T>(
    out: &mut Vec<u8>,
    of: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T) -> Result<()>,
) -> Result<()> {
    for (n, one) in of.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write(out, one)?;
    }
    Ok(())
}

/// Profile, contacts, 50 items and counts.
pub async fn page(links: &Links, tenant: i64, email: &str) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let given: Params<'_> = &[&tenant, &email];
    let (profile, contacts, mut items) = tokio::try_join!(
        client.query_opt(&statements.page_profile, given),
        client.query(&statements.page_contacts, given),
        client.query(&statements.page_history, given),
    )?;
    let mut out = Vec::with_capacity(16 * 1024);
    let Some(profile) = profile else { return Ok(b"{\"data\":{\"customer\":null}}".to_vec()) };
    let customer: i64 = profile.try_get(0)?;
    let mut counts = Counts::parse(profile.try_get(1)?)?;
    if profile.try_get::<_, i64>(3)? > 0 {
        items = client.query(&statements.group_history, &[&tenant, &customer]).await?;
        let merged = client
            .query(
                "SELECT counts FROM customer_head WHERE tenant = $1 AND merged_into = $2",
                &[&tenant, &customer],
            )
            .await?;
        for row in merged {
            counts.merge(&Counts::parse(row.try_get(0)?)?);
        }
    }
    out.extend_from_slice(b"{\"data\":{\"customer\":{\"id\":");
    id(&mut out, b'c', customer);
    key(&mut out, "name");
    optional(&mut out, profile.try_get(2)?);
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
    out.extend_from_slice(b"],\"stats\":{\"total\":");
    number(&mut out, counts.total());
    out.extend_from_slice(b",\"byKind\":[");
    separated(&mut out, &counts.0, |out, ((kind, _), (count, _))| {
        out.extend_from_slice(b"{\"kind\":");
        string(out, KINDS[kind.number() as usize].1);
        key(out, "count");
        number(out, *count);
        out.push(b'}');
        Ok(())
    })?;
    out.extend_from_slice(b"]},\"history\":{\"edges\":[");
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

/// The latest 20 customers with their contacts and five items each.
pub async fn list(links: &Links, tenant: i64) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let given: Params<'_> = &[&tenant];
    let (customers, contacts, items) = tokio::try_join!(
        client.query(&statements.list_customers, given),
        client.query(&statements.list_contacts, given),
        client.query(&statements.list_history, given),
    )?;
    let mut out = Vec::with_capacity(32 * 1024);
    out.extend_from_slice(
        b"{\"data\":{\"customers\":{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":",
    );
    cursor(&mut out, tenant, customers.last().map_or(Ok(0), |row| row.try_get(0))?);
    out.extend_from_slice(b"},\"nodes\":[");
    separated(&mut out, &customers, |out, row| {
        let customer: i64 = row.try_get(0)?;
        let of = |rows: &[Row], n: usize| rows[n].get::<_, i64>(0) == customer;
        out.extend_from_slice(b"{\"id\":");
        id(out, b'c', customer);
        key(out, "name");
        optional(out, row.try_get(1)?);
        out.extend_from_slice(b",\"contacts\":[");
        separated(out, (0..contacts.len()).filter(|n| of(&contacts, *n)), |out, n| {
            contact(out, &contacts[n], 1)?;
            out.push(b'}');
            Ok(())
        })?;
        out.extend_from_slice(b"],\"history\":{\"nodes\":[");
        separated(out, (0..items.len()).filter(|n| of(&items, *n)), |out, n| {
            let row = &items[n];
            let kind = head(out, row, 1)?;
            key(out, "summary");
            // One plain line of it.
            let line: &str =
                row.try_get::<_, Option<&str>>(if kind == 4 { 10 } else { 9 })?.unwrap_or("");
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

/// A bare range of the inverted index, with the names of whom it finds. Of several words it looks for the longest.
pub async fn search(links: &Links, tenant: i64, typed: &str) -> Result<Vec<u8>> {
    let Link { client, statements } = links.reader();
    let rows = match Typed::read(typed) {
        Typed::Number { begins, ends } => {
            // Numbers stand under marks of their own.
            let [begins, begun] = [&begins.0, &begins.1].map(|digits| format!(">{digits}"));
            let [ends, ended] = [&ends.0, &ends.1].map(|digits| format!("<{digits}"));
            let given: Params<'_> = &[&tenant, &begins, &begun, &ends, &ended];
            client.query(&statements.search_number, given).await?
        }
        Typed::Words(words) => {
            let longest = words.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
            let (lower, upper) = rapport::domain::text::prefix_range(&longest.replace('\'', ""));
            client.query(&statements.search, &[&tenant, &lower, &upper]).await?
        }
    };
    let mut out = Vec::with_capacity(4 * 1024);
    out.extend_from_slice(b"{\"data\":{\"search\":{\"nodes\":[");
    separated(&mut out, &rows, |out, row| {
        out.extend_from_slice(b"{\"score\":1.0,\"customer\":{\"id\":");
        id(out, b'c', row.try_get(0)?);
        key(out, "name");
        optional(out, row.try_get(1)?);
        out.extend_from_slice(b"}}");
        Ok(())
    })?;
    out.extend_from_slice(b"]}}}");
    Ok(out)
}
