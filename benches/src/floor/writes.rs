//! Writes: the same durable rows as rapport's, in as few round trips as PostgreSQL allows.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use rapport::domain::identifier::{Identifier, IdentifierRules, Parsed, parse};
use rapport::domain::model::customer::Counts;
use rapport::domain::text::{fold, fts_words, terms_of_identifier};
use rapport::entity::kinds::{HistoryKind, IdentityKind};
use rapport::ids::{Clock, Micros};
use serde::Deserialize;
use tokio_postgres::Row;

use crate::floor::json::{number, string};
use crate::floor::links;
use crate::floor::pages::Params;
use crate::floor::statements::Statements;

type Link = links::Link<Statements>;
type Links = links::Links<Statements>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identify {
    pub(super) email: String,
    pub(super) phone_number: String,
}

#[derive(Deserialize)]
pub struct Record {
    pub(super) inputs: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub(super) email: String,
    pub(super) source_id: String,
    pub(super) text: String,
}

pub(super) fn identifier(
    kind: IdentityKind,
    raw: &str,
    rules: &IdentifierRules,
) -> Result<Identifier> {
    match parse(kind, raw, None, rules) {
        Ok(Parsed::Identifier(found)) => Ok(found),
        Ok(Parsed::Ignored { reason }) => bail!("{reason}"),
        Ok(Parsed::Unreadable(error)) | Err(error) => bail!("{}", error.message),
    }
}

/// An email and a phone: one read of both when they are known, one transaction when both are new.
pub async fn identify(
    links: &Links,
    tenant: i64,
    clock: &Clock,
    rules: &IdentifierRules,
    asked: &Identify,
) -> Result<Vec<u8>> {
    let email = identifier(IdentityKind::Email, &asked.email, rules)?;
    let phone = identifier(IdentityKind::Phone, &asked.phone_number, rules)?;
    let Link { client, statements } = links.reader();
    let keys = [&email, &phone].map(|found| (found.namespace.as_str(), found.match_key.as_str()));
    let given: [Params<'_>; 3] = [
        &[&tenant, &keys[0].0, &keys[0].1],
        &[&tenant, &keys[1].0, &keys[1].1],
        &[&tenant, &keys[0].1],
    ];
    let (known_email, known_phone, contacts) = tokio::try_join!(
        client.query_opt(&statements.identify_lookup, given[0]),
        client.query_opt(&statements.identify_lookup, given[1]),
        client.query(&statements.identify_contacts, given[2]),
    )?;
    match (known_email, known_phone) {
        (Some(a), Some(b)) if a.try_get::<_, i64>(1)? == b.try_get::<_, i64>(1)? => {
            answer(a.try_get(1)?, &contacts)
        }
        (None, None) => {
            let home = links
                .write(async |link| create(link, tenant, clock, &[&email, &phone]).await)
                .await?;
            Ok(created(home, &email, &phone))
        }
        _ => bail!("the floor links nobody"),
    }
}

/// Somebody who was not there before.
pub(super) fn created(customer: i64, email: &Identifier, phone: &Identifier) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(b"{\"contact\":{\"primaryContactId\":");
    number(&mut out, customer);
    out.extend_from_slice(b",\"emails\":[");
    string(&mut out, &email.value);
    out.extend_from_slice(b"],\"phoneNumbers\":[");
    string(&mut out, &phone.value);
    out.extend_from_slice(b"],\"secondaryContactIds\":[]}}");
    out
}

/// A customer's contacts: number, email and phone at the start of each row.
pub(super) fn answer(customer: i64, contacts: &[Row]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(b"{\"contact\":{\"primaryContactId\":");
    number(&mut out, customer);
    for (name, column) in [("emails", 1), ("phoneNumbers", 2)] {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":[");
        let mut seen: Vec<&str> = Vec::new();
        for row in contacts {
            if let Some(value) = row.try_get::<_, Option<&str>>(column)?
                && !seen.contains(&value)
            {
                if !seen.is_empty() {
                    out.push(b',');
                }
                string(&mut out, value);
                seen.push(value);
            }
        }
        out.push(b']');
    }
    out.extend_from_slice(b",\"secondaryContactIds\":[");
    let others =
        contacts.iter().filter_map(|row| row.try_get::<_, i64>(0).ok()).filter(|n| *n != customer);
    for (n, contact) in others.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        number(&mut out, contact);
    }
    out.extend_from_slice(b"]}}");
    Ok(out)
}

async fn create(link: &Link, tenant: i64, clock: &Clock, given: &[&Identifier; 2]) -> Result<i64> {
    let Link { client, statements: s } = link;
    let home = clock.next_number().0;
    let now = clock.now().0;
    let ids: Vec<i64> = given.iter().map(|_| clock.next_id()).collect();
    let column = |of: fn(&Identifier) -> &str| -> Vec<&str> {
        given.iter().map(|found| of(found)).collect()
    };
    let (namespaces, keys, values) = (
        column(|found| &found.namespace),
        column(|found| &found.match_key),
        column(|found| &found.value),
    );
    let kinds: Vec<i16> = given.iter().map(|found| found.kind.number()).collect();
    let mut terms: Vec<(i16, String)> = given
        .iter()
        .flat_map(|found| terms_of_identifier(found))
        .map(|(field, term)| (field.number(), term))
        .collect();
    terms.sort();
    terms.dedup();
    let (fields, terms): (Vec<i16>, Vec<String>) = terms.into_iter().unzip();
    let doc = given.iter().fold(String::new(), |doc, found| doc + " " + &fold(&found.value));
    let nothing: Option<i16> = None;
    let (customers, positions, items) = (vec![home], vec![1i64], vec![None::<i64>]);
    let (created, none): (i16, Params<'_>) = (1, &[]);
    // Sent together; a pair that somebody else made meanwhile fails, and takes the rest with it.
    let rows: [Params<'_>; 8] = [
        &[&tenant, &home, &now, &ids, &namespaces, &keys, &kinds, &values],
        &[&tenant, &home, &now],
        &[&tenant, &home, &values[0], &values[1], &now],
        &[&tenant, &home, &now],
        &[&tenant, &ids[0], &ids[1], &now],
        &[&tenant, &home, &terms, &fields],
        &[&tenant, &home, &doc],
        &[&tenant, &created, &nothing, &now, &customers, &positions, &items],
    ];
    tokio::try_join!(
        client.execute(&s.begin, none),
        client.execute(&s.new_identities, rows[0]),
        client.execute(&s.new_customer, rows[1]),
        client.execute(&s.new_contact, rows[2]),
        client.execute(&s.new_head, rows[3]),
        client.execute(&s.new_evidence, rows[4]),
        client.execute(&s.new_terms, rows[5]),
        client.execute(&s.new_doc, rows[6]),
        client.execute(&s.add_changes, rows[7]),
        client.execute(&s.commit, none),
    )?;
    Ok(home)
}

struct Place {
    identity: i64,
    home: i64,
    survivor: i64,
}

/// Messages of known addresses: heads locked in one statement, then everything written in one round trip.
pub async fn record(links: &Links, tenant: i64, clock: &Clock, asked: &Record) -> Result<Vec<u8>> {
    let ids = links.write(async |link| add(link, tenant, clock, &asked.inputs).await).await?;
    Ok(recorded(ids))
}

pub(super) fn recorded(ids: Vec<i64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + ids.len() * 64);
    out.extend_from_slice(b"{\"data\":{\"recordEngagements\":{\"results\":[");
    for (n, id) in ids.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"duplicate\":false,\"item\":{\"id\":");
        crate::floor::json::id(&mut out, b'i', id);
        out.extend_from_slice(b"},\"userErrors\":[]}");
    }
    out.extend_from_slice(b"]}}}");
    out
}

async fn add(link: &Link, tenant: i64, clock: &Clock, inputs: &[Message]) -> Result<Vec<i64>> {
    let Link { client, statements: s } = link;
    let mut keys: Vec<&str> = inputs.iter().map(|input| input.email.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let none: Params<'_> = &[];
    let given: Params<'_> = &[&tenant, &keys];
    let (_, rows) =
        tokio::try_join!(client.execute(&s.begin, none), client.query(&s.lock_heads, given))?;
    let now = clock.now().0;
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
    let mut positions: BTreeMap<i64, i64> = BTreeMap::new();
    let mut unseen: Vec<i64> = Vec::new();
    for row in &rows {
        // As in rapport, a sighting is kept to the hour.
        if now - row.try_get::<_, i64>(6)? > 3_600_000_000 {
            unseen.push(row.try_get(1)?);
        }
        let place =
            Place { identity: row.try_get(1)?, home: row.try_get(2)?, survivor: row.try_get(4)? };
        counts.insert(place.home, Counts::parse(row.try_get(3)?)?);
        positions.insert(place.survivor, row.try_get(5)?);
        places.insert(row.try_get(0)?, place);
    }
    let (mut ids, mut homes, mut identities, mut source_ids, mut texts, mut words) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    let (mut customers, mut logged) = (vec![], vec![]);
    for input in inputs {
        let place = places.get(input.email.as_str()).context("the floor knows no such address")?;
        ids.push(clock.next_id());
        homes.push(place.home);
        identities.push(place.identity);
        source_ids.push(input.source_id.as_str());
        texts.push(input.text.as_str());
        words.push(fts_words(&input.text).join(" "));
        counts.entry(place.home).or_default().add(HistoryKind::Message, None, 1, Micros(now));
        let position = positions.entry(place.survivor).or_default();
        *position += 1;
        customers.push(place.survivor);
        logged.push(*position);
    }
    let mut heads: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    for (home, counts) in counts {
        heads.entry(home).or_default().1 = counts.to_json();
    }
    for (survivor, position) in positions {
        heads.entry(survivor).or_default().0 = position;
    }
    let numbers: Vec<i64> = heads.keys().copied().collect();
    let (places, books): (Vec<i64>, Vec<String>) = heads.into_values().unzip();
    let (added, message): (i16, Option<i16>) = (2, Some(1));
    let rows: [Params<'_>; 4] = [
        &[&tenant, &now, &ids, &homes, &identities, &source_ids, &texts, &words],
        &[&tenant, &now, &numbers, &places, &books],
        &[&tenant, &added, &message, &now, &customers, &logged, &ids],
        &[&tenant, &now, &unseen],
    ];
    let touch = async || {
        if unseen.is_empty() { Ok(0) } else { client.execute(&s.touch_identities, rows[3]).await }
    };
    tokio::try_join!(
        touch(),
        client.execute(&s.add_engagements, rows[0]),
        client.execute(&s.update_heads, rows[1]),
        client.execute(&s.add_changes, rows[2]),
        client.execute(&s.commit, none),
    )?;
    Ok(ids)
}
